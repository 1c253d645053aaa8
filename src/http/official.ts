// The official word beside the crowd's: which notices speak for an incident, and who was first.
import { type OfficialIncident, speaksFor } from '../core/official.js';
import type { Incident } from '../core/signal.js';
import { day, toIso } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import { safeUrl } from './html.js';
import type { OfficialOut } from './schemas/official.js';

/** Notices read for one answer at most. */
const mostNotices = 200;

type OfficialDeps = Pick<ServerDeps, 'read' | 'catalog' | 'clock'>;

/**
 * @param knownBy as it was known then, epoch ms; absent = as it is known now.
 * @returns what status pages say of an incident, first told first, and how long after its detection they told it, ms.
 */
export async function officialOf(incident: Incident, { read, catalog, clock }: OfficialDeps, knownBy?: number) {
  const { service, startedAt } = incident;
  const until = incident.resolvedAt ?? knownBy ?? clock.now();
  const services = [service, ...catalog.ancestors(service)];
  const { items } = await read.official({ services, since: startedAt - day, until, knownBy, limit: mostNotices });
  const official = items
    .filter((notice) => speaksFor(notice, { service, startedAt, until }, catalog))
    .sort((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1));
  const [first] = official;
  return { official, leadMs: first ? first.publishedAt - incident.detectedAt : null };
}

/** @returns what a service's own status page has open, newest first. */
export async function officialNow(service: string, { read }: OfficialDeps): Promise<OfficialIncident[]> {
  return (await read.official({ services: [service], state: 'open', limit: mostNotices })).items;
}

export function presentOfficial(notice: OfficialIncident, { catalog }: Pick<ServerDeps, 'catalog'>): OfficialOut {
  const { startedAt, publishedAt, updatedAt, resolvedAt } = notice;
  return {
    id: notice.id,
    service: notice.service,
    serviceName: catalog.service(notice.service)?.name ?? notice.service,
    title: notice.title,
    impact: notice.impact,
    state: notice.state,
    startedAt: toIso(startedAt),
    publishedAt: toIso(publishedAt),
    updatedAt: toIso(updatedAt),
    resolvedAt: resolvedAt === null ? null : toIso(resolvedAt),
    url: safeUrl(notice.url),
    components: notice.components,
  };
}
