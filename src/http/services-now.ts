// How every service fares at this moment: its open incident and the reports of the last hour.
import type { Service } from '../core/catalog.js';
import type { Incident, IncidentState } from '../core/signal.js';
import { hour } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import { coverageOf, hasEnded } from './freshness.js';
import type { ServiceOut } from './schemas/service.js';

/** Most pressing first. */
export const stateRank: Record<IncidentState | 'quiet', number> = {
  confirmed: 0,
  signal: 1,
  watch: 2,
  recovering: 3,
  unknown: 4,
  quiet: 5,
  resolved: 6,
};

/** Incidents that matter first: by state, then by distinct authors. */
export function byWeight(a: Incident, b: Incident): number {
  return stateRank[a.state] - stateRank[b.state] || b.authors - a.authors || b.startedAt - a.startedAt;
}

/** @returns a verb that tells how one service fares, all of them read at one moment. */
export async function readServicesNow(deps: ServerDeps): Promise<(service: Service) => ServiceOut> {
  const now = (await deps.read.judgedUntil()) ?? deps.clock.now();
  const [open, activity] = await Promise.all([deps.read.openIncidents(), deps.read.activity(now - hour, now)]);
  const blind = coverageOf(deps).state === 'blind' && !hasEnded(deps);
  const incidents = new Map<string, Incident>();
  for (const incident of [...open].sort(byWeight).reverse()) incidents.set(incident.service, incident);
  const counts = new Map(activity.map((a) => [a.service, a]));
  return (service) => {
    const incident = incidents.get(service.id);
    const counted = counts.get(service.id);
    return {
      id: service.id,
      name: service.name,
      category: service.category,
      parent: service.parent,
      domain: service.domain,
      statusPage: service.statusPage,
      regions: service.regions,
      dependsOn: service.dependsOn,
      state: incident?.state ?? (blind ? 'unknown' : 'quiet'),
      incident: incident?.id ?? null,
      reportsLastHour: counted?.reports ?? 0,
      authorsLastHour: counted?.authors ?? 0,
    };
  };
}
