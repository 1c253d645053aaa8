// A chart of observed against expected as plain SVG, with its table: it needs no script, and prints.
import { toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';
import type { SeriesStep } from '../series.js';
import { axes, type Frame, fixed, fullFrame, lineOf, roundUp, runs, scaleOf } from './axes.js';

const spark: Frame = { width: 320, height: 72, left: 0, bottom: 0 };

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
  const most = Math.max(4, ...steps.map((s) => Math.max(s.observed ?? 0, s.high ?? 0))) * 1.05;
  // Where numbers stand beside it the scale is round.
  const top = frame.left > 0 ? roundUp(most) : most;
  const scale = scaleOf(frame, { from, to, top });
  const { x, bottom } = scale;
  const line = (run: SeriesStep[], value: (s: SeriesStep) => number) => lineOf(run, value, scale, stepMs);
  const middle = (s: SeriesStep) => fixed(x(s.t + stepMs / 2));
  const known = runs(steps, (s) => s.expected !== null);
  const counted = runs(steps, (s) => s.observed !== null);
  const band = known.map((run) => {
    const back = [...run].reverse();
    return `${line(run, (s) => s.high ?? 0)}${line(back, (s) => s.low ?? 0).replace('M', 'L')}Z`;
  });
  const area = counted.map(
    (run) =>
      `${line(run, (s) => s.observed ?? 0)}L${middle(run.at(-1) as SeriesStep)} ${bottom}L${middle(run[0] as SeriesStep)} ${bottom}Z`,
  );
  const gaps = runs(steps, (s) => s.observed === null);
  const rect = (a: number, b: number, name: string) => {
    const [left, right] = [Math.max(x(a), frame.left), Math.min(x(b), frame.width)];
    return right > left
      ? html`<rect class="${name}" x="${fixed(left)}" y="0" width="${fixed(right - left)}" height="${bottom}"/>`
      : null;
  };
  return html`<svg viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label="${options.title}" ${frame.left === 0 ? html`preserveAspectRatio="none"` : null}>${(options.shades ?? []).map((s) => rect(s.from, s.to, 'shade'))}${gaps.map((run) => rect((run[0] as SeriesStep).t, (run.at(-1) as SeriesStep).t + stepMs, 'gap'))}${axes(frame, scale, { from, to, top })}<path class="band" d="${band.join('')}"/><path class="expected" d="${known.map((run) => line(run, (s) => s.expected ?? 0)).join('')}"/><path class="area" d="${area.join('')}"/><path class="observed" d="${counted.map((run) => line(run, (s) => s.observed ?? 0)).join('')}"/></svg>`;
}

/** A small chart without axes. */
export function sparkline(steps: readonly SeriesStep[], options: ChartOptions): Markup {
  return draw(steps, spark, options);
}

const cell = (n: number | null) =>
  n === null ? html`<td class="none">–</td>` : html`<td>${Math.round(n * 10) / 10}</td>`;

/** Start of a step as the tables have it. */
export const stepTime = (t: number) => toIso(t).slice(0, 16).replace('T', ' ');

/** One line of a chart, as the script asks the API for it. */
export interface Line {
  service: string;
  region: string;
  name: string;
}

/** What the script needs to know of a chart that it brings to life. */
export interface Live extends ChartOptions {
  id: string;
  lines: Line[];
  /** Window that is shown; `until` is null where it goes on with the time. */
  since: number;
  until: number | null;
  /** Name of the interval that the steps have. */
  interval: string;
}

/** The figure around a drawn chart; its script zooms it and reads out where the reader points. */
export function figure(options: Live, drawn: Markup, key: Markup, table: Markup): Markup {
  const { id, lines, since, until, interval, shades } = options;
  return html`<figure class="chart" id="${id}" data-title="${options.title}" data-lines="${JSON.stringify(lines)}" data-since="${toIso(since)}" data-until="${until === null ? '' : toIso(until)}" data-interval="${interval}" data-shades="${JSON.stringify(shades ?? [])}">
<div class="plot">${drawn}</div>
<p class="readout" hidden></p>
<figcaption>${key}<span class="hint-zoom" hidden>Drag over the chart to look closer.</span> <button type="button" data-whole hidden>Back to the whole</button> <button type="button" data-png hidden>Picture (PNG)</button></figcaption>
<details><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: ${options.title}">${table}</div></details>
</figure>`;
}

/** A large chart of one service with axes, key and table. */
export function chart(steps: readonly SeriesStep[], options: Live): Markup {
  const key = html`<span class="key observed">reports and questions</span><span class="key band">expected, with its 95 % interval</span><span class="key gap">nobody looked</span>${(options.shades ?? []).length > 0 && html`<span class="key shade">incident</span>`}`;
  const table = html`<table><thead><tr><th scope="col">From (UTC)<th scope="col">Observed<th scope="col">Expected<th scope="col">Low<th scope="col">High<th scope="col">People</tr></thead><tbody>${steps.map((s) => html`<tr><th scope="row">${stepTime(s.t)}</th>${cell(s.observed)}${cell(s.expected)}${cell(s.low)}${cell(s.high)}${cell(s.authors)}</tr>`)}</tbody></table>`;
  return figure(options, draw(steps, fullFrame, options), key, table);
}
