// Where an outage is: the narrowest regions that explain the excess of reports, given how a service's reports usually spread.

/** Distinct authors of one service by region, a region's count holding those of all regions in it; `*` = all, located or not. */
export type RegionCounts = ReadonlyMap<string, number>;

export interface Whereabouts {
  /** Narrowest regions that explain the excess, sorted; `['*']` = everywhere, or nobody can tell. */
  regions: string[];
  /** All regions with at least one report, sorted. */
  touched: string[];
}

/** Share of the excess located more finely that one, two or three regions must hold to stand for it. */
const covers = [0.8, 0.9, 0.95];
/** Voices that must come from a region before it is named. */
const leastVoices = 3;
/** Share of a region's reports that must say more precisely where they are before it is narrowed. */
const leastPrecise = 0.15;
/** Several regions are named instead of the one around them only if so many reports have told that they are usually no more than this share of it. */
const mostUsual = 0.5;
const leastUsual = 10;
/** Chance of a region's share by luck, spread over the regions compared. */
const luck = 0.01;
/** Usual reports that every region is given, so that a region never heard of has a small share and not none. */
const pseudoCount = 0.5;

/**
 * Narrows an outage down. A region is named when it holds nearly all of the located excess and more than its usual share
 * of the region around it (binomial, detection.md section 3); home regions need no more than their usual share.
 * @param now counts of the episode
 * @param usual counts of a quiet time before
 * @param options `scale`: length of the episode over the length of the quiet time; `pathOf`: a region and all that contain
 * it, narrowest first, ending in `*`; `home`: the service's own regions, null = everywhere
 */
export function localise(
  now: RegionCounts,
  usual: RegionCounts,
  options: { scale: number; pathOf(region: string): string[]; home: readonly string[] | null },
): Whereabouts {
  const { scale, pathOf, home } = options;
  const touched = [...now.keys()].filter((region) => region !== '*' && (now.get(region) as number) > 0).sort();
  const children = new Map<string, string[]>();
  for (const region of touched) {
    const around = pathOf(region)[1] ?? '*';
    children.set(around, [...(children.get(around) ?? []), region]);
  }
  const known = new Set([...usual.keys(), ...touched]);
  const childrenKnown = (around: string) => [...known].filter((r) => r !== '*' && (pathOf(r)[1] ?? '*') === around);
  /** Reports above the usual ones and their scatter. */
  function excess(region: string): number {
    const expected = (usual.get(region) ?? 0) * scale;
    return Math.max(0, (now.get(region) ?? 0) - expected - 2 * Math.sqrt(expected));
  }

  /** Usual share of the regions among the located reports of the region around them. */
  function usualShare(regions: readonly string[], around: string): number {
    const weight = (region: string) => (usual.get(region) ?? 0) + pseudoCount;
    let inside = 0;
    for (const region of regions) inside += weight(region);
    let all = 0;
    for (const region of childrenOnPath(regions, around)) all += weight(region);
    return Math.min(1, inside / Math.max(all, inside));
  }

  /** Regions directly in `around`, known by name, plus one place for all that are not. */
  function childrenOnPath(regions: readonly string[], around: string): string[] {
    return [...new Set([...childrenKnown(around), ...regions.map((r) => childOf(r, around)), 'elsewhere'])];
  }

  function childOf(region: string, around: string): string {
    const path = pathOf(region);
    return path[path.indexOf(around) - 1] ?? region;
  }

  const located = (around: string) =>
    (children.get(around) ?? []).reduce((sum, region) => sum + (now.get(region) as number), 0);

  function isMoreThanUsual(regions: readonly string[], around: string): boolean {
    if (around === '*' && home && regions.every((r) => home.some((h) => pathOf(r).includes(h)))) return true;
    const heard = regions.reduce((sum, region) => sum + (now.get(region) ?? 0), 0);
    const compared = Math.max(1, children.get(around)?.length ?? 0);
    return binomialSurprise(heard, located(around), usualShare(regions, around)) > -Math.log10(luck / compared);
  }

  /** The fewest regions directly in `around` that hold nearly all of its located excess; null when they are too many or too thin. */
  function fewest(around: string): string[] | null {
    const inside = (children.get(around) ?? []).map((region) => ({ region, excess: excess(region) }));
    inside.sort((a, b) => b.excess - a.excess || (a.region < b.region ? -1 : 1));
    const total = inside.reduce((sum, x) => sum + x.excess, 0);
    if (total < leastVoices || total < leastPrecise * excess(around)) return null;
    let held = 0;
    for (const [i, cover] of covers.entries()) {
      const next = inside[i];
      if (!next || next.excess < Math.min(leastVoices, total / 2)) return null;
      held += next.excess;
      if (held >= cover * total) return inside.slice(0, i + 1).map((x) => x.region);
    }
    return null;
  }

  /** True when the regions are known to be but a part of the one around them. */
  function isPart(regions: readonly string[], around: string): boolean {
    const told = childrenKnown(around).reduce((sum, region) => sum + (usual.get(region) ?? 0), 0);
    return told >= leastUsual && usualShare(regions, around) <= mostUsual;
  }

  /** Walks down from a region; `named` is the nearest one around that holds more than its usual share. */
  function narrow(around: string, named: string): string[] {
    const regions = fewest(around);
    if (!regions || (regions.length > 1 && !isPart(regions, around))) return [named];
    const stands = regions.every((region) => isMoreThanUsual([region], named));
    const found = regions.flatMap((region) => narrow(region, stands ? region : named));
    return [...new Set(found)];
  }

  const found = narrow('*', '*');
  // A region within another that is named too says nothing more.
  const regions = found.filter(
    (region) =>
      !pathOf(region)
        .slice(1)
        .some((wider) => found.includes(wider)),
  );
  return { regions: regions.includes('*') || regions.length === 0 ? ['*'] : regions.sort(), touched };
}

/** -log10 of the chance of `hits` or more in `n` draws of chance `p` (Chernoff's bound, so never too large). */
export function binomialSurprise(hits: number, n: number, p: number): number {
  if (n <= 0 || hits <= n * p) return 0;
  const share = Math.min(1, hits / n);
  const log = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return p <= 0 ? 99 : Math.min(99, (n * (log(share, p) + log(1 - share, 1 - p))) / Math.LN10);
}
