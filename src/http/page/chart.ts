// A chart of observed against expected as plain SVG, with its table: it needs no script, and prints.
import { toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';
import type { SeriesStep } from '../series.js';
import { type Field, fixed, fullField, lineOf, plot, runs, scaleOf, topOf } from './axes.js';

const spark: Field = { width: 320, height: 72 };

export interface ChartOptions {
  stepMs: number;
  /** End of what is known and shown: a step that reaches beyond it is known in part. */
  until: number;
  /** What the picture shows, for those who do not see it. */
  title: string;
  /** Stretches to shade: incidents. */
  shades?: { from: number; to: number }[];
}

/** Start, end and highest number of what is drawn. */
function extentOf(steps: readonly SeriesStep[], stepMs: number) {
  const from = steps[0]?.t ?? 0;
  const most = Math.max(0, ...steps.map((s) => Math.max(s.observed ?? 0, s.high ?? 0)));
  return { from, to: (steps.at(-1)?.t ?? 0) + stepMs, top: topOf(most) };
}

/** Splits off a last step that is known in part only: its count is no fall. `part` leads to it from the one before. */
export function splitPart(
  steps: readonly SeriesStep[],
  { stepMs, until }: Pick<ChartOptions, 'stepMs' | 'until'>,
): { whole: readonly SeriesStep[]; part: readonly SeriesStep[] } {
  const last = steps.at(-1);
  if (!last || steps.length < 2 || last.t + stepMs <= until) return { whole: steps, part: [] };
  const part = steps.slice(-2);
  return { whole: steps.slice(0, -1), part: part.every((s) => s.observed !== null) ? part : [] };
}

/** The lines of one series: what was expected, what was reported, and dashed what is known of a step in part. */
function draw(steps: readonly SeriesStep[], field: Field, options: ChartOptions): Markup {
  const { stepMs } = options;
  const scale = scaleOf(field, extentOf(steps, stepMs));
  const { x, bottom } = scale;
  const line = (run: readonly SeriesStep[], value: (s: SeriesStep) => number) => lineOf(run, value, scale, stepMs);
  const observed = (s: SeriesStep) => s.observed ?? 0;
  const middle = (s: SeriesStep) => fixed(x(s.t + stepMs / 2));
  const { whole, part } = splitPart(steps, options);
  const known = runs(whole, (s) => s.expected !== null);
  const counted = runs(whole, (s) => s.observed !== null);
  const band = known.map((run) => {
    const back = [...run].reverse();
    return `${line(run, (s) => s.high ?? 0)}${line(back, (s) => s.low ?? 0).replace('M', 'L')}Z`;
  });
  const area = counted.map(
    (run) =>
      `${line(run, observed)}L${middle(run.at(-1) as SeriesStep)} ${bottom}L${middle(run[0] as SeriesStep)} ${bottom}Z`,
  );
  const gaps = runs(whole, (s) => s.observed === null);
  const rect = (a: number, b: number, name: string) => {
    const [left, right] = [Math.max(x(a), 0), Math.min(x(b), field.width)];
    return right > left
      ? html`<rect class="${name}" x="${fixed(left)}" width="${fixed(right - left)}" height="${bottom}"/>`
      : null;
  };
  return html`${(options.shades ?? []).map((s) => rect(s.from, s.to, 'shade'))}${gaps.map((run) => rect((run[0] as SeriesStep).t, (run.at(-1) as SeriesStep).t + stepMs, 'gap'))}<path class="band" d="${band.join('')}"/><path class="expected" d="${known.map((run) => line(run, (s) => s.expected ?? 0)).join('')}"/><path class="area" d="${area.join('')}"/><path class="observed" d="${counted.map((run) => line(run, observed)).join('')}"/>${part.length > 0 && html`<path class="observed part" d="${line(part, observed)}"/>`}`;
}

/** A small chart without axes. */
export function sparkline(steps: readonly SeriesStep[], options: ChartOptions): Markup {
  return html`<svg viewBox="0 0 ${spark.width} ${spark.height}" preserveAspectRatio="none" role="img" aria-label="${options.title}">${draw(steps, spark, options)}</svg>`;
}

const cell = (n: number | null) =>
  n === null ? html`<td class="none">–</td>` : html`<td>${Math.round(n * 10) / 10}</td>`;

/** Start of a step as the tables have it. */
export const stepTime = (t: number) => toIso(t).slice(0, 16).replace('T', ' ');

/** What the script needs to know of a chart that it brings to life; its numbers it takes from the table. */
export interface Live extends ChartOptions {
  id: string;
  /** Names of its lines. */
  lines: readonly string[];
  /** Links to other windows. */
  zoom: Markup;
}

/** A step in the first column of a table. */
export function stepHead(t: number, { stepMs, until }: Pick<ChartOptions, 'stepMs' | 'until'>): Markup {
  return html`<th scope="row">${stepTime(t)}${t + stepMs > until && ', in part'}</th>`;
}

/** The figure around a drawn chart; its script zooms it and reads out where the reader points. @param first start of its first step. */
export function figure(
  options: Live,
  first: number,
  { drawn, key, table }: { drawn: Markup; key: Markup; table: Markup },
): Markup {
  const { id, lines, until, stepMs, shades, title, zoom } = options;
  return html`<figure class="chart" id="${id}" data-title="${title}" data-lines="${JSON.stringify(lines)}" data-first="${first}" data-step="${stepMs}" data-known="${until}" data-shades="${JSON.stringify(shades ?? [])}">
<div class="plot">${drawn}</div>
<p class="readout" hidden></p>
<figcaption>${key}</figcaption>
<p class="tools">${zoom}<button type="button" data-png hidden>Picture (PNG)</button><span class="hint-zoom" hidden>Or drag over the chart.</span></p>
<details><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${title}">${table}</div></details>
</figure>`;
}

/** A large chart of one service with axes, key and table. */
export function chart(steps: readonly SeriesStep[], options: Live): Markup {
  const drawn = plot(draw(steps, fullField, options), extentOf(steps, options.stepMs), options.title);
  const key = html`<span class="key observed">reports and questions</span><span class="key band">expected, with its 95 % interval</span><span class="key gap">nobody looked</span>${splitPart(steps, options).part.length > 0 && html`<span class="key part">step not over</span>`}${(options.shades ?? []).length > 0 && html`<span class="key shade">incident</span>`}`;
  const table = html`<table><thead><tr><th scope="col">From (UTC)<th scope="col">Observed<th scope="col">Expected<th scope="col">Low<th scope="col">High<th scope="col">People</tr></thead><tbody>${steps.map((s) => html`<tr>${stepHead(s.t, options)}${cell(s.observed)}${cell(s.expected)}${cell(s.low)}${cell(s.high)}${cell(s.authors)}</tr>`)}</tbody></table>`;
  return figure(options, steps[0]?.t ?? 0, { drawn, key, table });
}
