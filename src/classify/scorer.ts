// Scores posts: looks their features up once and sums what all heads make of them.
import { createFeatureTable } from './feature-table.js';
import { type Features, runs } from './features.js';
import type { LinearModel } from './linear-model.js';
import { families, familyScale, LEXICON, PATTERNS, WORDS } from './slots.js';

const runFamily = Uint8Array.from(runs, (run) => run.family);
const runFixed = Uint8Array.from(runs, (run) => (run.fixed ? 1 : 0));
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
/** More than any post has features. */
const most = 1 << 15;

/** Features found in a post, run by run. */
interface Found {
  /** Where their numbers stand. */
  at: Int32Array;
  /** How many there are up to the end of each run. */
  end: Int32Array;
  /** Length of each family. */
  length: Float64Array;
}
const nothingFound = (): Found => ({
  at: new Int32Array(most),
  end: new Int32Array(runs.length),
  length: new Float64Array(families.length),
});

/** Scores posts; all sums are of whole numbers, so that none depends on its order. The arrays given back are reused. */
export interface Scorer {
  /** Scores of the kind model's heads for the post that the features were read of. */
  score(features: Features): Float64Array;
  /** Scores of the symptom model's heads for the post scored last. */
  scoreSymptoms(): Float64Array;
  /** Weighs what pulled a head of the kind model to one side (`sign`) in the post scored last: words, classes, patterns. */
  pull(head: number, sign: number): void;
  /** Place in `Features.key` of what pulled most and was not yet told; -1 when all was. */
  strongest(): number;
}

