// The plain lists: all incidents, and all services by what they are for.
import { categories } from '../../core/catalog.js';
import type { Page } from '../../core/ports.js';
import type { Incident } from '../../core/signal.js';
import type { ServerDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import type { ServiceOut } from '../schemas/service.js';
import { readServicesNow, stateRank } from '../services-now.js';
import { chip, complaint, counted, lasting, num, places, when } from './words.js';

/** One line an incident. */
export function incidentRows(deps: ServerDeps, incidents: readonly Incident[]): Markup {
  return html`<ul class="rows incidents">${incidents.map((i) => html`<li>${chip(i.state)}<a href="/incidents/${encodeURIComponent(i.id)}">${deps.catalog.service(i.service)?.name ?? i.service}</a><span>${counted(i.authors, 'person', 'people')} ${i.authors === 1 ? 'says' : 'say'} ${complaint(i)}, ${places(i.regions, deps.catalog)}</span><span>${when(i.startedAt, 'day')}${i.resolvedAt && html`, ${lasting(i.resolvedAt - i.startedAt)}`}</span></li>`)}</ul>`;
}

export function historyBody(deps: ServerDeps, page: Page<Incident>): Markup {
  return html`<section id="history" data-live><h1>History</h1>
<p class="hint">Every incident so far, newest first. As data: <a href="/api/v1/incidents">JSON</a>.</p>
${page.items.length > 0 ? incidentRows(deps, page.items) : html`<p>No incident has been found yet.</p>`}
${page.next && html`<p><a class="more" rel="next" href="/incidents?cursor=${encodeURIComponent(page.next)}">Older incidents</a></p>`}</section>`;
}

function serviceRow(s: ServiceOut): Markup {
  return html`<li><a href="/services/${encodeURIComponent(s.id)}">${s.name}</a>${s.state !== 'quiet' && chip(s.state)}${s.authorsLastHour > 0 && html`<span class="n">${num(s.authorsLastHour)}</span>`}</li>`;
}

/** Services by category, or those that match `q`. */
export async function servicesBody(deps: ServerDeps, q: string): Promise<Markup> {
  const now = await readServicesNow(deps);
  const wanted = q.trim().toLowerCase();
  const matches = (words: string) => words.toLowerCase().includes(wanted);
  const found = deps.catalog.services
    .filter((s) => !wanted || [s.id, s.name, ...s.aliases].some(matches))
    .map(now)
    .sort((a, b) => stateRank[a.state] - stateRank[b.state] || a.name.localeCompare(b.name));
  const groups = categories
    .map((category) => ({ category, items: found.filter((s) => s.category === category) }))
    .filter((g) => g.items.length > 0);
  return html`<section id="services"><h1>${wanted ? html`Services like “${q.trim()}”` : 'Services'}</h1>
<p class="hint">${counted(found.length, 'service', 'services')}${wanted ? html`. <a href="/services">All of them</a>` : ' listened for'}. The number beside a name: people who reported trouble in the last hour.</p>
${groups.map((g) => html`<section class="group" id="${`group-${g.category}`}" data-live><h2 class="rule">${g.category}</h2><ul class="names">${g.items.map(serviceRow)}</ul></section>`)}</section>`;
}
