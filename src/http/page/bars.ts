// Counts as bars, with their numbers.
import { html, type Markup } from '../html.js';
import { fixed } from './axes.js';
import { num, share } from './words.js';

/** One row a count, with its share of the sum of all. @param caption what is counted, for those who do not see it. */
export function bars(rows: readonly { label: string; n: number }[], caption: string): Markup {
  const total = rows.reduce((sum, r) => sum + r.n, 0) || 1;
  const most = Math.max(1, ...rows.map((r) => r.n));
  const bar = (n: number) =>
    html`<svg class="length" aria-hidden="true"><rect width="${fixed((n / most) * 100)}%" height="100%"/></svg>`;
  return html`<table class="bars"><caption class="hide">${caption}</caption><thead class="hide"><tr><th scope="col">${caption}<th scope="col">Bar<th scope="col">Reports<th scope="col">Share</tr></thead><tbody>${rows.map((r) => html`<tr><th scope="row">${r.label}</th><td>${bar(r.n)}</td><td class="n">${num(r.n)}</td><td class="n">${share(r.n / total)}</td></tr>`)}</tbody></table>`;
}
