// What the provider itself says, beside what people say: its notices, and whether it spoke before or after them.
import type { Catalog, Service } from '../../core/catalog.js';
import type { OfficialIncident } from '../../core/official.js';
import type { SourceHealth } from '../../core/ports.js';
import { html, type Markup, safeUrl } from '../html.js';
import { lasting, when } from './words.js';

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

/** Notices, each with who spoke first where `detectedAt` tells when Outcry raised the incident. */
export function officialList(
  notices: readonly OfficialIncident[],
  catalog: Catalog,
  detectedAt: number | null,
): Markup {
  return html`<ul class="notices">${notices.map((n) => line(n, catalog, detectedAt))}</ul>`;
}

/** How far a service's own word is heard: read, not to be had at the moment, or not read at all. */
export type Watch = 'read' | 'away' | 'not read';

/** Whether some source reads what the service, or what it is a part of, says of itself. */
export function watchOf(health: readonly SourceHealth[], catalog: Catalog, service: string): Watch {
  const ids = [service, ...catalog.ancestors(service)];
  const readers = health.filter((s) => s.watches?.some((id) => ids.includes(id)));
  if (readers.length === 0) return 'not read';
  return readers.some((s) => s.state === 'healthy') ? 'read' : 'away';
}

/** The section of a page: notices, or plainly that there are none, or that nobody watches. */
export function officialSection(
  notices: readonly OfficialIncident[],
  service: Service,
  options: { catalog: Catalog; watch: Watch; detectedAt: number | null },
): Markup {
  const { catalog, watch, detectedAt } = options;
  const page = service.statusPage
    ? html`<a href="${service.statusPage}" rel="noopener">status page</a>`
    : html`status page`;
  const nothing = {
    read: html`${service.name}’s ${page}: nothing reported.`,
    away: html`${service.name}’s ${page} cannot be read at the moment: its silence here means nothing.`,
    'not read': html`Not watched: this installation does not read ${service.name}’s ${page}, so its silence here means nothing.`,
  }[watch];
  return html`<section id="official" data-live><h2 class="rule">Official word</h2>${notices.length > 0 ? officialList(notices, catalog, detectedAt) : html`<p class="hint">${nothing}</p>`}</section>`;
}
