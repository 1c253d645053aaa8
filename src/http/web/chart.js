// Turns the drawn charts into ones that can be pointed at and zoomed; their numbers come from the API.
import uPlot from './uplot/uPlot.esm.js';

const charts = new Map();
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const height = 300;

function columnsOf(series) {
  const columns = [[], [], [], [], []];
  for (const s of series.steps) {
    columns[0].push(Date.parse(s.t) / 1000);
    columns[1].push(s.low);
    columns[2].push(s.high);
    columns[3].push(s.expected);
    columns[4].push(s.observed);
  }
  return columns;
}

/** Shades incidents and the times in which nobody looked, behind the lines. */
function backdrop(shades, stepS) {
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
        for (const s of shades) fill(s.from / 1000, s.to / 1000, colour('--shade'));
        const [times, , , , observed] = u.data;
        for (let i = 0; i < times.length; i++)
          if (observed[i] === null) fill(times[i] - stepS / 2, times[i] + stepS / 2, colour('--gap'));
        ctx.restore();
      },
    },
  };
}

function optionsFor(width, shades, stepS) {
  const line = colour('--line');
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
    font: '12px system-ui, sans-serif',
    space: 70,
  };
  const round = (_u, v) => (v === null || v === undefined ? '–' : String(Math.round(v * 10) / 10));
  const edge = (label) => ({ label, stroke: 'transparent', width: 0, points: { show: false }, value: round });
  return {
    width,
    height,
    plugins: [backdrop(shades, stepS)],
    cursor: { drag: { x: true, y: false } },
    scales: { y: { range: (_u, _min, max) => [0, Math.max(4, max * 1.08)] } },
    axes: [axis, { ...axis, size: 50, space: 40 }],
    series: [
      {
        value: (_u, t) =>
          t === null ? '–' : new Date(t * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
        label: 'Time',
      },
      edge('Low'),
      edge('High'),
      {
        label: 'Expected',
        stroke: colour('--expected'),
        width: 1.5,
        dash: [5, 4],
        points: { show: false },
        value: round,
      },
      {
        label: 'Observed',
        stroke: colour('--observed'),
        fill: colour('--area'),
        width: 2,
        points: { show: false },
        value: round,
      },
    ],
    bands: [{ series: [2, 1], fill: colour('--band') }],
  };
}

async function draw(figure) {
  const plot = figure.querySelector('.plot');
  const answer = await fetch(figure.dataset.src);
  if (!answer.ok) return;
  const data = columnsOf(await answer.json());
  if (data[0].length < 2) return;
  const known = charts.get(figure);
  if (known) {
    // A reader who has zoomed in keeps the view.
    const { min, max } = known.scales.x;
    const zoomed = min > known.data[0][0] || max < known.data[0].at(-1);
    known.setData(data, !zoomed);
    return;
  }
  const drawn = plot.querySelector('svg');
  const label = drawn?.querySelector('title')?.textContent ?? '';
  const chart = new uPlot(
    optionsFor(plot.clientWidth, JSON.parse(figure.dataset.shades), Number(figure.dataset.step) / 1000),
    data,
    plot,
  );
  // Until the reader points somewhere, the legend tells the newest step.
  const rest = () => chart.setLegend({ idx: chart.data[0].length - 1 });
  requestAnimationFrame(rest);
  chart.over.addEventListener('mouseleave', rest);
  chart.root.setAttribute('role', 'img');
  chart.root.setAttribute('aria-label', label);
  drawn?.remove();
  charts.set(figure, chart);
  new ResizeObserver(() => chart.setSize({ width: plot.clientWidth, height })).observe(plot);
}

/** Draws every chart of the page, or brings new numbers into those that stand. */
export async function drawCharts() {
  await Promise.all(Array.from(document.querySelectorAll('figure.chart'), draw));
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const [figure, chart] of charts) {
    chart.destroy();
    charts.delete(figure);
  }
  drawCharts();
});
