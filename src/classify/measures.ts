// How well verdicts agree with labels.
import { type Kind, kinds } from '../core/post.js';

/** Harmonic mean of precision and recall; 0 when nothing is right. */
export function f1(right: number, invented: number, missed: number): number {
  return right === 0 ? 0 : (2 * right) / (2 * right + invented + missed);
}

/** F1 of yes-or-no answers. */
export function f1Of(said: readonly boolean[], is: readonly boolean[]): number {
  let right = 0;
  let invented = 0;
  let missed = 0;
  for (const [i, yes] of said.entries()) {
    if (yes && is[i]) right++;
    else if (yes) invented++;
    else if (is[i]) missed++;
  }
  return f1(right, invented, missed);
}

/** Average precision of a ranking by score; NaN without positives. */
export function averagePrecision(scores: readonly number[], is: readonly boolean[]): number {
  const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number));
  let right = 0;
  let sum = 0;
  for (const [rank, i] of order.entries()) if (is[i]) sum += ++right / (rank + 1);
  return sum / right;
}

/** Precision among the best-scored posts that hold the given share of all positives. */
export function precisionAtRecall(scores: readonly number[], is: readonly boolean[], recall: number): number {
  const order = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const wanted = is.filter(Boolean).length * recall;
  let right = 0;
  for (const [rank, i] of order.entries()) {
    if (is[i]) right++;
    if (right >= wanted) return right / (rank + 1);
  }
  return Number.NaN;
}

/** Expected calibration error over ten bins of equal width. */
export function calibrationError(scores: readonly number[], is: readonly boolean[]): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, said: 0, was: 0 }));
  for (const [i, p] of scores.entries()) {
    const bin = bins[Math.min(9, Math.floor(p * 10))] as { n: number; said: number; was: number };
    bin.n++;
    bin.said += p;
    bin.was += is[i] ? 1 : 0;
  }
  return bins.reduce((sum, b) => sum + Math.abs(b.said - b.was), 0) / scores.length;
}

/** Mean F1 over the five kinds. */
export function macroF1(said: readonly Kind[], is: readonly Kind[]): number {
  const each = kinds.map((kind) =>
    f1Of(
      said.map((k) => k === kind),
      is.map((k) => k === kind),
    ),
  );
  return each.reduce((a, b) => a + b, 0) / each.length;
}
