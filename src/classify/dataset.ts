// Labelled posts as sparse rows for training.
import type { Kind, Mention, Symptom } from '../core/post.js';
import { FeatureIndex } from './feature-index.js';
import { Features, runs } from './features.js';
import type { Kin } from './kin.js';
import type { Rows } from './logistic.js';
import { families, familyScale, fixedSlots } from './slots.js';

/** One post with what careful readers said of it. */
export interface LabelledPost {
  id: string;
  text: string;
  lang: string | null;
  platform: string;
  context: string | null;
  kind: Kind;
  symptom: Symptom | null;
  /** Services that fail. */
  subjects: string[];
  /** Services blamed and services merely named; null when the readers did not say. */
  causes: string[] | null;
  contexts: string[] | null;
  /** False when another reader might differ. */
  sure: boolean;
  /** Probability of report or question when unsure readers are asked again; null when they were not. */
  secondOpinion: number | null;
  /** ISO code of the author's region, or null. */
  region: string | null;
  /** Where the posts of one kind come from: a file, a batch. */
  origin: string;
  /** Written for this project, in a style of its own. */
  written: boolean;
  /** What it counts beside others when signals are learnt. */
  weight: number;
  /** Services found in it. */
  mentions: Mention[];
}

/** Least posts that a feature of each family must occur in. */
const leastPosts = [3, 4, 1, 1, 1, 2, 4];

export interface Dataset {
  posts: readonly LabelledPost[];
  index: FeatureIndex;
  rows: Rows;
  idf: Float32Array;
}

/** Reads all posts into rows over an index of the features that are frequent enough. */
export function createDataset(
  posts: readonly LabelledPost[],
  kin: Kin,
  least: readonly number[] = leastPosts,
): Dataset {
  const all = new FeatureIndex(fixedSlots, 1 << 20);
  const reader = new Features(kin);
  const slots: Int32Array[] = [];
  const kept: Uint8Array[] = [];
  let counts = new Int32Array(1 << 20);
  for (const post of posts) {
    reader.read(post, post.mentions);
    const { slot, family } = slotsOf(reader, (hash) => all.add(hash));
    slots.push(slot);
    kept.push(family);
    if (all.count > counts.length) {
      const grown = new Int32Array(all.count * 2);
      grown.set(counts);
      counts = grown;
    }
    for (const s of slot) counts[s]!++;
  }
  // Features too rare to learn from get no slot.
  const familyOf = new Uint8Array(all.count);
  for (const [i, slot] of slots.entries())
    for (let k = 0; k < slot.length; k++) familyOf[slot[k] as number] = (kept[i] as Uint8Array)[k] as number;
  const index = new FeatureIndex(fixedSlots, 1 << 18);
  const renamed = new Int32Array(all.count);
  const hashes = all.hashes();
  const use = (s: number) => (counts[s] as number) >= (least[familyOf[s] as number] as number);
  for (let s = 1; s < all.count; s++)
    if (use(s)) renamed[s] = s < fixedSlots ? s : index.add(hashes[s - fixedSlots] as number);
  const idf = new Float32Array(index.count).fill(1);
  for (let s = fixedSlots; s < all.count; s++)
    if (renamed[s] !== 0) idf[renamed[s] as number] = Math.log((1 + posts.length) / (1 + (counts[s] as number))) + 1;

  let size = 0;
  for (const slot of slots) for (const s of slot) if (renamed[s] !== 0) size++;
  const rows: Rows = {
    start: new Int32Array(posts.length + 1),
    index: new Int32Array(size),
    value: new Float32Array(size),
    columns: index.count + 1,
  };
  const familyOfValue = new Uint8Array(size);
  let at = 0;
  for (const [i, slot] of slots.entries()) {
    for (let k = 0; k < slot.length; k++) {
      const s = renamed[slot[k] as number] as number;
      if (s === 0) continue;
      rows.index[at] = s;
      familyOfValue[at++] = (kept[i] as Uint8Array)[k] as number;
    }
    rows.start[i + 1] = at;
    scaleRow(rows, i, familyOfValue.subarray(rows.start[i]), idf);
  }
  return { posts, index, rows, idf };
}

/** Sets the values of a row from the rarity of its features, each family scaled to its length. */
function scaleRow({ start, index, value }: Rows, row: number, family: Uint8Array, idf: Float32Array): void {
  const from = start[row] as number;
  const to = start[row + 1] as number;
  const squares = new Float64Array(families.length);
  for (let k = from; k < to; k++) squares[family[k - from] as number]! += (idf[index[k] as number] as number) ** 2;
  for (let k = from; k < to; k++) {
    const f = family[k - from] as number;
    value[k] = (idf[index[k] as number] as number) * ((familyScale[f] as number) / Math.sqrt(squares[f] as number));
  }
}

/** What is read of a post that nobody labelled. */
export type UnlabelledPost = Pick<LabelledPost, 'text' | 'lang' | 'platform' | 'context' | 'origin' | 'mentions'>;

/**
 * The rows of a dataset, and behind them those of unlabelled posts, over the features that it knows.
 * @param isKept asked of each of these posts when its row stands at the end; without it the row is taken back.
 */
export function appendRows(
  { posts, index, rows, idf }: Dataset,
  unlabelled: readonly UnlabelledPost[],
  kin: Kin,
  isKept: (rows: Rows, row: number) => boolean,
): Rows {
  const reader = new Features(kin);
  const out: Rows = { ...rows, start: new Int32Array(posts.length + unlabelled.length + 1) };
  out.start.set(rows.start);
  let row = posts.length;
  for (const post of unlabelled) {
    reader.read(post, post.mentions);
    const { slot, family } = slotsOf(reader, (hash) => index.find(hash));
    const from = out.start[row] as number;
    if (from + slot.length > out.index.length) {
      const { index, value } = out;
      const size = Math.max(index.length * 2, from + slot.length);
      out.index = new Int32Array(size);
      out.index.set(index);
      out.value = new Float32Array(size);
      out.value.set(value);
    }
    out.index.set(slot, from);
    out.start[row + 1] = from + slot.length;
    scaleRow(out, row, family, idf);
    if (isKept(out, row)) row++;
  }
  return { ...out, start: out.start.subarray(0, row + 1) };
}

/** Slots of the features that were read last, each once, with their families; `slotOf` tells that of a hash, 0 for none. */
function slotsOf({ key, end }: Features, slotOf: (hash: number) => number): { slot: Int32Array; family: Uint8Array } {
  const families = new Map<number, number>();
  let k = 0;
  for (const [run, { family, fixed }] of runs.entries())
    for (; k < (end[run] as number); k++) {
      const slot = fixed ? (key[k] as number) : slotOf(key[k] as number);
      if (slot !== 0 && !families.has(slot)) families.set(slot, family);
    }
  return { slot: Int32Array.from(families.keys()), family: Uint8Array.from(families.values()) };
}
