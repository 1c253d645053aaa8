// What fails, and how that changes: symptoms as bars, as small charts over time, and the platforms that speak.
import type { ReadStore } from '../../core/ports.js';
import type { Symptom } from '../../core/post.js';
import { floorTo } from '../../core/time.js';
import { html, type Markup } from '../html.js';
import { type Field, fixed, scaleOf } from './axes.js';
import { bars } from './bars.js';
import { stepTime } from './chart.js';
import { num, symptomWords } from './words.js';

type Breakdown = Awaited<ReturnType<ReadStore['breakdown']>>;

/** Symptoms with a chart of their own. */
const maxCharts = 6;
const small: Field = { width: 300, height: 64 };

/** Counts by a name, largest first. */
function sums<K extends string>(rows: Breakdown, keyOf: (r: Breakdown[number]) => K): { key: K; n: number }[] {
  const counts = new Map<K, number>();
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + row.reports);
  return [...counts].map(([key, n]) => ({ key, n })).sort((a, b) => b.n - a.n);
}
const symptomOf = (row: Breakdown[number]): Symptom => row.symptom ?? 'other';

/** One symptom over time as steps, on a scale that all share. */
function smallChart(counts: readonly number[], top: number, title: string): Markup {
  const scale = scaleOf(small, { from: 0, to: counts.length, top });
  const d = counts.map((n, i) => `H${fixed(scale.x(i))}V${fixed(scale.y(n))}H${fixed(scale.x(i + 1))}`).join('');
  return html`<svg viewBox="0 0 ${small.width} ${small.height}" preserveAspectRatio="none" role="img" aria-label="${title}"><path class="steps" d="M0 ${scale.bottom}${d}V${scale.bottom}Z"/></svg>`;
}

/** Small charts of the symptoms that are told most, and the table of all. */
function overTime(rows: Breakdown, window: { from: number; to: number; stepMs: number }): Markup | null {
  const { stepMs } = window;
  const from = floorTo(window.from, stepMs);
  const length = Math.ceil((window.to - from) / stepMs);
  if (length < 2) return null;
  const told = sums(rows, symptomOf);
  const counts = new Map(told.map(({ key }) => [key, new Array<number>(length).fill(0)]));
  for (const row of rows) {
    const list = counts.get(symptomOf(row)) as number[];
    const i = Math.floor((row.t - from) / stepMs);
    if (i >= 0 && i < length) list[i] = (list[i] as number) + row.reports;
  }
  const top = Math.max(1, ...[...counts.values()].flat());
  const charts = told
    .slice(0, maxCharts)
    .map(
      ({ key, n }) =>
        html`<li><p>${symptomWords[key]} <b>${num(n)}</b></p>${smallChart(counts.get(key) as number[], top, `${symptomWords[key]} over time, ${n} in all`)}</li>`,
    );
  const steps = Array.from({ length }, (_, i) => i).filter((i) => told.some(({ key }) => counts.get(key)?.[i]));
  return html`<ul class="multiples">${charts}</ul>
<details><summary>Symptoms over time as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: symptoms over time"><table class="counts"><thead><tr><th scope="col">From (UTC)${told.map(({ key }) => html`<th scope="col">${symptomWords[key]}`)}</tr></thead><tbody>${steps.map((i) => html`<tr><th scope="row">${stepTime(from + i * stepMs)}</th>${told.map(({ key }) => html`<td>${counts.get(key)?.[i] ?? 0}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

/** The part of a page; empty where nobody reported. */
export function symptomSection(rows: Breakdown, window: { from: number; to: number; stepMs: number }): Markup {
  if (rows.length === 0) return html`<div id="symptoms" data-live></div>`;
  const symptoms = sums(rows, symptomOf).map(({ key, n }) => ({ label: symptomWords[key], n }));
  const platforms = sums(rows, (r) => r.platform).map(({ key, n }) => ({ label: key, n }));
  return html`<div id="symptoms" data-live><div class="pair"><section><h2 class="rule">What fails</h2>${bars(symptoms, 'What fails')}</section><section><h2 class="rule">Who speaks</h2>${bars(platforms, 'Platform')}</section></div>
<section><h2 class="rule">What fails, over time</h2>${overTime(rows, window)}</section></div>`;
}
