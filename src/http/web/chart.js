// Turns the drawn charts into ones that can be pointed at and zoomed; their numbers come from the API.
import uPlot from './uplot/uPlot.esm.js';

/** Figure -> its chart and the window it shows. */
const charts = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const hourMs = 3_600_000;
const yearMs = 366 * 24 * hourMs;
const dashes = [[], [9, 4], [2, 4], [12, 4, 2, 4]];

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const told = (n) => (n === null || n === undefined ? '–' : number.format(n));

const heightOf = (plot) => (plot.clientWidth < 560 ? 240 : 320);

/** Columns of one line: low, high, expected and observed; of several: observed of each. */
function columnsOf(answers) {
  const times = answers[0].steps.map((s) => Date.parse(s.t) / 1000);
  if (answers.length > 1) return [times, ...answers.map((a) => a.steps.map((s) => s.observed))];
  const [{ steps }] = answers;
  return [times, ...['low', 'high', 'expected', 'observed'].map((name) => steps.map((s) => s[name]))];
}

/** Shades incidents and the times in which nobody looked, behind the lines. */
function backdrop(entry) {
  return {
    hooks: {
      drawClear: (u) => {
        const { ctx, bbox } = u;
        const fill = (from, to, style) => {
          const left = Math.max(u.valToPos(from, 'x', true), bbox.left);
          const right = Math.min(u.valToPos(to, 'x', true), bbox.left + bbox.width);
          if (right <= left) return;
          ctx.fillStyle = style;
          ctx.fillRect(left, bbox.top, right - left, bbox.height);
        };
        ctx.save();
        const [shade, gap] = [colour('--shade'), colour('--gap')];
        if (entry.lines.length === 1) for (const s of entry.shades) fill(s.from / 1000, s.to / 1000, shade);
        const times = u.data[0];
        const observed = u.data.at(-1);
        const half = entry.stepS / 2;
        for (let i = 0; i < times.length; i++) {
          if (observed[i] !== null) continue;
          const first = i;
          while (observed[i + 1] === null) i++;
          fill(times[first] - half, times[i] + half, gap);
        }
        ctx.restore();
      },
    },
  };
}

/** Marks of time in the reader's way: hours within a day, dates between days. */
function marks(_u, splits, _axis, _space, stepS) {
  return splits.map((s) => {
    const t = new Date(s * 1000);
    if (stepS >= 86_400 || (t.getHours() === 0 && t.getMinutes() === 0)) return date.format(t);
    return clock.format(t);
  });
}

function seriesOf(entry) {
  const edge = () => ({ stroke: 'transparent', width: 0, points: { show: false } });
  if (entry.lines.length > 1) {
    return entry.lines.map((_, i) => ({
      stroke: colour(`--l${i}`),
      width: 2,
      dash: dashes[i],
      points: { show: false },
    }));
  }
  return [
    edge(),
    edge(),
    { stroke: colour('--expected'), width: 1.5, dash: [5, 4], points: { show: false } },
    { stroke: colour('--observed'), fill: colour('--area'), width: 2, points: { show: false } },
  ];
}

/** What stands under the pointer, in words; the newest step until somebody points. */
function readOut(entry, idx) {
  const { data } = entry.chart;
  const i = idx ?? data[0].length - 1;
  const at = moment.format(new Date(data[0][i] * 1000));
  const words =
    entry.lines.length > 1
      ? entry.lines.map((l, k) => `${l.name} ${told(data[k + 1][i])}`).join(', ')
      : data[4][i] === null
        ? 'nobody looked'
        : `${told(data[4][i])} reported, ${told(data[3][i])} expected (${told(data[1][i])} to ${told(data[2][i])})`;
  entry.readout.textContent = `${at}: ${words}`;
}

function optionsFor(entry) {
  const line = colour('--line');
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1, size: 5 },
    font: '12px system-ui, sans-serif',
    space: 72,
  };
  return {
    width: entry.plot.clientWidth,
    height: heightOf(entry.plot),
    plugins: [backdrop(entry)],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: { y: { range: (_u, _min, max) => [0, Math.max(4, max * 1.08)] } },
    axes: [
      { ...axis, values: marks },
      { ...axis, size: 46, space: 44, values: (_u, splits) => splits.map(told) },
    ],
    series: [{}, ...seriesOf(entry)],
    bands: entry.lines.length === 1 ? [{ series: [2, 1], fill: colour('--band') }] : [],
    hooks: {
      setCursor: [(u) => readOut(entry, u.cursor.idx)],
      setSelect: [(u) => choose(entry, u)],
    },
  };
}

