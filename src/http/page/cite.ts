// To quote an incident, keep its numbers, show it elsewhere, or print it.
import type { Catalog } from '../../core/catalog.js';
import type { Incident } from '../../core/signal.js';
import { citationOf } from '../citation.js';
import { permalinkOf } from '../frozen.js';
import { html, type Markup } from '../html.js';

/**
 * @param options `csv`: address of the counts; `base`: address of this server; `now`: end of what has been judged; `at`:
 * time under which it is found as it is now.
 */
export function citeSection(
  incident: Incident,
  catalog: Catalog,
  { base, csv, now, at }: { base: string; csv: string; now: number; at: number },
): Markup {
  const id = encodeURIComponent(incident.id);
  const name = catalog.service(incident.service)?.name ?? incident.service;
  const permalink = permalinkOf(incident, at, base);
  const frame = html`<iframe src="${base}/embed/${encodeURIComponent(incident.service)}" width="480" height="240" title="${name}" loading="lazy"></iframe>`;
  const { text, hash } = citationOf(incident, catalog, now);
  return html`<section id="cite" data-live><h2 class="rule">To cite this</h2>
<blockquote class="citation" id="wording">${text} <a href="${permalinkOf(incident, at, '')}">${permalink}</a></blockquote>
<p class="tools"><button type="button" data-copy="wording" hidden>Copy wording and link</button> <button type="button" data-png="chart" hidden>Chart as PNG</button> <a class="pill" href="${csv}" download>Counts as CSV</a> <a class="pill" href="/api/v1/incidents/${id}/evidence?format=csv" download>Posts as CSV</a> <a class="pill" href="/api/v1/incidents/${id}/cite">Citation as JSON</a> <button type="button" data-print hidden>Print the report</button></p>
<p class="hint">Fingerprint of the facts: <code>${hash.slice(0, 16)}</code>. It changes when they do; the link in the wording keeps them as they are now.</p>
<details><summary>Embed the state of ${name}</summary><pre id="frame" tabindex="0">${frame.text}</pre><p class="tools"><button type="button" data-copy="frame" hidden>Copy the code</button></p></details>
</section>`;
}
