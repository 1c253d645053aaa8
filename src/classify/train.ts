// Trains a model from labelled posts: same posts and seed, same bytes.
import { isSignal, type Role, roles, symptoms } from '../core/post.js';
import { createDataset, type LabelledPost, type UnlabelledPost } from './dataset.js';
import { FeatureIndex } from './feature-index.js';
import { Features } from './features.js';
import type { Kin } from './kin.js';
import { type LinearModel, quantise } from './linear-model.js';
import { calibrate, createRandom, dot, type Example, type Rows, trainLogistic } from './logistic.js';
import { combine, encodeModel, kindHeads, type Scaling, scaled } from './model.js';
import { addRoleSlots, RoleFeatures } from './role.js';
import { ownExamples, withUnlabelled } from './self-training.js';

export interface TrainOptions {
  seed: number;
  /** What the catalog knows of the services. */
  kin: Kin;
  /** Posts without labels, from which signals are learnt as the labels make the model judge them. */
  unlabelled?: readonly UnlabelledPost[];
  /** Told what is being done and how far it is, 0..1. */
  onProgress?: (step: string, done: number) => void;
}

/** Weight of the error term against the size of the weights. */
const strength = 3;
const calibrationFolds = 4;
const roleStrength = 16;
/** Symptoms are told from fewer posts, and better without the skeleton. */
const leastForSymptoms = [3, 5, 1, 1, 1, 3, Number.POSITIVE_INFINITY];
/** Causes are rare, and a context taken for a subject does more harm than the reverse. */
const roleWeight: Record<Role, number> = { subject: 1, cause: 3, context: 1.5 };
/**
 * Real posts tell subjects only; a post that names one service teaches little about roles, and so does one that says
 * nothing of a failure.
 */
const realRoleWeight = 0.25;
const aloneWeight = 0.2;
const otherWeight = 0.1;

/** How far a post belongs to each head, 0..1; null = the head does not learn from it. */
const targets: Record<(typeof kindHeads)[number], (post: LabelledPost) => number | null> = {
  signal: (p) => {
    const label = isSignal(p.kind) ? 1 : 0;
    return p.secondOpinion === null ? label : (label + p.secondOpinion) / 2;
  },
  question: (p) => (isSignal(p.kind) ? (p.kind === 'question' ? 1 : 0) : null),
  news: (p) => (p.kind === 'news' ? 1 : 0),
  recovery: (p) => (p.kind === 'recovery' ? 1 : 0),
};

/** Examples of one head, both classes given the same total weight, and the cost of a whole example of each class. */
function examplesOf(
  posts: readonly LabelledPost[],
  head: (typeof kindHeads)[number],
  use: (i: number) => boolean,
): { examples: Example[]; cost: [number, number] } {
  const out: Example[] = [];
  const total: [number, number] = [0, 0];
  for (const [i, post] of posts.entries()) {
    const target = use(i) ? targets[head](post) : null;
    if (target === null) continue;
    const weight = head === 'signal' ? post.weight : 1;
    for (const positive of [true, false]) {
      const share = weight * (positive ? target : 1 - target);
      if (share <= 0) continue;
      total[positive ? 1 : 0] += share;
      out.push({ row: i, positive, cost: share });
    }
  }
  const whole = (strength * (total[0] + total[1])) / 2;
  const cost: [number, number] = [whole / total[0], whole / total[1]];
  return { examples: out.map((e) => ({ ...e, cost: e.cost * cost[e.positive ? 1 : 0] })), cost };
}

/** Folds of equal size at random, each with its share of signals. */
export function randomFolds(posts: readonly LabelledPost[], folds: number, seed: number): Int32Array {
  const random = createRandom(seed);
  const order = [...posts.keys()];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const out = new Int32Array(posts.length);
  const next = [0, 0];
  for (const i of order) out[i] = next[isSignal((posts[i] as LabelledPost).kind) ? 1 : 0]!++ % folds;
  return out;
}

/** Weights of one head from all posts but those of one fold, for each fold. */
function crossWeights(
  rows: Rows,
  count: number,
  examples: (fold: number) => readonly Example[],
  seed: number,
  onFold: () => void,
): Float64Array[] {
  return Array.from({ length: count }, (_, fold) => {
    const weights = trainLogistic(rows, examples(fold), { seed, rounds: 8, tolerance: 0.1 });
    onFold();
    return weights;
  });
}

/** Score of each post by the weights that have not seen its fold. */
function crossScores(rows: Rows, folds: Int32Array, weights: readonly Float64Array[]): Float64Array {
  return Float64Array.from(folds, (fold, i) => dot(rows, i, weights[fold] as Float64Array));
}

/** Platt scaling of a head from cross-validated scores. */
function scalingOf(posts: readonly LabelledPost[], head: (typeof kindHeads)[number], scores: Float64Array): Scaling {
  const used = [...posts.keys()].filter((i) => targets[head](posts[i] as LabelledPost) !== null);
  return calibrate(
    used.map((i) => scores[i] as number),
    used.map((i) => targets[head](posts[i] as LabelledPost) as number),
    used.map(() => 1),
  );
}

const thorough = { rounds: 20, tolerance: 0.05 };