/** Numbers of a window; without an interval the server takes the one that fits. */
async function read(entry, { since, until, interval }) {
  const answers = await Promise.all(
    entry.lines.map(async ({ service, region }) => {
      const query = new URLSearchParams({ service, region, since });
      if (until) query.set('until', until);
      if (interval) query.set('interval', interval);
      const answer = await fetch(`/api/v1/series?${query}`);
      if (!answer.ok) throw new Error(`series: ${answer.status}`);
      return answer.json();
    }),
  );
  entry.stepS = answers[0].intervalMs / 1000;
  return columnsOf(answers);
}

/** Shows another window; the address of the page tells it, so that it can be shared. */
async function show(entry, window) {
  const data = await read(entry, window);
  if (data[0].length < 2) return;
  entry.window = window;
  entry.chart.setData(data);
  readOut(entry);
  const address = new URL(location.href);
  for (const key of ['since', 'until']) address.searchParams.delete(key);
  if (window !== entry.whole) {
    address.searchParams.set('since', window.since);
    address.searchParams.set('until', window.until);
  }
  history.replaceState(null, '', address);
  entry.back.hidden = window === entry.whole;
}

/** Takes what the reader dragged over as the next window: an hour at least, a year at most. */
function choose(entry, u) {
  const { left, width } = u.select;
  if (width < 6) return;
  const at = (x) => u.posToVal(x, 'x') * 1000;
  const [from, to] = [at(left), at(left + width)];
  const spare = Math.max(0, hourMs - (to - from)) / 2;
  u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  const since = new Date(Math.max(from - spare, to - yearMs)).toISOString();
  show(entry, { since, until: new Date(to + spare).toISOString() });
}

async function draw(figure) {
  const known = charts.get(figure);
  if (known) {
    // A stretch that lies behind does not change; what goes on with the time does. One that is being made is new.
    if (!known.chart || known.window.until) return;
    known.chart.setData(await read(known, known.window));
    readOut(known);
    return;
  }
  const plot = figure.querySelector('.plot');
  const { since, until, interval } = figure.dataset;
  const entry = {
    figure,
    plot,
    lines: JSON.parse(figure.dataset.lines),
    shades: JSON.parse(figure.dataset.shades),
    readout: figure.querySelector('.readout'),
    back: figure.querySelector('[data-whole]'),
    window: { since, until, interval },
    stepS: 0,
  };
  charts.set(figure, entry);
  // A page that was opened at a stretch of its time goes back to the page without one.
  const zoomed = new URLSearchParams(location.search).has('since');
  entry.whole = zoomed ? null : entry.window;
  const data = await read(entry, entry.window).catch(() => null);
  if (!data || data[0].length < 2) return charts.delete(figure);
  const drawn = plot.querySelector('svg');
  entry.chart = new uPlot(optionsFor(entry), data, plot);
  entry.chart.over.addEventListener('mouseleave', () => readOut(entry));
  entry.chart.over.addEventListener('dblclick', () => entry.whole && show(entry, entry.whole));
  entry.chart.root.setAttribute('role', 'img');
  entry.chart.root.setAttribute('aria-label', figure.dataset.title);
  drawn?.remove();
  entry.readout.hidden = false;
  figure.querySelector('.hint-zoom').hidden = false;
  readOut(entry);
  entry.back.hidden = !zoomed;
  entry.back.addEventListener('click', () => {
    if (entry.whole) return show(entry, entry.whole);
    const address = new URL(location.href);
    for (const key of ['since', 'until']) address.searchParams.delete(key);
    location.assign(address);
  });
  new ResizeObserver(() => {
    const size = { width: plot.clientWidth, height: heightOf(plot) };
    if (size.width !== entry.chart.width || size.height !== entry.chart.height) entry.chart.setSize(size);
  }).observe(plot);
}

/** Draws every chart of the page, or brings new numbers into those that stand. */
export async function drawCharts() {
  await Promise.all(Array.from(document.querySelectorAll('figure.chart'), draw));
}

/** The canvas of a drawn chart, or null. */
export function canvasOf(figure) {
  return charts.get(figure)?.chart?.ctx.canvas ?? null;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const entry of charts.values()) {
    if (!entry.chart) continue;
    const { data } = entry.chart;
    entry.chart.destroy();
    entry.chart = new uPlot(optionsFor(entry), data, entry.plot);
  }
});
