// The score of the Numenta Anomaly Benchmark, standard profile, written from its published description
// (Lavin and Ahmad 2015, arXiv:1510.03336).
import type { GridSeries, Judge } from './grid.js';

export interface NabSeries {
  series: GridSeries;
  /** Step of each row of the file. */
  steps: number[];
  /** First and last row of each anomaly window. */
  windows: (readonly [number, number])[];
}

const costOfFalse = 0.11;

const sigmoid = (y: number) => (y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1);
const mostSigmoid = sigmoid(-1);

interface Weighed {
  weight: Float64Array;
  /** Window of each row, -1 = none. */
  window: Int32Array;
  firstScored: number;
  windows: number;
}

/** What an alert at each row is worth, whatever the detector. */
function weigh({ steps, windows }: NabSeries): Weighed {
  const n = steps.length;
  const weight = new Float64Array(n);
  const window = new Int32Array(n).fill(-1);
  let k = 0;
  let before: readonly [number, number] | null = null;
  for (let i = 0; i < n; i++) {
    const next: readonly [number, number] | undefined = windows[k];
    if (next && i === next[0]) {
      const width = next[1] - next[0] + 1;
      for (; i <= next[1]; i++) {
        window[i] = k;
        weight[i] = sigmoid(-(next[1] - i + 1) / width) / mostSigmoid;
      }
      before = next;
      k++;
      i--;
    } else weight[i] = before === null ? -1 : sigmoid((i - before[1]) / (before[1] - before[0]));
  }
  return { weight, window, windows: windows.length, firstScored: Math.min(Math.floor(0.15 * n), 750) };
}

/** Raw score of alerts (row numbers) on one series: the earliest alert of a window counts, a missed window costs 1. */
function rawScore(weighed: Weighed, alerts: readonly number[]): number {
  const best = new Array<number>(weighed.windows).fill(-1);
  let score = 0;
  for (const row of alerts) {
    if (row < weighed.firstScored) continue;
    const k = weighed.window[row]!;
    if (k < 0) score += costOfFalse * weighed.weight[row]!;
    else best[k] = Math.max(best[k]!, weighed.weight[row]!);
  }
  return score + best.reduce((a, b) => a + b, 0);
}

/** 0 = no alert ever, 100 = every window at its first row and nothing else. */
export function scoreNab(corpus: readonly NabSeries[], judge: Judge) {
  const judged = corpus.map((one) => {
    const { alerts, ratios } = judge(one.series);
    return {
      weighed: weigh(one),
      alerts: one.steps.flatMap((step, row) => (alerts![step] === 1 ? [row] : [])),
      ratios: one.steps.map((step) => ratios![step]!),
    };
  });
  const windows = judged.reduce((sum, { weighed }) => sum + weighed.windows, 0);
  const normal = (raw: number, count: number) => (100 * (raw + count)) / (2 * count);
  const byOwn = judged.reduce((sum, { weighed, alerts }) => sum + rawScore(weighed, alerts), 0);
  const at = (one: (typeof judged)[number], threshold: number) =>
    rawScore(
      one.weighed,
      one.ratios.flatMap((ratio, row) => (ratio >= threshold ? [row] : [])),
    );
  const thresholds = [...new Set(judged.flatMap(({ ratios }) => ratios.filter((ratio) => ratio > 0.5)))];
  const table = thresholds.map((threshold) => judged.map((one) => at(one, threshold)));
  let leftOut = 0;
  for (const [i] of judged.entries()) {
    let best = Number.NEGATIVE_INFINITY;
    let own = 0;
    for (const row of table) {
      const others = row.reduce((sum, raw, j) => (j === i ? sum : sum + raw), 0);
      if (others > best) [best, own] = [others, row[i]!];
    }
    leftOut += own;
  }
  let hit = 0;
  let falseAlerts = 0;
  let weeks = 0;
  for (const [i, { weighed, alerts }] of judged.entries()) {
    const scored = alerts.filter((row) => row >= weighed.firstScored);
    hit += new Set(scored.map((row) => weighed.window[row]!).filter((k) => k >= 0)).size;
    falseAlerts += scored.filter((row) => weighed.window[row]! < 0).length;
    weeks += ((corpus[i]!.steps.length - weighed.firstScored) * corpus[i]!.series.width) / 604_800;
  }
  return {
    own: normal(byOwn, windows),
    leaveOneOut: normal(leftOut, windows),
    windows,
    hit,
    falsePerWeek: falseAlerts / weeks,
  };
}