function trainSymptoms(posts: readonly LabelledPost[], kin: Kin, seed: number): LinearModel {
  const told = posts.filter((p) => p.symptom !== null);
  const data = createDataset(told, kin, leastForSymptoms);
  const examples = symptoms.map((symptom) =>
    told.map((p, row) => ({ row, positive: p.symptom === symptom, cost: 1.5 * (p.symptom === symptom ? 1.5 : 1) })),
  );
  return quantise(
    data.index,
    data.idf,
    examples.map((e) => trainLogistic(data.rows, e, { seed, ...thorough })),
  );
}

/** Role of each mention as the labels tell it; null where they do not. */
export function labelledRole(post: LabelledPost, service: string): Role | null {
  if (post.subjects.includes(service)) return 'subject';
  if (post.causes === null) return post.kind === 'other' ? null : 'context';
  return post.causes.includes(service) ? 'cause' : 'context';
}

function trainRoles(posts: readonly LabelledPost[], kin: Kin, seed: number): LinearModel {
  const index = new FeatureIndex(1, 1 << 16);
  const reader = new Features(kin);
  const one = new RoleFeatures(kin);
  const scratch = new Int32Array(4096);
  const found: { slots: Int32Array; role: Role; weight: number }[] = [];
  for (const post of posts) {
    reader.read(post, post.mentions);
    one.begin(reader.scan, post.mentions);
    for (const [i, m] of post.mentions.entries()) {
      const role = labelledRole(post, m.service);
      if (role === null) continue;
      one.read(reader.scan, post.mentions, i);
      const n = addRoleSlots(one, index, scratch);
      const named = new Set(post.mentions.map((x) => x.service)).size;
      found.push({
        slots: scratch.slice(0, n),
        role,
        weight:
          (post.written ? 1 : realRoleWeight) *
          (named > 1 ? 1 : aloneWeight) *
          (post.kind === 'other' ? otherWeight : 1),
      });
    }
  }
  const rows: Rows = {
    start: new Int32Array(found.length + 1),
    index: new Int32Array(found.reduce((sum, f) => sum + f.slots.length, 0)),
    value: new Float32Array(found.reduce((sum, f) => sum + f.slots.length, 0)),
    columns: index.count + 1,
  };
  let at = 0;
  for (const [i, { slots }] of found.entries()) {
    rows.index.set(slots, at);
    rows.value.fill(1 / Math.sqrt(slots.length), at, at + slots.length);
    at += slots.length;
    rows.start[i + 1] = at;
  }
  return quantise(
    index,
    new Float32Array(index.count).fill(1),
    roles.map((role) =>
      trainLogistic(
        rows,
        found.map((f, row) => ({
          row,
          positive: f.role === role,
          cost: roleStrength * f.weight * roleWeight[f.role],
        })),
        { seed },
      ),
    ),
  );
}

/** One head: its weights, those that have not seen a fold each, and what these say of the labelled posts. */
interface Head {
  weights: Float64Array;
  crossed: Float64Array[];
  scores: Float64Array;
  scaling: Scaling;
}

/** Trains all parts. @returns the bytes of a model file. */
export function trainModel(posts: readonly LabelledPost[], options: TrainOptions): Buffer {
  const progress = options.onProgress ?? (() => {});
  const { seed, kin, unlabelled = [] } = options;
  progress('reading', 0);
  const data = createDataset(posts, kin);
  const folds = randomFolds(posts, calibrationFolds, seed);
  const trainings = kindHeads.length + (unlabelled.length > 0 ? 1 : 0);
  const steps = trainings * (calibrationFolds + 1) + 2;
  let step = 0;
  const tick = (name: string) => progress(name, ++step / steps);

  /** @param examples those of a head without a fold; -1 leaves none out. */
  function learn(head: (typeof kindHeads)[number], rows: Rows, examples: (fold: number) => readonly Example[]): Head {
    const crossed = crossWeights(rows, calibrationFolds, examples, seed, () => tick(`calibrating ${head}`));
    const scores = crossScores(rows, folds, crossed);
    tick(`training ${head}`);
    const weights = trainLogistic(rows, examples(-1), { seed, ...thorough });
    return { weights, crossed, scores, scaling: scalingOf(posts, head, scores) };
  }
  const others = (fold: number) => (i: number) => folds[i] !== fold;
  const heads = kindHeads.map((head) =>
    learn(head, data.rows, (fold) => examplesOf(posts, head, others(fold)).examples),
  );
  if (unlabelled.length > 0) {
    const { weights, crossed, scaling } = heads[0] as Head;
    const rows = withUnlabelled(data, unlabelled, kin, { weights, scaling });
    heads[0] = learn('signal', rows, (fold) => {
      const { examples, cost } = examplesOf(posts, 'signal', others(fold));
      const judge = { weights: crossed[fold] ?? weights, scaling };
      return [...examples, ...ownExamples(rows, posts.length, judge, cost)];
    });
  }
  const scalings = heads.map((head) => head.scaling);
  const odds = (h: number, i: number) => scaled(scalings[h] as Scaling, heads[h]?.scores[i] as number);
  const combined = Float64Array.from(posts, (_, i) => combine(odds(0, i), odds(2, i), odds(3, i)));
  scalings.push(scalingOf(posts, 'signal', combined));
  const kinds = quantise(
    data.index,
    data.idf,
    heads.map((head) => head.weights),
  );
  tick('training symptoms');
  const symptomModel = trainSymptoms(posts, kin, seed);
  tick('training roles');
  const roleModel = trainRoles(posts, kin, seed);
  return encodeModel({ kinds, scalings, symptoms: symptomModel, roles: roleModel });
}
