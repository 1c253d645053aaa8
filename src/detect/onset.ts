// When an outage began and when its reports were most numerous, from minute counts.

import { minute } from '../core/time.js';

/** One minute with reports. */
export interface MinuteCount {
  /** Start of the minute, epoch ms. */
  t: number;
  count: number;
}

/** Minutes in which reports may rise to their level; 0 is a step. */
const rises = [0, 5, 10, 20, 40, 80];
/** Below one report in a day, a usual rate says nothing more. */
const leastPerMinute = 1 / 1440;
const peakMinutes = 5;

/**
 * The minute in which reports began to rise: the median of a change point's likelihood over all start minutes and
 * rises, each with its best height (Poisson counts above a known usual rate).
 * @param counts minutes with reports in [from, to), in order; minutes left out hold none
 * @param usualPerMinute usual reports in a minute
 * @returns epoch ms of a minute in [from, to)
 */
export function findOnset(
  counts: readonly MinuteCount[],
  range: { from: number; to: number; usualPerMinute: number },
): number {
  const usual = Math.max(range.usualPerMinute, leastPerMinute);
  const minutes = Math.round((range.to - range.from) / minute);
  const heard = counts
    .filter(({ t, count }) => t >= range.from && t < range.to && count > 0)
    .map(({ t, count }) => ({ at: (t - range.from) / minute, count }));
  const logs = new Float64Array(minutes).fill(Number.NEGATIVE_INFINITY);
  let best = 0;
  for (let start = 0; start < minutes; start++) {
    for (const rise of rises) {
      const log = logLikelihood(heard, start, minutes, rise, usual);
      if (log === null) continue;
      logs[start] = addLogs(logs[start] as number, log);
    }
    best = Math.max(best, logs[start] as number);
  }
  const weights = logs.map((log) => Math.exp(log - best));
  const half = weights.reduce((sum, w) => sum + w, 0) / 2;
  let sum = 0;
  for (let start = 0; start < minutes; start++) {
    sum += weights[start] as number;
    if (half > 0 && sum >= half) return range.from + start * minute;
  }
  // Nothing rises: the first report there is, or the last minute.
  return heard[0] ? range.from + heard[0].at * minute : range.to - minute;
}

/** Log of the likelihood ratio of an outage that starts at `start` and rises for `rise` minutes; null when nothing rises. */
function logLikelihood(
  heard: readonly { at: number; count: number }[],
  start: number,
  minutes: number,
  rise: number,
  usual: number,
): number | null {
  // Height relative to full level in the middle of the minute `i` minutes after the start.
  const shape = (i: number) => (rise === 0 ? 1 : Math.min(1, (i + 0.5) / rise));
  const after = heard.filter(({ at }) => at >= start);
  let exposure = 0;
  for (let i = 0; i < minutes - start; i++) exposure += shape(i);
  let total = 0;
  for (const { count } of after) total += count;
  let height = total / exposure;
  // Expectation-maximisation: each minute's reports are shared between the usual rate and the outage.
  for (let turn = 0; turn < 6 && height > 0; turn++) {
    let excess = 0;
    for (const { at, count } of after) {
      const s = height * shape(at - start);
      excess += (count * s) / (usual + s);
    }
    height = excess / exposure;
  }
  if (!(height > 0)) return null;
  let log = -height * exposure;
  for (const { at, count } of after) log += count * Math.log1p((height * shape(at - start)) / usual);
  return log;
}

function addLogs(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log(Math.exp(a - high) + Math.exp(b - high));
}

/** Start of the minute around which five minutes hold the most reports, the earliest of equals; null without counts. */
export function findPeak(counts: readonly MinuteCount[]): number | null {
  let best: { t: number; sum: number } | null = null;
  const reach = Math.floor(peakMinutes / 2) * minute;
  let first = 0;
  for (const { t } of counts) {
    while ((counts[first] as MinuteCount).t < t - reach) first++;
    let sum = 0;
    for (let i = first; i < counts.length && (counts[i] as MinuteCount).t <= t + reach; i++)
      sum += (counts[i] as MinuteCount).count;
    if (!best || sum > best.sum) best = { t, sum };
  }
  return best?.t ?? null;
}
