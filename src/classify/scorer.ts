// Scores posts: looks their features up in one table that holds what all heads need of each side by side.

import { FeatureTable } from './feature-table.js';
import { type Features, runs } from './features.js';
import type { LinearModel } from './linear-model.js';
import { families, familyScale, LEXICON, PATTERNS, WORDS } from './slots.js';

const runFamily = Uint8Array.from(runs, (run) => run.family);
/** Rarity is told in parts of one. */
const parts = 16;
/** Numbers of a record: weights of four heads; rarity, with the row of the symptom model above its bits. */
const recordWidth = 2;
const RARITY = 1;
const rarityBits = 9;
const rarityMask = (1 << rarityBits) - 1;
/** Numbers of a row of the symptom model: weights of twelve heads, four in each; rarity. */
const rowWidth = 4;
const ROW_RARITY = 3;
const most = 1 << 15;

/** Features found in a post, run by run. */
class Found {
  /** Where their numbers stand. */
  readonly at = new Int32Array(most);
  /** How many there are up to the end of each run. */
  readonly end = new Int32Array(runs.length);
  /** Length of each family. */
  readonly length = new Float64Array(families.length);
}

/** Scores the post that a `Features` has read last. All sums are of whole numbers, so that none depends on its order. */
export class Scorer {
  private readonly table: FeatureTable;
  /** By slot: fixed features first. */
  private readonly records: Int32Array;
  private readonly rows: Int32Array;
  private readonly slots = new Int32Array(most);
  private readonly places = new Int32Array(most);
  /** A bit for each slot found. */
  private readonly met: Int32Array;
  private readonly found = new Found();
  private readonly foundRows = new Found();
  /** Place in `Features.key` of each feature found. */
  private readonly key = new Int32Array(most);
  private readonly sums = new Int32Array(4);
  private readonly kindScores: Float64Array;
  private readonly symptomScores: Float64Array;

  /** @param kinds at most four heads. @param symptoms at most twelve heads; the same fixed features. */
  constructor(
    private readonly kinds: LinearModel,
    private readonly symptoms: LinearModel,
  ) {
    const { first } = kinds;
    const known = new Set(kinds.hashes);
    const all = Int32Array.from([...kinds.hashes, ...symptoms.hashes.filter((hash) => !known.has(hash))]);
    this.table = new FeatureTable(all, first);
    this.records = new Int32Array((first + all.length) * recordWidth);
    this.met = new Int32Array(((first + all.length) >>> 5) + 1);
    this.rows = new Int32Array((first + symptoms.hashes.length) * rowWidth);
    this.kindScores = new Float64Array(kinds.heads);
    this.symptomScores = new Float64Array(symptoms.heads);
    for (const [slot, of] of this.slotsOf(kinds).entries()) {
      const at = of * recordWidth;
      this.records[at] = four(kinds, slot, 0);
      this.records[at + RARITY] = (kinds.idf[slot] as number) * parts;
    }
    for (const [slot, of] of this.slotsOf(symptoms).entries()) {
      const at = slot * rowWidth;
      this.records[of * recordWidth + RARITY]! |= at << rarityBits;
      for (let h = 0; h < symptoms.heads; h += 4) this.rows[at + h / 4] = four(symptoms, slot, h);
      this.rows[at + ROW_RARITY] = (symptoms.idf[slot] as number) * parts;
    }
  }

  /** Our slots of a model's: the fixed ones are the same. */
  private slotsOf({ hashes, first }: LinearModel): Int32Array {
    const slots = Int32Array.from({ length: first + hashes.length }, (_, slot) => slot);
    this.table.findAll(hashes, 0, hashes.length, slots.subarray(first), new Int32Array(hashes.length));
    return slots;
  }

  /** Scores of the kind model's heads; the array is reused. */
  score(features: Features): Float64Array {
    this.find(features);
    this.weigh(this.kinds, this.found, this.records, RARITY, this.kindScores);
    return this.kindScores;
  }

  /** Finds the features, each once. */
  private find({ key, end }: Features): void {
    const { table, slots, places, met, found } = this;
    const { at } = found;
    let n = found.end[runs.length - 1] as number;
    for (let i = 0; i < n; i++) met[(at[i] as number) >>> 6] = 0;
    n = 0;
    for (let run = 0, from = 0; run < runs.length; run++) {
      const to = end[run] as number;
      if ((runs[run] as { fixed: boolean }).fixed)
        for (let k = from; k < to; k++) {
          at[n] = (key[k] as number) * recordWidth;
          this.key[n++] = k;
        }
      else {
        const count = table.findAll(key, from, to, slots, places);
        for (let i = 0; i < count; i++) {
          const slot = slots[i] as number;
          at[n] = slot * recordWidth;
          this.key[n] = places[i] as number;
          // A feature met before is written over by the next.
          const bits = met[slot >>> 5] as number;
          n += ((bits >>> (slot & 31)) & 1) ^ 1;
          met[slot >>> 5] = bits | (1 << (slot & 31));
        }
      }
      from = to;
      found.end[run] = n;
    }
  }

