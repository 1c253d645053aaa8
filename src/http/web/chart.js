// Turns the drawn charts into ones that can be pointed at and zoomed; their numbers come from their tables.
import { drawnOf, optionsFor, readColours, told } from './chart-look.js';
import uPlot from './uplot/uPlot.esm.js';

/** Name of a figure -> its chart. */
const charts = new Map();
const hourMs = 3_600_000;
const yearMs = 366 * 24 * hourMs;

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Shows a page at another address, without leaving this one. */
let go = () => {};

/** A number of a table, or null where it has none. */
function numberIn(cell) {
  const value = Number.parseFloat(cell.dataset.value ?? cell.textContent);
  return Number.isNaN(value) ? null : value;
}

/** Takes in what a figure tells: its lines, its steps and their numbers. */
function take(entry, figure) {
  const { dataset } = figure;
  const stepS = Number(dataset.step) / 1000;
  const first = Number(dataset.first) / 1000;
  const rows = Array.from(figure.querySelector('tbody').rows);
  const lines = JSON.parse(dataset.lines);
  // Low, high, expected and observed of one line; observed of each where there are several.
  const columns = lines.length > 1 ? lines.map((_, i) => i + 1) : [3, 4, 2, 1];
  const values = columns.map((column) => rows.map((row) => numberIn(row.cells[column])));
  const starts = rows.map((_, i) => first + i * stepS);
  const end = first + rows.length * stepS;
  Object.assign(entry, { figure, plot: figure.querySelector('.plot'), lines, stepS, first, end, starts, values });
  entry.shades = JSON.parse(dataset.shades);
  entry.readout = figure.querySelector('.readout');
  entry.inPart = rows.length > 1 && end > Number(dataset.known) / 1000;
  entry.observed = lines.length > 1 ? values : [values[3]];
  entry.most = Math.max(4, ...values.flat());
}

/** What stands under the pointer, in words; the newest step until somebody points. */
function readOut(entry, idx) {
  const i = idx ?? entry.starts.length - 1;
  const at = moment.format(new Date(entry.starts[i] * 1000));
  const sofar = entry.inPart && i === entry.starts.length - 1 ? ' so far' : '';
  const [low, high, expected, observed] = entry.values.map((column) => column[i]);
  const usual =
    expected === null ? 'what is usual is not known' : `${told(expected)} expected (${told(low)} to ${told(high)})`;
  const words =
    entry.lines.length > 1
      ? entry.lines.map((name, k) => `${name} ${told(entry.values[k][i])}`).join(', ') + sofar
      : observed === null
        ? 'nobody looked'
        : `${told(observed)} reported${sofar}, ${usual}`;
  entry.readout.textContent = `${at}: ${words}`;
}

/** Takes what the reader dragged over as the next window: an hour at least, a year at most. */
function choose(u) {
  const { left, width } = u.select;
  if (width < 6) return;
  const at = (x) => u.posToVal(x, 'x') * 1000;
  const [from, to] = [at(left), at(left + width)];
  const spare = Math.max(0, hourMs - (to - from)) / 2;
  u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  const address = new URL(location.href);
  address.searchParams.set('since', new Date(Math.max(from - spare, to - yearMs)).toISOString());
  address.searchParams.set('until', new Date(to + spare).toISOString());
  go(address.href);
}

/** Draws over the picture that the server drew, which stays for paper. */
function draw(entry) {
  entry.colours = readColours();
  entry.chart = new uPlot(
    optionsFor(entry, { setCursor: (u) => readOut(entry, u.cursor.idx), setSelect: choose }),
    drawnOf(entry),
    entry.plot,
  );
  const { over, root } = entry.chart;
  over.addEventListener('mouseleave', () => readOut(entry));
  over.addEventListener('mousedown', () => {
    entry.held = true;
    addEventListener('mouseup', () => (entry.held = false), { once: true });
  });
  root.setAttribute('role', 'img');
  live(entry);
}

const resized = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const entry = charts.get(target.closest('figure').id);
    const size = { width: target.clientWidth, height: target.clientHeight };
    if (entry?.plot === target && (size.width !== entry.chart.width || size.height !== entry.chart.height))
      entry.chart.setSize(size);
  }
});

/** What a figure with a live chart shows besides it. */
function live(entry) {
  const { figure, plot, chart } = entry;
  chart.root.setAttribute('aria-label', figure.dataset.title);
  plot.classList.add('live');
  entry.readout.hidden = false;
  for (const hint of figure.querySelectorAll('.hint-zoom')) hint.hidden = false;
  readOut(entry);
  resized.observe(plot);
  figure.querySelector('details').addEventListener('toggle', () => localise(figure));
  localise(figure);
}

/** Writes the numbers of an open table in the reader's way. */
function localise(figure) {
  if (!figure.querySelector('details').open) return;
  for (const cell of figure.querySelectorAll('td:not([data-value])')) {
    cell.dataset.value = cell.textContent;
    const value = numberIn(cell);
    if (value !== null) cell.textContent = told(value);
  }
}

/** Draws every chart of the page. @param show goes to a page at another address in place. */
export function drawCharts(show) {
  go = show;
  for (const figure of document.querySelectorAll('figure.chart')) {
    const entry = {};
    take(entry, figure);
    if (entry.starts.length < 2) continue;
    charts.set(figure.id, entry);
    draw(entry);
  }
}

/**
 * Moves the charts of a part of the page into the fresh part that takes its place, with its numbers.
 * @returns false while the reader is dragging over one: the part is better left alone
 */
export function adopt(stale, fresh) {
  const figures = Array.from(stale.querySelectorAll('figure.chart')).filter(({ id }) => charts.has(id));
  if (figures.some(({ id }) => charts.get(id).held)) return false;
  for (const { id } of figures) {
    const entry = charts.get(id);
    const figure = fresh.querySelector(`figure#${id}`);
    if (!figure) continue;
    resized.unobserve(entry.plot);
    take(entry, figure);
    if (entry.starts.length < 2) {
      charts.delete(id);
      continue;
    }
    entry.plot.append(entry.chart.root);
    entry.chart.setData(drawnOf(entry));
    live(entry);
  }
  return true;
}

/** The canvas of a drawn chart, or null. */
export function canvasOf(figure) {
  return charts.get(figure.id)?.chart.ctx.canvas ?? null;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const entry of charts.values()) {
    entry.chart.destroy();
    draw(entry);
  }
});