/** @param kinds at most four heads. @param symptoms at most twelve heads; the same fixed features. */
export function createScorer(kinds: LinearModel, symptoms: LinearModel): Scorer {
  const { first } = kinds;
  const inKinds = new Set(kinds.hashes);
  const all = Int32Array.from([...kinds.hashes, ...symptoms.hashes.filter((hash) => !inKinds.has(hash))]);
  const { findAll } = createFeatureTable(all, first);
  /** By slot: fixed features first. */
  const records = new Int32Array((first + all.length) * recordWidth);
  const rows = new Int32Array((first + symptoms.hashes.length) * rowWidth);
  /** A bit for each slot found. */
  const met = new Int32Array(((first + all.length) >>> 5) + 1);
  const found = nothingFound();
  const foundRows = nothingFound();
  const { at, end } = found;
  /** Place in `Features.key` of each feature found. */
  const key = new Int32Array(most);
  const sums = new Int32Array(4);
  const kindScores = new Float64Array(kinds.heads);
  const symptomScores = new Float64Array(symptoms.heads);
  const pull = new Float64Array(most);
  const pullKey = new Int32Array(most);
  let pulls = 0;

  /** Our slots of a model's: the fixed ones are the same. */
  function slotsOf({ hashes }: LinearModel): Int32Array {
    const slots = Int32Array.from({ length: first + hashes.length }, (_, slot) => slot);
    findAll(hashes, 0, hashes.length, slots, new Int32Array(slots.length), first);
    return slots;
  }
  for (const [slot, of] of slotsOf(kinds).entries()) {
    records[of * recordWidth] = fourWeights(kinds, slot, 0);
    records[of * recordWidth + RARITY] = (kinds.idf[slot] as number) * parts;
  }
  for (const [slot, of] of slotsOf(symptoms).entries()) {
    const row = slot * rowWidth;
    records[of * recordWidth + RARITY]! |= row << rarityBits;
    for (let h = 0; h < symptoms.heads; h += 4) rows[row + h / 4] = fourWeights(symptoms, slot, h);
    rows[row + ROW_RARITY] = (symptoms.idf[slot] as number) * parts;
  }

  /** Finds the features, each once. */
  function find(features: Features): void {
    let n = end[runs.length - 1] as number;
    for (let i = 0; i < n; i++) met[(at[i] as number) >>> 6] = 0;
    n = 0;
    for (let run = 0, from = 0; run < runs.length; run++) {
      const to = features.end[run] as number;
      if (runFixed[run] === 1)
        for (let k = from; k < to; k++) {
          at[n] = (features.key[k] as number) * recordWidth;
          key[n++] = k;
        }
      else {
        const stop = findAll(features.key, from, to, at, key, n);
        for (let i = n; i < stop; i++) {
          const slot = at[i] as number;
          at[n] = slot * recordWidth;
          key[n] = key[i] as number;
          // A feature met before is written over by the next.
          const bits = met[slot >>> 5] as number;
          met[slot >>> 5] = bits | (1 << (slot & 31));
          n += (~bits >>> (slot & 31)) & 1;
        }
      }
      from = to;
      end[run] = n;
    }
  }

  /** Scores all heads of a model, family by family, from the numbers of the features found. */
  function weigh(model: LinearModel, of: Found, numbers: Int32Array, rarity: number, scores: Float64Array): void {
    scores.fill(0);
    for (let run = 0, from = 0; run < runs.length; ) {
      const family = runFamily[run] as number;
      while (run < runs.length && runFamily[run] === family) run++;
      const to = of.end[run - 1] as number;
      for (let h = 0; h < model.heads; h += 4) {
        const square = sumFour(numbers, of.at, from, to, h >> 2, rarity, sums);
        if (square === 0) break;
        of.length[family] = Math.sqrt(square / (parts * parts));
        const norm = (familyScale[family] as number) / (of.length[family] as number);
        for (let k = 0; k < 4 && h + k < model.heads; k++) scores[h + k]! += ((sums[k] as number) / parts) * norm;
      }
      from = to;
    }
    for (let h = 0; h < model.heads; h++)
      scores[h] = (scores[h] as number) * (model.scale[h] as number) + (model.bias[h] as number);
  }

  return {
    score(features) {
      find(features);
      weigh(kinds, found, records, RARITY, kindScores);
      return kindScores;
    },
    scoreSymptoms() {
      let n = 0;
      for (let run = 0, i = 0; run < runs.length; run++) {
        for (; i < (end[run] as number); i++) {
          const row = (records[(at[i] as number) + RARITY] as number) >>> rarityBits;
          foundRows.at[n] = row;
          // A feature that the symptom model does not know is written over by the next.
          n += -row >>> 31;
        }
        foundRows.end[run] = n;
      }
      weigh(symptoms, foundRows, rows, ROW_RARITY, symptomScores);
      return symptomScores;
    },
    pull(head, sign) {
      const shift = 24 - 8 * head;
      pulls = 0;
      for (let run = 0, i = 0; run < runs.length; run++) {
        const family = runFamily[run] as number;
        const stop = end[run] as number;
        if (family !== WORDS && family !== LEXICON && family !== PATTERNS) i = stop;
        const scale = familyScale[family] as number;
        const length = found.length[family] as number;
        for (; i < stop; i++) {
          const record = at[i] as number;
          const weight = sign * (((records[record] as number) << shift) >> 24);
          const rarity = ((records[record + RARITY] as number) & rarityMask) / parts;
          pull[pulls] = ((scale * rarity) / length) * weight;
          pullKey[pulls] = key[i] as number;
          // One that pulls to the other side is written over by the next.
          pulls += -weight >>> 31;
        }
      }
    },
    strongest() {
      let best = -1;
      let most = 0;
      for (let i = 0; i < pulls; i++) {
        if ((pull[i] as number) <= most) continue;
        best = i;
        most = pull[i] as number;
      }
      if (best < 0) return -1;
      pull[best] = 0;
      return pullKey[best] as number;
    },
  };
}

/** Weights of four heads from `head` on, one in each byte. */
function fourWeights({ heads, weights }: LinearModel, slot: number, head: number): number {
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
    square = (square + Math.imul(v, v)) | 0;
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
