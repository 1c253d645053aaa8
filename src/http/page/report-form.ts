// "It is down for me": how a reader adds a report, where the installation takes them.
import type { Catalog, Service } from '../../core/catalog.js';
import { symptoms } from '../../core/post.js';
import { html, type Markup } from '../html.js';
import { symptomWords } from './words.js';

/** The form of a service, or its thanks. @param said true just after a report was taken. */
export function reportForm(service: Service, catalog: Catalog, said: boolean): Markup | null {
  if (service.counts === 'never') return null;
  const byPlace = service.counts === 'region';
  const countries = catalog.regions
    .filter((r) => r.parent === null)
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((r) => html`<option value="${r.code}">${r.name}</option>`);
  return html`<section id="report"><h2 class="rule">Is it down for you?</h2>
${said && html`<p class="thanks" role="status">Thank you: your report is counted.</p>`}
<form class="say" method="post" action="/api/v1/reports"><input type="hidden" name="service" value="${service.id}">
<label>What fails <select name="symptom">${symptoms.map((s) => html`<option value="${s}">${symptomWords[s]}</option>`)}</select></label>
<label>Where you are <select name="region"${byPlace && html` required`}><option value="">${byPlace ? 'choose' : 'not told'}</option>${countries}</select></label>
<label class="wide">In your own words, if you like <input name="text" maxlength="500" autocomplete="off"></label>
<button>Report it</button>
<p class="hint">Shown as evidence of its own kind; it never confirms an incident alone. Your address is not stored.</p></form></section>`;
}
