// Several services in one chart, each by colour and dash, with the table of all.
import { html, type Markup } from '../html.js';
import type { SeriesStep } from '../series.js';
import { fullField, lineOf, plot, runs, scaleOf, topOf } from './axes.js';
import { figure, type Live, splitPart, stepHead } from './chart.js';
import { num } from './words.js';

/** Services that fit in one chart. */
export const maxLines = 4;

/** @param all the steps of each line of `options`, at the same times. */
export function lines(all: readonly (readonly SeriesStep[])[], options: Live): Markup {
  const { stepMs } = options;
  const first = all[0] ?? [];
  const from = first[0]?.t ?? 0;
  const to = (first.at(-1)?.t ?? 0) + stepMs;
  const top = topOf(Math.max(0, ...all.flatMap((steps) => steps.map((s) => s.observed ?? 0))));
  const scale = scaleOf(fullField, { from, to, top });
  const line = (run: readonly SeriesStep[]) => lineOf(run, (s) => s.observed ?? 0, scale, stepMs);
  const paths = all.map((steps, i) => {
    const { whole, part } = splitPart(steps, options);
    const d = runs(whole, (s) => s.observed !== null).map(line);
    return html`<path class="line l${i}" d="${d.join('')}"/>${part.length > 0 && html`<path class="line l${i} part" d="${line(part)}"/>`}`;
  });
  const drawn = plot(html`${paths}`, { from, to, top }, options.title);
  const sum = (steps: readonly SeriesStep[]) => steps.reduce((n, s) => n + (s.observed ?? 0), 0);
  const key = html`${options.lines.map((l, i) => html`<span class="key line l${i}">${l}: ${num(sum(all[i] ?? []))}</span>`)}`;
  const table = html`<table><thead><tr><th scope="col">From (UTC)${options.lines.map((l) => html`<th scope="col">${l}`)}</tr></thead><tbody>${first.map((s, i) => html`<tr>${stepHead(s.t, options)}${all.map((steps) => html`<td>${steps[i]?.observed ?? '–'}</td>`)}</tr>`)}</tbody></table>`;
  return figure(options, from, { drawn, key, table });
}
