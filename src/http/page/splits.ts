// How reports divide: by what fails and by place, as bars with their numbers.
import type { Catalog } from '../../core/catalog.js';
import type { Tally } from '../../core/ports.js';
import { html, type Markup } from '../html.js';
import { num, places, share, symptomsOf, symptomWords } from './words.js';

/** Counts as bars, with their share of `all` (their own sum, if left out). */
function bars(rows: readonly { label: string | Markup; n: number }[], all?: number): Markup {
  const total = all || rows.reduce((sum, r) => sum + r.n, 0) || 1;
  const most = Math.max(1, ...rows.map((r) => r.n));
  return html`<table class="bars"><tbody>${rows.map((r) => html`<tr><th scope="row">${r.label}</th><td><meter min="0" max="${most}" value="${r.n}"></meter></td><td class="n">${num(r.n)}</td><td class="n">${share(r.n / total)}</td></tr>`)}</tbody></table>`;
}

/** Rows of the split by region; a region's count holds those of the regions in it. */
function regionRows(tally: Tally, catalog: Catalog): { label: string; n: number }[] {
  const rows = tally.regions
    .filter((r) => r.region !== '*')
    .map((r) => ({ label: places([r.region], catalog), n: r.reports }))
    .sort((x, y) => y.n - x.n)
    .slice(0, 15);
  return rows.length > 0 ? [...rows, { label: 'place not told', n: tally.unlocated }] : [];
}

/** Both splits of a tally, side by side. */
export function splits(tally: Tally, catalog: Catalog): Markup {
  const symptoms = symptomsOf(tally).map((s) => ({ label: symptomWords[s.symptom], n: s.reports }));
  const regions = regionRows(tally, catalog);
  return html`<div class="pair" id="split" data-live>
${symptoms.length > 0 && html`<section><h2 class="rule">What fails</h2>${bars(symptoms)}</section>`}
${regions.length > 0 && html`<section><h2 class="rule">Where</h2>${bars(regions, tally.reports)}</section>`}
</div>`;
}
