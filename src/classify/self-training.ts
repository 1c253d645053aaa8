// Self-training: posts that nobody labelled, learnt from as the model that the labels gave judges them.
import { appendRows, type Dataset, type UnlabelledPost } from './dataset.js';
import type { Kin } from './kin.js';
import { dot, type Example, type Rows } from './logistic.js';
import { chance, type Scaling, scaled } from './model.js';

/** Of posts less likely than this to be a signal, one in `chatShare` is learnt from: the model is sure of them already. */
const chatBelow = 0.02;
const chatShare = 10;
/** What a post counts of which the model is sure, beside one that was read; cross-validated. */
const ownWeight = 0.5;
/** Least certainty, 0..1, from which the model's own judgement is learnt from. */
const leastCertainty = 0.02;

/** What the model makes of a post: the chance of a signal, by the weights that labels alone gave. */
export interface Judge {
  weights: Float64Array;
  scaling: Scaling;
}

const judged = ({ weights, scaling }: Judge, rows: Rows, row: number): number =>
  chance(scaled(scaling, dot(rows, row, weights)));

/** The rows of labelled posts, and behind them those of the unlabelled posts that teach something. */
export function withUnlabelled(data: Dataset, posts: readonly UnlabelledPost[], kin: Kin, judge: Judge): Rows {
  let chat = 0;
  return appendRows(data, posts, kin, (rows, row) => judged(judge, rows, row) >= chatBelow || chat++ % chatShare === 0);
}

/**
 * Examples of the rows from `from` on, each on the side that the judge is surer of and by its certainty (Scudder:
 * Probability of error of some adaptive pattern-recognition machines, IEEE Transactions on Information Theory 11, 1965).
 * @param cost of an error in a labelled post of weight 1: of one that is no signal, and of one that is.
 */
export function ownExamples(rows: Rows, from: number, judge: Judge, cost: readonly [number, number]): Example[] {
  const out: Example[] = [];
  for (let row = from; row + 1 < rows.start.length; row++) {
    const p = judged(judge, rows, row);
    const certainty = Math.abs(2 * p - 1);
    const positive = p > 0.5;
    if (certainty >= leastCertainty) out.push({ row, positive, cost: ownWeight * certainty * cost[positive ? 1 : 0] });
  }
  return out;
}
