// Scores a detector on the injection benchmark: recall and delay at matched alert rates on the clean copies.
import type { Judge, Judgement } from './grid.js';
import { type BenchSeries, warmUpSeconds } from './inject.js';

const episodeGap = 3 * 3600;

export interface Outcome {
  /** Alerts per series and week on the clean copies. */
  rate: number;
  /** Mean over the sizes of the share of sudden outages found. */
  recall: number;
  /** Median minutes from onset to the end of the alerting step, by peak. */
  delay: Map<number, number>;
}

export interface Scored {
  atRate: Map<number, Outcome>;
  /** By the detector's own threshold, where it has one. */
  own: Outcome | null;
}

interface Judged {
  series: BenchSeries;
  judgement: Judgement;
}

/** Rows at most three hours apart are one episode. @param t ascending, seconds */
export function countEpisodes(t: readonly number[]): number {
  let episodes = 0;
  for (let i = 0; i < t.length; i++) if (i === 0 || t[i]! - t[i - 1]! > episodeGap) episodes++;
  return episodes;
}

/** Scans thresholds from the top down and stops before the rate first exceeds the target. */
export function thresholdsAtRates(
  clean: readonly { t: readonly number[]; scores: readonly number[] }[],
  weeks: number,
  rates: readonly number[],
): number[] {
  const values = Float64Array.from(clean.flatMap((c) => c.scores as number[])).sort();
  const steps: number[] = [];
  for (let i = values.length - 1; i >= 0 && steps.length < 5000; i--)
    if (values[i]! > 0 && values[i] !== steps.at(-1)) steps.push(values[i]!);
  const lowest = steps.at(-1) ?? 0;
  const candidates = clean.map(({ t, scores }) => {
    const kept = t.flatMap((time, i) => (scores[i]! >= lowest ? [{ time, score: scores[i]! }] : []));
    return kept;
  });
  const rate = (threshold: number) =>
    candidates.reduce(
      (sum, rows) => sum + countEpisodes(rows.filter((row) => row.score >= threshold).map((row) => row.time)),
      0,
    ) / weeks;
  let at = 0;
  let best = (steps[0] ?? 0) + 1e-9;
  return rates.map((target) => {
    while (at < steps.length && rate(steps[at]!) <= target) best = steps[at++]!;
    return best;
  });
}

/** Judges all series of one kind and scores the outcome. */
export function scoreKind(bench: readonly BenchSeries[], judge: Judge, rates: readonly number[]): Scored {
  const judged = bench.map((series) => ({ series, judgement: judge(series) }));
  const clean = judged.filter(({ series }) => series.clean);
  const planted = judged.filter(({ series }) => !series.clean);
  let weeks = 0;
  const rows = clean.map(({ series, judgement }) => {
    const t: number[] = [];
    const scores: number[] = [];
    const first = Math.ceil(warmUpSeconds / series.width);
    for (let i = first; i < series.counts.length; i++) {
      if (Number.isNaN(series.counts[i]!)) continue;
      t.push(series.start + i * series.width);
      scores.push(judgement.scores[i]!);
    }
    weeks += (t.length * series.width) / 604_800;
    return { t, scores };
  });
  const atRate = new Map<number, Outcome>();
  const thresholds = thresholdsAtRates(rows, weeks, rates);
  for (const [i, rate] of rates.entries())
    atRate.set(rate, { rate, ...found(planted, (j, step) => j.scores[step]! >= thresholds[i]!) });
  let own: Outcome | null = null;
  if (clean.every(({ judgement }) => judgement.alerts)) {
    let episodes = 0;
    for (const { series, judgement } of clean) {
      const first = Math.ceil(warmUpSeconds / series.width);
      const t = [...judgement.alerts!.keys()].filter((step) => step >= first && judgement.alerts![step] === 1);
      episodes += countEpisodes(t.map((step) => series.start + step * series.width));
    }
    own = { rate: episodes / weeks, ...found(planted, (j, step) => j.alerts![step] === 1) };
  }
  return { atRate, own };
}

/** A planted outage is found when an alerting step ends after its onset and not after its end. */
function found(judged: readonly Judged[], alerts: (judgement: Judgement, step: number) => boolean) {
  const bySize = new Map<number, (number | null)[]>();
  for (const { series, judgement } of judged) {
    for (const { start, end, peak, shape } of series.planted) {
      if (shape !== 'fast') continue;
      const first = Math.floor((start - series.start) / series.width);
      const last = Math.max(end, start + series.width);
      let delay: number | null = null;
      for (let step = Math.max(0, first); step < series.counts.length && delay === null; step++) {
        const ends = series.start + (step + 1) * series.width;
        if (ends > last) break;
        if (ends > start && !Number.isNaN(series.counts[step]!) && alerts(judgement, step)) delay = (ends - start) / 60;
      }
      bySize.set(peak, [...(bySize.get(peak) ?? []), delay]);
    }
  }
  const delay = new Map<number, number>();
  let recall = 0;
  for (const [peak, delays] of bySize) {
    const times = delays.filter((d): d is number => d !== null).sort((a, b) => a - b);
    recall += times.length / delays.length / bySize.size;
    if (times.length > 0) delay.set(peak, median(times));
  }
  return { recall, delay };
}

/** @param sorted ascending, not empty */
export function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
