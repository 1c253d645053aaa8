// The plain pages: all incidents, all services, all sources, and how it works.
import { categories } from '../../core/catalog.js';
import type { Page } from '../../core/ports.js';
import type { Incident } from '../../core/signal.js';
import { day } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import type { ServiceOut } from '../schemas/service.js';
import { readServicesNow, stateRank } from '../services-now.js';
import { chip, complaint, counted, lasting, num, places, stateWords, when } from './words.js';

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
  return html`<li data-name="${`${s.name} ${s.id}`.toLowerCase()}">${s.state === 'quiet' ? null : chip(s.state)}<a href="/services/${encodeURIComponent(s.id)}">${s.name}</a>${s.authorsLastHour > 0 && html`<span class="n">${num(s.authorsLastHour)}</span>`}</li>`;
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
${groups.map((g) => html`<section class="group"><h2 class="rule">${g.category}</h2><ul class="names">${g.items.map(serviceRow)}</ul></section>`)}</section>`;
}

export async function sourcesBody(deps: ServerDeps, now: number): Promise<Markup> {
  const sources = deps.health();
  const seen = await deps.read.seen(now - day, now);
  const posts = new Map<string, number>();
  for (const s of seen) posts.set(s.source, (posts.get(s.source) ?? 0) + s.posts);
  const time = (t: number | null) => (t === null ? '–' : when(t, 'day'));
  return html`<section id="sources" data-live><h1>Sources</h1>
<p class="hint">Where Outcry listens. A source that is not in contact makes it blind, not quiet.</p>
${
  sources.length === 0
    ? html`<p>No source is set up: the page shows what the database holds.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Table of sources"><table class="sources"><thead><tr><th scope="col">Source<th scope="col">State<th scope="col">Last contact<th scope="col">Newest post<th scope="col" class="n">Posts, 24 h<th scope="col" class="n">Name a service<th scope="col" class="n">Skipped<th scope="col">Last trouble</tr></thead><tbody>${sources.map((s) => html`<tr><th scope="row">${s.name} <small>${s.kind}</small></th><td><span class="health ${s.state}">${s.state}</span></td><td>${time(s.lastAliveAt)}</td><td>${time(s.lastPostAt)}</td><td class="n">${num(posts.get(s.name) ?? 0)}</td><td class="n">${num(s.matches)}</td><td class="n">${num(s.skipped)}</td><td class="trouble">${s.lastError ?? s.lastSkip ?? '–'}${s.nextTryAt && html`, next try ${when(s.nextTryAt)}`}</td></tr>`)}</tbody></table></div>`
}</section>`;
}

export function methodBody(deps: ServerDeps): Markup {
  return html`<article class="prose"><h1>How it works</h1>
<p class="lede">Outcry reads what people post in public and tells when many of them say, independently of each other, that a service fails.</p>
<h2>From a post to a report</h2>
<p>Each post is searched for the names of ${num(deps.catalog.services.length)} services. A post that names one is judged: does it report a failure, ask about one, spread news, tell that things work again, or none of these? Only reports and questions count, each author once an hour for a service. Where the post tells its place, it counts there too.</p>
<h2>From reports to an incident</h2>
<p>Counts are judged every ${lasting(deps.widthMs)} against what that hour of that day of the week usually brings. When chance would hardly bring so many, a spike opens; when its voices are independent (many authors, own words, several places), it becomes an incident. Near-identical posts and the bursts of a few accounts are held back, and the page says so.</p>
<p>${deps.method.description}</p>
<p>This installation runs method <code>${deps.method.version}</code>. Every incident names the method it was found with.</p>
<h2>States</h2>
<dl class="states">${(['watch', 'signal', 'confirmed', 'recovering', 'resolved', 'unknown'] as const).map((s) => html`<div><dt>${chip(s)}</dt><dd>${stateWords[s].means}</dd></div>`)}</dl>
<h2>What it does not say</h2>
<p>A report is a person's word, not a measurement. People blame the wrong service, more so when another one fails; the page names possible spill-over. Silence is not health: when the sources are not in contact the state is unknown.</p>
<h2>People who post</h2>
<p>Authors are kept as keyed hashes and never shown. Deleted posts are dropped. Texts are kept for a limited time, counts for longer.</p>
</article>`;
}
