// How many reports a region usually brings in some time, from what the detector expected there.
import type { ReadStore } from '../../core/ports.js';
import { day, week } from '../../core/time.js';

/**
 * Over more than a week the last week stands for all: what is usual comes back weekly.
 * @returns reports to be expected in [from, to); 0 where nobody reported anything for a day, so that nothing is expected.
 * Between two judgements the expectation is that of the earlier one.
 */
export async function usualOf(
  read: Pick<ReadStore, 'readings'>,
  key: { service: string; region: string },
  { from, to }: { from: number; to: number },
): Promise<number> {
  const first = Math.max(from, to - week);
  const readings = await read.readings(key, first - day, to);
  const sum = readings.reduce((sum, { t, expected, widthMs }, i) => {
    const until = Math.min(readings[i + 1]?.t ?? to, to, t + day);
    const lasts = until - Math.max(t, first);
    return lasts > 0 ? sum + (expected * lasts) / widthMs : sum;
  }, 0);
  return (sum * (to - from)) / (to - first);
}