  /** Scores of the symptom model's heads for the post scored last; the array is reused. */
  scoreSymptoms(): Float64Array {
    const { found, foundRows, rows, records } = this;
    let n = 0;
    for (let run = 0, i = 0; run < runs.length; run++) {
      for (; i < (found.end[run] as number); i++) {
        const row = (records[(found.at[i] as number) + RARITY] as number) >>> rarityBits;
        if (row !== 0) foundRows.at[n++] = row;
      }
      foundRows.end[run] = n;
    }
    this.weigh(this.symptoms, foundRows, rows, ROW_RARITY, this.symptomScores);
    return this.symptomScores;
  }

  /** Scores all heads of a model, family by family, from the numbers of the features found. */
  private weigh(
    { heads, scale, bias }: LinearModel,
    { at, end, length }: Found,
    numbers: Int32Array,
    rarity: number,
    scores: Float64Array,
  ): void {
    const { sums } = this;
    scores.fill(0);
    for (let run = 0, from = 0; run < runs.length; ) {
      const family = runFamily[run] as number;
      while (run < runs.length && runFamily[run] === family) run++;
      const to = end[run - 1] as number;
      for (let h = 0; h < heads; h++) {
        if ((h & 3) === 0) {
          const square = sumFour(numbers, at, from, to, h >> 2, rarity, sums);
          length[family] = Math.sqrt(square / (parts * parts));
          if (square === 0) break;
        }
        const norm = (familyScale[family] as number) / (length[family] as number);
        scores[h]! += ((sums[h & 3] as number) / parts) * norm;
      }
      from = to;
    }
    for (let h = 0; h < heads; h++) scores[h] = (scores[h] as number) * (scale[h] as number) + (bias[h] as number);
  }

  /**
   * Words, classes and patterns that pulled a head of the kind model most to one side (`sign`) in the post scored last.
   * @param out receives their places in `Features.key`, strongest first. @returns their number.
   */
  strongest(head: number, sign: number, out: Int32Array): number {
    const { found, key, records } = this;
    const shift = 24 - 8 * head;
    const pulls = new Float64Array(out.length);
    let n = 0;
    for (let run = 0, i = 0; run < runs.length; run++) {
      const family = runFamily[run] as number;
      const stop = found.end[run] as number;
      if (family !== WORDS && family !== LEXICON && family !== PATTERNS) i = stop;
      for (; i < stop; i++) {
        const at = found.at[i] as number;
        const weight = sign * (((records[at] as number) << shift) >> 24);
        if (weight <= 0) continue;
        const rarity = ((records[at + RARITY] as number) & rarityMask) / parts;
        const pull = (((familyScale[family] as number) * rarity) / (found.length[family] as number)) * weight;
        if (n === out.length && pull <= (pulls[n - 1] as number)) continue;
        if (n < out.length) n++;
        let place = n - 1;
        for (; place > 0 && (pulls[place - 1] as number) < pull; place--) {
          pulls[place] = pulls[place - 1] as number;
          out[place] = out[place - 1] as number;
        }
        pulls[place] = pull;
        out[place] = key[i] as number;
      }
    }
    return n;
  }
}

/** Weights of four heads from `head` on, one in each byte. */
function four({ heads, weights }: LinearModel, slot: number, head: number): number {
  let packed = 0;
  for (let h = head; h < Math.min(heads, head + 4); h++)
    packed |= ((weights[slot * heads + h] as number) & 255) << (8 * (h - head));
  return packed;
}

/** Sums rarity times weight of four heads over features into `sums`. @returns the sum of the squares of rarity. */
function sumFour(
  numbers: Int32Array,
  places: Int32Array,
  from: number,
  to: number,
  weights: number,
  rarity: number,
  sums: Int32Array,
): number {
  let square = 0;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = from; i < to; i++) {
    const at = places[i] as number;
    const packed = numbers[at + weights] as number;
    const v = (numbers[at + rarity] as number) & rarityMask;
    square += Math.imul(v, v);
    s0 = (s0 + Math.imul(v, (packed << 24) >> 24)) | 0;
    s1 = (s1 + Math.imul(v, (packed << 16) >> 24)) | 0;
    s2 = (s2 + Math.imul(v, (packed << 8) >> 24)) | 0;
    s3 = (s3 + Math.imul(v, packed >> 24)) | 0;
  }
  sums[0] = s0;
  sums[1] = s1;
  sums[2] = s2;
  sums[3] = s3;
  return square;
}
