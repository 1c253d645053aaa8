// Which open incident probably explains another one: the catalog's ties, timing, and posts that name both services.

import type { Catalog } from '../core/catalog.js';
import type { Incident } from '../core/signal.js';
import { hour, minute } from '../core/time.js';

/** An incident that began up to this long after another may still be its cause: small services show first by luck. */
const toleranceMs = 15 * minute;
/** An incident that began longer ago explains nothing new. */
const reachMs = 6 * hour;
/** A service without ties explains another when this share of its posts name both and it is this many times as loud. */
const sharedPosts = 0.5;
const louder = 2;
/** A service explains another that burns beside it when this share of its posts, and no fewer than so many, blame it. */
const sharedBlame = 0.1;
const leastBlame = 3;
/** Networks are blamed for what burns elsewhere, by people who name nothing else. */
const sharedPostsOfNetwork = 0.2;
const louderThanNetwork = 3;
const networks = new Set(['isp', 'mobile']);

/** Posts that blame a service, by that service. */
export type Blames = ReadonlyMap<string, ReadonlySet<string>>;

/** An open incident and the posts that report it. */
export interface Burning {
  incident: Incident;
  posts: ReadonlySet<string>;
  /** Those of them that take another service for the cause; absent = none. */
  blames?: Blames;
}

/**
 * Services whose incident probably explains this one, the likeliest first.
 * @param of the incident to explain
 * @param others incidents open at the same time
 * @returns `overlap` = share of the incident's posts that report or blame the other service too, 0..1
 */
export function findSpillover(
  of: Burning,
  others: readonly Burning[],
  catalog: Pick<Catalog, 'service' | 'ancestors'>,
): Incident['possibleSpilloverOf'] {
  const found: { service: string; overlap: number; rank: number }[] = [];
  for (const other of others) {
    if (other.incident.service === of.incident.service) continue;
    const lead = of.incident.startedAt - other.incident.startedAt;
    if (lead < -toleranceMs || lead > reachMs) continue;
    const overlap = shareOf(of.posts, (post) => other.posts.has(post) || blamersOf(of, other).has(post));
    const rank = tie(of, other, overlap, catalog);
    if (rank !== null) found.push({ service: other.incident.service, overlap, rank });
  }
  return found
    .sort((a, b) => a.rank - b.rank || b.overlap - a.overlap || (a.service < b.service ? -1 : 1))
    .map(({ service, overlap }) => ({ service, overlap }));
}

/** How close the tie is (0 = closest), or null when the other incident explains nothing. */
function tie(
  burning: Burning,
  cause: Burning,
  overlap: number,
  catalog: Pick<Catalog, 'service' | 'ancestors'>,
): number | null {
  const [of, other] = [burning.incident, cause.incident];
  const ancestors = catalog.ancestors(of.service);
  const service = catalog.service(of.service);
  if (ancestors.includes(other.service)) return ancestors.indexOf(other.service);
  // What a service contains does not explain it.
  if (catalog.ancestors(other.service).includes(of.service)) return null;
  const needed = service?.dependsOn.includes(other.service) ?? false;
  const mutual = catalog.service(other.service)?.dependsOn.includes(of.service) ?? false;
  if (needed && !(mutual && other.startedAt > of.startedAt)) return 10;
  const [network, networkBlamed] = [service, catalog.service(other.service)].map((s) => s && networks.has(s.category));
  // People suspect their own line first: a network that they blame explains others only when it is the louder one.
  const plausible = network || !networkBlamed || other.reports > of.reports;
  if (!mutual && plausible && isBlamed(burning, cause)) return 15;
  if (network && !networkBlamed) {
    const loud = other.reports >= louderThanNetwork * of.reports;
    // A failure in one place is the network's own, whatever burns worldwide.
    const placed = !of.regions.includes('*') && !of.regions.every((region) => service?.regions?.includes(region));
    if (overlap >= sharedPostsOfNetwork || (loud && !placed)) return 20;
  }
  return overlap >= sharedPosts && other.reports >= louder * of.reports ? 30 : null;
}

/** Enough of the one's posts blame the other, and more than blame it in turn. */
function isBlamed(burning: Burning, cause: Burning): boolean {
  const blamers = blamersOf(burning, cause);
  if (blamers.size < leastBlame) return false;
  const share = shareOf(burning.posts, (post) => blamers.has(post));
  const inTurn = blamersOf(cause, burning);
  return share >= sharedBlame && share > shareOf(cause.posts, (post) => inTurn.has(post));
}

/** Posts of the one that blame the other. */
function blamersOf(of: Burning, other: Burning): ReadonlySet<string> {
  return of.blames?.get(other.incident.service) ?? nobody;
}
const nobody: ReadonlySet<string> = new Set();

function shareOf(posts: ReadonlySet<string>, holds: (post: string) => boolean): number {
  if (posts.size === 0) return 0;
  let shared = 0;
  for (const post of posts) if (holds(post)) shared++;
  return Math.round((shared / posts.size) * 100) / 100;
}
