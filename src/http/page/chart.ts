// A chart of observed against expected as plain SVG, with its table: it needs no script, and prints.
import { day, hour, minute, toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';
import type { SeriesStep } from '../series.js';

interface Frame {
  width: number;
  height: number;
  left: number;
  bottom: number;
}

const spark: Frame = { width: 320, height: 72, left: 0, bottom: 0 };
const full: Frame = { width: 960, height: 300, left: 44, bottom: 26 };

const fixed = (n: number) => n.toFixed(1);

/** Runs of steps that satisfy `has`. */
function runs(steps: readonly SeriesStep[], has: (s: SeriesStep) => boolean): SeriesStep[][] {
  const found: SeriesStep[][] = [];
  let run: SeriesStep[] | null = null;
  for (const step of steps) {
    if (!has(step)) run = null;
    else if (run) run.push(step);
    else {
      run = [step];
      found.push(run);
    }
  }
  return found;
}

/** A round number at or above `n`: 1, 2, 5, 10, 20, 50... */
function roundUp(n: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
  return ([1, 2, 5, 10].find((m) => m * power >= n) as number) * power;
}

function timeTicks(from: number, to: number): { t: number; label: string }[] {
  const stepMs = [10 * minute, 30 * minute, hour, 3 * hour, 6 * hour, day, 7 * day, 30 * day].find(
    (s) => (to - from) / s <= 9,
  );
  if (!stepMs) return [];
  const ticks: { t: number; label: string }[] = [];
  for (let t = Math.ceil(from / stepMs) * stepMs; t < to; t += stepMs) {
    const date = new Date(t).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    ticks.push({ t, label: t % day === 0 ? date : toIso(t).slice(11, 16) });
  }
  return ticks;
}

export interface ChartOptions {
  stepMs: number;
  /** What the picture shows, for those who do not see it. */
  title: string;
  /** Stretches to shade: incidents. */
  shades?: { from: number; to: number }[];
}

function draw(steps: readonly SeriesStep[], frame: Frame, options: ChartOptions): Markup {
  const { stepMs } = options;
  const from = steps[0]?.t ?? 0;
  const to = (steps.at(-1)?.t ?? 0) + stepMs;
  const top = roundUp(Math.max(4, ...steps.map((s) => Math.max(s.observed ?? 0, s.high ?? 0))) * 1.05);
  const bottom = frame.height - frame.bottom;
  const x = (t: number) => frame.left + ((t - from) / (to - from)) * (frame.width - frame.left);
  const y = (n: number) => 4 + (1 - n / top) * (bottom - 4);
  const middle = (s: SeriesStep) => x(s.t + stepMs / 2);
  const line = (run: SeriesStep[], value: (s: SeriesStep) => number) =>
    run.map((s, i) => `${i ? 'L' : 'M'}${fixed(middle(s))} ${fixed(y(value(s)))}`).join('');
  const known = runs(steps, (s) => s.expected !== null);
  const counted = runs(steps, (s) => s.observed !== null);
  const band = known.map((run) => {
    const back = [...run].reverse();
    return `${line(run, (s) => s.high ?? 0)}${line(back, (s) => s.low ?? 0).replace('M', 'L')}Z`;
  });
  const area = counted.map(
    (run) =>
      `${line(run, (s) => s.observed ?? 0)}L${fixed(middle(run.at(-1) as SeriesStep))} ${bottom}L${fixed(middle(run[0] as SeriesStep))} ${bottom}Z`,
  );
  const gaps = runs(steps, (s) => s.observed === null);
  const rect = (a: number, b: number, name: string) => {
    const [left, right] = [Math.max(x(a), frame.left), Math.min(x(b), frame.width)];
    return right > left
      ? html`<rect class="${name}" x="${fixed(left)}" y="0" width="${fixed(right - left)}" height="${bottom}"/>`
      : null;
  };
  const axes =
    frame.left > 0 &&
    html`${[0, top / 2, top].map((n) => html`<line class="grid" x1="${frame.left}" x2="${frame.width}" y1="${fixed(y(n))}" y2="${fixed(y(n))}"/><text x="${frame.left - 8}" y="${fixed(y(n) + (n === top ? 9 : 4))}" text-anchor="end">${n.toLocaleString('en')}</text>`)}${timeTicks(from, to).map(({ t, label }) => html`<line class="grid" x1="${fixed(x(t))}" x2="${fixed(x(t))}" y1="0" y2="${bottom}"/><text x="${fixed(x(t))}" y="${frame.height - 6}" text-anchor="middle">${label}</text>`)}`;
  return html`<svg viewBox="0 0 ${frame.width} ${frame.height}" role="img" ${frame.left === 0 ? html`preserveAspectRatio="none"` : null}><title>${options.title}</title>${(options.shades ?? []).map((s) => rect(s.from, s.to, 'shade'))}${gaps.map((run) => rect((run[0] as SeriesStep).t, (run.at(-1) as SeriesStep).t + stepMs, 'gap'))}${axes}<path class="band" d="${band.join('')}"/><path class="expected" d="${known.map((run) => line(run, (s) => s.expected ?? 0)).join('')}"/><path class="area" d="${area.join('')}"/><path class="observed" d="${counted.map((run) => line(run, (s) => s.observed ?? 0)).join('')}"/></svg>`;
}

/** A small chart without axes. */
export function sparkline(steps: readonly SeriesStep[], options: ChartOptions): Markup {
  return draw(steps, spark, options);
}

const cell = (n: number | null) =>
  n === null ? html`<td class="none">–</td>` : html`<td>${Math.round(n * 10) / 10}</td>`;

/** A large chart with axes, key and table; the script makes it one that can be pointed at, fed from `src`. */
export function chart(steps: readonly SeriesStep[], options: ChartOptions & { src: string; id: string }): Markup {
  return html`<figure class="chart" id="${options.id}" data-src="${options.src}" data-step="${options.stepMs}" data-shades="${JSON.stringify(options.shades ?? [])}">
<div class="plot">${draw(steps, full, options)}</div>
<figcaption><span class="key observed">reports and questions</span><span class="key band">expected, with its 95 % interval</span><span class="key gap">nobody looked</span></figcaption>
<details><summary>The same as a table</summary><div class="scroll"><table><thead><tr><th scope="col">From (UTC)<th scope="col">Observed<th scope="col">Expected<th scope="col">Low<th scope="col">High<th scope="col">People</tr></thead><tbody>${steps.map((s) => html`<tr><th scope="row">${toIso(s.t).slice(0, 16).replace('T', ' ')}</th>${cell(s.observed)}${cell(s.expected)}${cell(s.low)}${cell(s.high)}${cell(s.authors)}</tr>`)}</tbody></table></div></details>
</figure>`;
}
