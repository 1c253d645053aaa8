// What the provider itself says, beside what people say: its notices, and whether it spoke before or after them.
import type { Catalog, Service } from '../../core/catalog.js';
import { type OfficialIncident, speaksFor } from '../../core/official.js';
import type { ReadStore, SourceHealth } from '../../core/ports.js';
import { day } from '../../core/time.js';
import { html, type Markup, safeUrl } from '../html.js';
import { lasting, when } from './words.js';

/** Notices of a service and of what it is a part of that were open in [from, to), newest first. */
export async function noticesOf(
  read: Pick<ReadStore, 'official'>,
  catalog: Catalog,
  service: string,
  { from, to }: { from: number; to: number },
): Promise<OfficialIncident[]> {
  const services = [service, ...catalog.ancestors(service)];
  return (await read.official({ services, since: from - day, until: to, limit: 20 })).items;
}

/** Notices that speak for an episode of the crowd's. */
export function speakingFor(
  notices: readonly OfficialIncident[],
  episode: { service: string; startedAt: number; until: number },
  catalog: Catalog,
): OfficialIncident[] {
  return notices.filter((notice) => speaksFor(notice, episode, catalog));
}

/** Who spoke first, in words. @param detectedAt when Outcry raised the incident. */
export function leadWords(notice: OfficialIncident, detectedAt: number): string {
  const leadMs = notice.publishedAt - detectedAt;
  if (Math.abs(leadMs) < 60_000) return 'in the same minute as Outcry';
  return leadMs > 0 ? `${lasting(leadMs)} after Outcry` : `${lasting(-leadMs)} before Outcry`;
}

function line(notice: OfficialIncident, catalog: Catalog, detectedAt: number | null): Markup {
  const url = safeUrl(notice.url);
  const title = url ? html`<a href="${url}" rel="noopener nofollow">${notice.title}</a>` : notice.title;
  const name = catalog.service(notice.service)?.name ?? notice.service;
  const impact = notice.impact === 'none' ? '' : `${notice.impact}, `;
  return html`<li class="notice"><strong>${title}</strong> <span>${name}, ${impact}${notice.state}. Told ${when(notice.publishedAt, 'day')}${detectedAt !== null && html`, <b>${leadWords(notice, detectedAt)}</b>`}${notice.resolvedAt !== null && html`; over by its own word ${when(notice.resolvedAt, 'day')}`}.</span></li>`;
}

/** Whether some source reads what the service, or what it is a part of, says of itself. */
export function isWatched(health: readonly SourceHealth[], catalog: Catalog, service: Service): boolean {
  const all = [service, ...catalog.ancestors(service.id).map((id) => catalog.service(id))];
  return health.some((s) => s.official === true) && all.some((s) => s?.statusPage);
}

/** The section of a page: notices, or plainly that there are none, or that nobody watches. */
export function officialSection(
  notices: readonly OfficialIncident[],
  service: Service,
  options: { catalog: Catalog; watched: boolean; detectedAt: number | null },
): Markup {
  const { catalog, watched, detectedAt } = options;
  const page = service.statusPage && html`<a href="${service.statusPage}" rel="noopener">status page</a>`;
  const nothing = watched
    ? html`<p class="hint">${service.name}’s ${page ?? 'status page'}: nothing reported.</p>`
    : html`<p class="hint">Not watched: this installation does not read ${service.name}’s ${page ?? 'status page'}, so its silence here means nothing.</p>`;
  return html`<section id="official" data-live><h2 class="rule">Official word</h2>${notices.length > 0 ? html`<ul class="notices">${notices.map((n) => line(n, catalog, detectedAt))}</ul>` : nothing}</section>`;
}
