// Several services in one chart, each by colour and dash, with the table of all.
import { html, type Markup } from '../html.js';
import type { SeriesStep } from '../series.js';
import { axes, fullFrame, lineOf, roundUp, runs, scaleOf } from './axes.js';
import { figure, type Live, stepTime } from './chart.js';
import { num } from './words.js';

/** Services that fit in one chart. */
export const maxLines = 4;

/** @param all the steps of each line of `options`, at the same times. */
export function lines(all: readonly (readonly SeriesStep[])[], options: Live): Markup {
  const { stepMs } = options;
  const first = all[0] ?? [];
  const from = first[0]?.t ?? 0;
  const to = (first.at(-1)?.t ?? 0) + stepMs;
  const top = roundUp(Math.max(4, ...all.flatMap((steps) => steps.map((s) => s.observed ?? 0))) * 1.05);
  const scale = scaleOf(fullFrame, { from, to, top });
  const paths = all.map((steps, i) => {
    const d = runs(steps, (s) => s.observed !== null).map((run) => lineOf(run, (s) => s.observed ?? 0, scale, stepMs));
    return html`<path class="line l${i}" d="${d.join('')}"/>`;
  });
  const drawn = html`<svg viewBox="0 0 ${fullFrame.width} ${fullFrame.height}" role="img" aria-label="${options.title}">${axes(fullFrame, scale, { from, to, top })}${paths}</svg>`;
  const sum = (steps: readonly SeriesStep[]) => steps.reduce((n, s) => n + (s.observed ?? 0), 0);
  const key = html`${options.lines.map((l, i) => html`<span class="key line l${i}">${l.name}: ${num(sum(all[i] ?? []))}</span>`)}`;
  const table = html`<table><thead><tr><th scope="col">From (UTC)${options.lines.map((l) => html`<th scope="col">${l.name}`)}</tr></thead><tbody>${first.map((s, i) => html`<tr><th scope="row">${stepTime(s.t)}</th>${all.map((steps) => html`<td>${steps[i]?.observed ?? '–'}</td>`)}</tr>`)}</tbody></table>`;
  return figure(options, drawn, key, table);
}
