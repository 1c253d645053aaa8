// Known outages: how many a detector finds at a given alert rate on the untouched series.
import type { GridSeries, Judge } from './grid.js';
import { warmUpSeconds } from './inject.js';
import { countEpisodes, thresholdsAtRates } from './score.js';

export interface KnownOutage {
  service: string;
  /** Epoch seconds. */
  start: number;
  end: number;
  uncertaintySeconds: number;
  /** How the outage came to the list: only prior_knowledge and independent_list are fair. */
  selection: string;
}

export interface KnownOutcome {
  rate: number;
  found: number;
  of: number;
  /** Of the provider's own list of mostly minor incidents. */
  foundOfList: number;
  ofList: number;
}

/** An outage is found when an episode overlaps it, its start taken an hour (or its uncertainty) earlier. */
export function scoreKnown(
  series: readonly GridSeries[],
  outages: readonly KnownOutage[],
  judge: Judge,
  rates: readonly number[],
): { atRate: Map<number, KnownOutcome>; own: KnownOutcome | null } {
  let weeks = 0;
  let hasOwn = true;
  const judged = series.map((one) => {
    const { scores, alerts } = judge(one);
    hasOwn &&= alerts !== undefined;
    const t: number[] = [];
    const kept: number[] = [];
    const own: number[] = [];
    for (let i = Math.ceil(warmUpSeconds / one.width); i < scores.length; i++) {
      if (Number.isNaN(one.counts[i]!)) continue;
      t.push(one.start + i * one.width);
      kept.push(scores[i]!);
      own.push(alerts?.[i] ?? 0);
    }
    weeks += (t.length * one.width) / 604_800;
    return { name: one.name, width: one.width, t, scores: kept, own };
  });
  function outcome(alerting: (one: (typeof judged)[number], i: number) => boolean): KnownOutcome {
    const result = { rate: 0, found: 0, of: 0, foundOfList: 0, ofList: 0 };
    for (const one of judged) {
      const t = one.t.filter((_, i) => alerting(one, i));
      result.rate += countEpisodes(t) / weeks;
      const episodes: { from: number; to: number }[] = [];
      for (const time of t) {
        const last = episodes.at(-1);
        if (last && time - last.to <= 3 * 3600 + one.width) last.to = time + one.width;
        else episodes.push({ from: time, to: time + one.width });
      }
      for (const outage of outages) {
        if (outage.service !== one.name) continue;
        const margin = Math.max(3600, outage.uncertaintySeconds);
        const to = Math.max(outage.end, outage.start + margin);
        const hit = episodes.some((episode) => episode.from <= to && episode.to >= outage.start - margin);
        if (outage.selection === 'prior_knowledge') {
          result.of++;
          if (hit) result.found++;
        } else if (outage.selection === 'independent_list') {
          result.ofList++;
          if (hit) result.foundOfList++;
        }
      }
    }
    return result;
  }
  const atRate = new Map<number, KnownOutcome>();
  const thresholds = thresholdsAtRates(judged, weeks, rates);
  for (const [i, rate] of rates.entries())
    atRate.set(
      rate,
      outcome((one, row) => one.scores[row]! >= thresholds[i]!),
    );
  return { atRate, own: hasOwn ? outcome((one, row) => one.own[row] === 1) : null };
}
