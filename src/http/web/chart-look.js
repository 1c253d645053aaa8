// How a chart looks: its lines, what stands behind them, and its axes in the reader's way.

const dashes = [[], [9, 4], [2, 4], [12, 4, 2, 4]];
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** A number in the reader's way; a dash where there is none. */
export const told = (n) => (n === null || n === undefined ? '–' : number.format(n));

const colourNames = ['observed', 'area', 'expected', 'band', 'shade', 'gap', 'line', 'soft', 'l0', 'l1', 'l2', 'l3'];

/** The colours of the page's style as they are at the moment, by their names. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(colourNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** What is drawn as lines, at the middle of each step; a last step that is known in part is left to the dashes. */
export function drawnOf({ starts, stepS, values, inPart }) {
  const middles = starts.map((t) => t + stepS / 2);
  return [middles, ...(inPart ? values.map((column) => [...column.slice(0, -1), null]) : values)];
}

/** Shades incidents and the times in which nobody looked, behind the lines. */
function shade(entry, u) {
  const { ctx, bbox } = u;
  const fill = (from, to, style) => {
    const left = Math.max(u.valToPos(from, 'x', true), bbox.left);
    const right = Math.min(u.valToPos(to, 'x', true), bbox.left + bbox.width);
    if (right <= left) return;
    ctx.fillStyle = style;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  };
  ctx.save();
  if (entry.lines.length === 1) {
    const { shade, gap } = entry.colours;
    for (const s of entry.shades) fill(s.from / 1000, s.to / 1000, shade);
    const { starts, stepS } = entry;
    const [observed] = entry.observed;
    for (let i = 0; i < starts.length; i++) {
      if (observed[i] !== null) continue;
      const first = i;
      while (observed[i + 1] === null) i++;
      fill(starts[first], starts[i] + stepS, gap);
    }
  }
  ctx.restore();
}

/** Dashes to what is known of a step that is not over. */
function dash(entry, u) {
  if (!entry.inPart) return;
  const { ctx } = u;
  const last = entry.starts.length - 1;
  const at = (i, n) => [u.valToPos(entry.starts[i] + entry.stepS / 2, 'x', true), u.valToPos(n, 'y', true)];
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const [k, column] of entry.observed.entries()) {
    if (column[last] === null || column[last - 1] === null) continue;
    ctx.strokeStyle = entry.colours[entry.lines.length > 1 ? `l${k}` : 'observed'];
    ctx.beginPath();
    ctx.moveTo(...at(last - 1, column[last - 1]));
    ctx.lineTo(...at(last, column[last]));
    ctx.stroke();
  }
  ctx.restore();
}

/** Marks of time in the reader's way: hours within a day, dates between days. */
function marks(_u, splits, _axis, _space, stepS) {
  return splits.map((s) => {
    const t = new Date(s * 1000);
    if (stepS >= 86_400 || (t.getHours() === 0 && t.getMinutes() === 0)) return date.format(t);
    return clock.format(t);
  });
}

function seriesOf({ lines, colours }) {
  const edge = () => ({ stroke: 'transparent', width: 0, points: { show: false } });
  if (lines.length > 1) {
    return lines.map((_, i) => ({
      stroke: colours[`l${i}`],
      width: 2,
      dash: dashes[i],
      points: { show: false },
    }));
  }
  return [
    edge(),
    edge(),
    { stroke: colours.expected, width: 1.5, dash: [5, 4], points: { show: false } },
    { stroke: colours.observed, fill: colours.area, width: 2, points: { show: false } },
  ];
}

/** Options of the chart of an entry. @param hooks `setCursor`, `setSelect`: called with the chart when the reader points or has dragged */
export function optionsFor(entry, { setCursor, setSelect }) {
  const { line, soft, band } = entry.colours;
  const axis = {
    stroke: soft,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
    space: 72,
  };
  return {
    width: entry.plot.clientWidth,
    height: entry.plot.clientHeight,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales: { x: { range: () => [entry.first, entry.end] }, y: { range: () => [0, entry.most * 1.08] } },
    axes: [
      { ...axis, size: 26, gap: 6, values: marks },
      { ...axis, size: 44, gap: 8, space: 44, values: (_u, splits) => splits.map(told) },
    ],
    series: [{}, ...seriesOf(entry)],
    bands: entry.lines.length === 1 ? [{ series: [2, 1], fill: band }] : [],
    hooks: {
      drawClear: [(u) => shade(entry, u)],
      draw: [(u) => dash(entry, u)],
      setCursor: [setCursor],
      setSelect: [setSelect],
    },
  };
}
