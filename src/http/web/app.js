// Brings the served page to life: the reader's own time zone, charts that answer, news as it comes. Everything works without it.
import { addKeys } from './keys.js';
import { keepFresh, refresh } from './live.js';
import { addSorting } from './sort.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dated = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

const isWall = document.body.classList.contains('wall');
const wall = isWall ? await import('./wall.js') : null;
/** The charts of the page; fetched only where there is one. */
const charts = document.querySelector('figure.chart') ? import('./chart.js') : null;

/** Shows times in the reader's zone (UTC stays on hover) and numbers in the reader's way; makes what needs a script usable. */
function prepare(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    time.textContent = (time.dataset.style === 'day' ? dated : clock).format(new Date(time.dateTime));
  }
  for (const data of root.querySelectorAll('data[value]')) {
    data.textContent = (data.dataset.style === 'percent' ? percent : number).format(Number(data.value));
  }
  for (const button of root.querySelectorAll('[data-print], [data-png]')) button.hidden = false;
  if (navigator.clipboard) for (const button of root.querySelectorAll('[data-copy]')) button.hidden = false;
  addSorting(root);
  wall?.arrange(root);
}

async function copy(button) {
  const label = button.textContent;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  button.textContent = 'Copied';
  setTimeout(() => {
    button.textContent = label;
  }, 2000);
}

document.addEventListener('click', async (event) => {
  const target = event.target.closest?.('button, a');
  if (target?.dataset.print !== undefined) print();
  else if (target?.dataset.copy) copy(target);
  else if (target?.dataset.png !== undefined) {
    const figure = document.getElementById(target.dataset.png) ?? target.closest('figure');
    (await import('./picture.js')).savePicture(figure);
  } else if (charts && target?.closest('.zoom') && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    // Another stretch of time, on the page as it stands.
    event.preventDefault();
    refresh(target.href);
  }
});
// The library that finds while one types comes when somebody is about to.
document.getElementById('q')?.addEventListener('focus', async () => (await import('./find.js')).addFind(), {
  once: true,
});

prepare(document.body);
const zone = document.getElementById('zone');
if (zone) zone.textContent = `the zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
charts?.then(({ drawCharts }) => drawCharts(refresh));
addKeys();
keepFresh({ prepare, charts, settle: () => wall?.arrange(document) });
