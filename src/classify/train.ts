// Trains a model from labelled posts: same posts and seed, same bytes.
import { isSignal, type Role, roles, symptoms } from '../core/post.js';
import { createDataset, type Dataset, type LabelledPost } from './dataset.js';
import { FeatureIndex } from './feature-index.js';
import { Features } from './features.js';
import type { Kin } from './kin.js';
import { type LinearModel, quantise } from './linear-model.js';
import { calibrate, createRandom, dot, type Example, type Rows, trainLogistic } from './logistic.js';
import { combine, encodeModel, kindHeads, type Scaling, scaled } from './model.js';
import { addRoleSlots, RoleFeatures } from './role.js';

export interface TrainOptions {
  seed: number;
  /** What the catalog knows of the services. */
  kin: Kin;
  /** Told what is being done and how far it is, 0..1. */
  onProgress?: (step: string, done: number) => void;
}

/** Weight of the error term against the size of the weights. */
const strength = 3;
const calibrationFolds = 4;
const roleStrength = 8;
/** Symptoms are told from fewer posts, and better without the skeleton. */
const leastForSymptoms = [3, 5, 1, 1, 1, 3, Number.POSITIVE_INFINITY];
/** Causes are rare. */
const causeWeight = 4;
/** Real posts tell subjects only, and a post that names one service teaches little about roles. */
const realRoleWeight = 0.25;
const aloneWeight = 0.2;

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

/** Examples of one head, both classes given the same total weight. */
function examplesOf(
  posts: readonly LabelledPost[],
  head: (typeof kindHeads)[number],
  use: (i: number) => boolean,
): Example[] {
  const out: Example[] = [];
  const total = [0, 0];
  for (const [i, post] of posts.entries()) {
    const target = use(i) ? targets[head](post) : null;
    if (target === null) continue;
    const weight = head === 'signal' ? post.weight : 1;
    for (const positive of [true, false]) {
      const share = weight * (positive ? target : 1 - target);
      if (share <= 0) continue;
      total[positive ? 1 : 0]! += share;
      out.push({ row: i, positive, cost: share });
    }
  }
  const sum = (total[0] as number) + (total[1] as number);
  return out.map((e) => ({ ...e, cost: (strength * e.cost * sum) / (2 * (total[e.positive ? 1 : 0] as number)) }));
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

/** Scores of one head for each post by a model that has not seen the post's fold. */
function crossScores(
  data: Dataset,
  head: (typeof kindHeads)[number],
  folds: Int32Array,
  seed: number,
  onFold: () => void = () => {},
): Float64Array {
  const out = new Float64Array(data.posts.length);
  const count = Math.max(...folds) + 1;
  for (let fold = 0; fold < count; fold++) {
    const w = trainLogistic(
      data.rows,
      examplesOf(data.posts, head, (i) => folds[i] !== fold),
      { seed, rounds: 8, tolerance: 0.1 },
    );
    for (let i = 0; i < out.length; i++) if (folds[i] === fold) out[i] = dot(data.rows, i, w);
    onFold();
  }
  return out;
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

function trainHeads(data: Dataset, examples: readonly Example[][], seed: number): LinearModel {
  return quantise(
    data.index,
    data.idf,
    examples.map((e) => trainLogistic(data.rows, e, { seed, rounds: 20, tolerance: 0.05 })),
  );
}

function trainSymptoms(posts: readonly LabelledPost[], kin: Kin, seed: number): LinearModel {
  const told = posts.filter((p) => p.symptom !== null);
  const data = createDataset(told, kin, leastForSymptoms);
  const examples = symptoms.map((symptom) =>
    told.map((p, row) => ({ row, positive: p.symptom === symptom, cost: 1.5 * (p.symptom === symptom ? 1.5 : 1) })),
  );
  return trainHeads(data, examples, seed);
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
      const role = post.kind === 'other' ? null : labelledRole(post, m.service);
      if (role === null) continue;
      one.read(reader.scan, post.mentions, i);
      const n = addRoleSlots(one, index, scratch);
      const named = new Set(post.mentions.map((x) => x.service)).size;
      found.push({
        slots: scratch.slice(0, n),
        role,
        weight: (post.written ? 1 : realRoleWeight) * (named > 1 ? 1 : aloneWeight),
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
          cost: roleStrength * f.weight * (f.role === 'cause' ? causeWeight : 1),
        })),
        { seed },
      ),
    ),
  );
}

/** Trains all parts. @returns the bytes of a model file. */
export function trainModel(posts: readonly LabelledPost[], options: TrainOptions): Buffer {
  const progress = options.onProgress ?? (() => {});
  const { seed, kin } = options;
  progress('reading', 0);
  const data = createDataset(posts, kin);
  const folds = randomFolds(posts, calibrationFolds, seed);
  const steps = kindHeads.length * (calibrationFolds + 1) + 2;
  let step = 0;
  const tick = (name: string) => progress(name, ++step / steps);
  const crossed = kindHeads.map((head) => crossScores(data, head, folds, seed, () => tick(`calibrating ${head}`)));
  const scalings = kindHeads.map((head, h) => scalingOf(posts, head, crossed[h] as Float64Array));
  const odds = (h: number, i: number) => scaled(scalings[h] as Scaling, crossed[h]?.[i] as number);
  const combined = Float64Array.from(posts, (_, i) => combine(odds(0, i), odds(2, i), odds(3, i)));
  scalings.push(scalingOf(posts, 'signal', combined));
  const examples = kindHeads.map((head) => {
    tick(`training ${head}`);
    return examplesOf(posts, head, () => true);
  });
  const kinds = trainHeads(data, examples, seed);
  tick('training symptoms');
  const symptomModel = trainSymptoms(posts, kin, seed);
  tick('training roles');
  const roleModel = trainRoles(posts, kin, seed);
  return encodeModel({ kinds, scalings, symptoms: symptomModel, roles: roleModel });
}
