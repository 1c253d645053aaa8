// Brings the served page to life: the reader's own time zone, charts that answer, news as it comes. Everything works without it.
import { addKeys } from './keys.js';
import { addSorting } from './sort.js';
import { addWall } from './wall.js';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dated = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Draws the charts of the page; the library for it is fetched only where there is one. */
async function drawCharts() {
  if (document.querySelector('figure.chart')) await (await import('./chart.js')).drawCharts();
}

/** Shows times in the reader's zone (UTC stays on hover) and numbers in the reader's way; makes tables sortable. */
function localise(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    time.textContent = (time.dataset.style === 'day' ? dated : clock).format(new Date(time.dateTime));
  }
  for (const data of root.querySelectorAll('data[value]')) data.textContent = number.format(Number(data.value));
  addSorting(root);
}

/** What the reader opened stays open. */
function keepOpen(stale, fresh) {
  const known = stale.querySelectorAll('details');
  for (const [i, details] of fresh.querySelectorAll('details').entries()) details.open = known[i]?.open ?? false;
}

/** Puts in what is new of a freshly served page; what is unchanged stays untouched, with its focus and open details. */
function renew(next) {
  localise(next.body);
  document.title = next.title;
  for (const fresh of next.querySelectorAll('[data-live], #sight')) {
    const stale = document.getElementById(fresh.id);
    if (!stale) continue;
    keepOpen(stale, fresh);
    if (stale.isEqualNode(fresh)) continue;
    // A reader who is choosing is not interrupted.
    if (stale.querySelector('select:focus')) continue;
    const scrolled = Array.from(stale.querySelectorAll('.scroll'), (box) => box.scrollTop);
    const known = new Set(Array.from(stale.querySelectorAll('.card'), (card) => card.id));
    const focused = document.activeElement?.closest?.('[data-live] a')?.getAttribute('href');
    stale.replaceWith(document.adoptNode(fresh));
    for (const [i, box] of fresh.querySelectorAll('.scroll').entries()) box.scrollTop = scrolled[i] ?? 0;
    for (const card of fresh.querySelectorAll('.card'))
      if (known.size > 0 && !known.has(card.id)) card.classList.add('fresh');
    if (focused)
      for (const link of fresh.querySelectorAll('a'))
        if (link.getAttribute('href') === focused) link.focus({ preventScroll: true });
  }
}

let _waiting = null;
let running = false;

/** Fetches the page anew and puts in what changed. */
async function refresh() {
  if (running || document.hidden) return;
  running = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-cache' });
    if (answer.ok) renew(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    await drawCharts();
    document.body.classList.remove('offline');
  } catch {
    // The server is away: the page says so, and the next try comes by itself.
    document.body.classList.add('offline');
    const sight = document.getElementById('sight');
    if (sight && !sight.classList.contains('blind')) {
      sight.className = 'sight blind';
      sight.textContent = 'No contact with Outcry. What you see is no longer fresh; trying again.';
    }
  }
  running = false;
}

/** Refreshes soon, once for many changes. */
function soon() {
  _waiting ??= setTimeout(() => {
    _waiting = null;
    refresh();
  }, 300);
}

function listen() {
  const stream = new EventSource('/api/v1/stream');
  for (const name of ['incident', 'spike', 'tick']) stream.addEventListener(name, soon);
  stream.addEventListener('open', () => document.body.classList.contains('offline') && soon());
}

/** Buttons that copy the text of an element, print the page or save a chart; they show only where they can work. */
function addTools() {
  for (const button of document.querySelectorAll('button[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }
  for (const button of document.querySelectorAll('button[data-png]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const figure = document.getElementById(button.dataset.png) ?? button.closest('figure');
      await (await import('./picture.js')).savePicture(figure);
    });
  }
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('button[data-copy]')) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = label;
      }, 2000);
    });
  }
}

localise(document.body);
const zone = document.getElementById('zone');
if (zone) zone.textContent = `the zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
drawCharts();
addTools();
addWall();
addKeys();
if (document.querySelector('[data-live]')) {
  listen();
  setInterval(refresh, 30_000);
  document.addEventListener('visibilitychange', soon);
}
