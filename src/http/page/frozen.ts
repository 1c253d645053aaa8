// The page of an incident as it was known at a time: what a citation leads to.
import { toIso } from '../../core/time.js';
import { hashOf } from '../citation.js';
import type { RouteDeps } from '../deps.js';
import type { Frozen } from '../frozen.js';
import { html, type Markup } from '../html.js';
import { officialOf } from '../official.js';
import { headSection, operatorWords } from './incident.js';
import { officialList } from './official.js';
import { timeline } from './timeline.js';
import { stateWords, when } from './words.js';

export async function frozenPage(
  deps: RouteDeps,
  frozen: Frozen,
): Promise<{ body: Markup; judgedUntil: number | null; title: string }> {
  const { read, catalog } = deps;
  const { incident, at, since, changes, remarks } = frozen;
  const { official } = await officialOf(incident, deps, at);
  const id = encodeURIComponent(incident.id);
  const name = catalog.service(incident.service)?.name ?? incident.service;
  const evidence = `/api/v1/incidents/${id}/evidence?until=${toIso(at)}`;
  const nothing = 'none known then';
  const body = html`<article class="incident">
<p class="frozen" role="note"><strong>Frozen.</strong> This is what Outcry knew at ${when(at, 'day')}, and had known so since ${when(since, 'day')}. <a href="/incidents/${id}">What it knows now</a></p>
${headSection(deps, incident, incident.resolvedAt ?? at, { official, nothing })}
<div id="remarks">${operatorWords(remarks)}</div>
<div class="pair"><section id="course"><h2 class="rule">How it went</h2>${timeline(incident, changes, official, { first: null, recovery: null })}</section>
<section id="official"><h2 class="rule">Official word</h2>${official.length > 0 ? officialList(official, catalog, incident.detectedAt) : html`<p class="hint">None known then.</p>`}</section></div>
<section id="cite"><h2 class="rule">What is frozen</h2>
<p>Fingerprint of the facts: <code>${hashOf(incident)}</code>. It is that of a citation made then.</p>
<p>State, numbers, places and changes are kept. Posts are not frozen: what was deleted or has expired since is gone (<a href="${evidence}">those still kept</a>). Older versions of official word go when posts expire, so does a mark that was replaced. <a href="/api/v1/incidents/${id}?at=${toIso(at)}">The same as JSON</a></p></section>
</article>`;
  return {
    body,
    judgedUntil: await read.judgedUntil(),
    title: `${name}, frozen: ${stateWords[incident.state].label} – Outcry`,
  };
}
