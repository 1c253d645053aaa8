// Tells when very many services rise at once: an event of a whole platform, or a fault of our own sources.

import type { Reading, SeriesKey } from '../core/signal.js';

/** A service rises when one of its series surprises by more than this; it need not alert. */
const rises = 2;
/** More than this share of the services heard in the last day have one cause in common, when they are at least so many. */
const share = 0.2;
const leastServices = 5;

/**
 * What is to be said of all services that rise in one step, when they are too many to fail by themselves.
 * @param judged the readings of the step
 * @param heard asked for the series with reports in the last day, only when enough services rise
 * @returns null when each stands for itself
 */
export async function findCommonCause(
  judged: readonly (SeriesKey & { reading: Reading })[],
  heard: () => Promise<readonly SeriesKey[]>,
): Promise<string | null> {
  const rising = new Set(judged.filter(({ reading }) => reading.surprise > rises).map(({ service }) => service));
  if (rising.size < leastServices) return null;
  const active = new Set((await heard()).map(({ service }) => service));
  if (rising.size <= share * active.size) return null;
  return `${rising.size} of ${active.size} services rise at once: one cause in common, or a fault of our own sources`;
}
