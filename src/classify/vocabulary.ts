// Words that mean something: lexicon classes and the elements of patterns, compiled to one table of hashes.
import { readFileSync } from 'node:fs';
import { createFeatureTable } from './feature-table.js';
import { fold } from './fold.js';
import { hashUnit, hashWord, seed } from './hash.js';

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8'));

/** Lexicon: class -> language -> words separated by blanks; `word*` stands for all words that begin so. */
const lexicon = readJson('lexicon.json') as Record<string, Record<string, string>>;
const patternData = readJson('patterns.json') as Record<string, { why: string; any: string[] }>;

/** Names of the classes in the order of their bits; the last two stand for a service and a question mark. */
export const classNames: readonly string[] = [...Object.keys(lexicon), 'SVC', '?'];
const svcClass = classNames.indexOf('SVC');
if (classNames.length > 32) throw new Error('a class mask holds 32 classes');

export const patternNames: readonly string[] = Object.keys(patternData);
/** Why-words by pattern. */
export const patternWhy: readonly string[] = Object.values(patternData).map((p) => p.why);

const prefixSalt = 0x3c6ef372;
const sets = new Map<string, number>(classNames.map((name, i) => [`{${name}}`, i]));
const members: string[][] = classNames.map(() => []);

/** Number of the set of words that an element `a|b*|{class}` stands for. */
function setOf(element: string): number {
  const known = sets.get(element);
  if (known !== undefined) return known;
  sets.set(element, members.length);
  members.push([]);
  const id = members.length - 1;
  for (const word of element.split('|')) {
    if (word.startsWith('{')) {
      const cls = sets.get(word);
      if (cls === undefined || cls >= classNames.length) throw new Error(`patterns.json: no class ${word}`);
      unions.push([id, cls]);
    } else (members[id] as string[]).push(word);
  }
  return id;
}
/** Sets that include a whole class. */
const unions: [number, number][] = [];

for (const [i, languages] of Object.values(lexicon).entries())
  for (const words of Object.values(languages)) (members[i] as string[]).push(...words.split(/\s+/).filter(Boolean));
(members[svcClass] as string[]).push('<svc>');
(members[svcClass + 1] as string[]).push('?');

interface Step {
  set: number;
  optional: boolean;
  /** Tokens that may stand before it. */
  gap: number;
}
interface Sequence {
  pattern: number;
  steps: Step[];
}

const sequences: Sequence[] = [];
for (const [pattern, { any }] of Object.values(patternData).entries())
  for (const line of any) {
    const steps: Step[] = [];
    let gap = 0;
    for (const element of line.split(' ')) {
      if (/^~\d$/.test(element)) {
        gap = Number(element[1]);
        continue;
      }
      const optional = element.length > 1 && element.endsWith('?') && !element.endsWith('|?');
      steps.push({ set: setOf(optional ? element.slice(0, -1) : element), optional, gap });
      gap = 0;
    }
    // A pattern starts at its first element: leading optional ones give one sequence each.
    for (let i = 0; i < steps.length; i++) {
      sequences.push({ pattern, steps: steps.slice(i) });
      if (!(steps[i] as Step).optional) break;
    }
  }

/** Sets that each word or prefix belongs to. */
const setsByWord = new Map<string, Set<number>>();
const setsByPrefix = new Map<string, Set<number>>();
for (const [set, list] of members.entries())
  for (const member of list) {
    const isPrefix = member.length > 1 && member.endsWith('*');
    const plain = isPrefix ? member.slice(0, -1) : member;
    // Apostrophes and hyphens inside words are dropped by the scanner as well.
    const key = /^[<?!]/.test(plain) ? plain : fold(plain).replace(/['-]/g, '');
    if (key === '') continue;
    const rows = isPrefix ? setsByPrefix : setsByWord;
    const row = rows.get(key) ?? new Set<number>();
    row.add(set);
    rows.set(key, row);
  }
const inherit = (key: string, row: Set<number>) => {
  for (let n = 1; n <= key.length; n++) for (const set of setsByPrefix.get(key.slice(0, n)) ?? []) row.add(set);
};
for (const [key, row] of setsByWord) inherit(key, row);
for (const [key, row] of setsByPrefix) inherit(key, row);

// Words that belong to the same sets share one row: the table stays small enough to be at hand. Row 0 is that of no word.
const width = Math.ceil(members.length / 32);
const rows = new Map<string, number>([['', 0]]);
const setsOfRow: number[][] = [[]];
const bitsOfRow: number[] = new Array(width).fill(0);

function rowFor(set: Set<number>): number {
  for (const [id, cls] of unions) if (set.has(cls)) set.add(id);
  const list = [...set].sort((a, b) => a - b);
  const known = rows.get(list.join());
  if (known !== undefined) return known;
  const row = rows.size;
  rows.set(list.join(), row);
  setsOfRow.push(list);
  for (let w = 0; w < width; w++) bitsOfRow.push(0);
  for (const id of list) bitsOfRow[row * width + (id >>> 5)]! |= 1 << (id & 31);
  return row;
}

const prefixBits = new Int32Array(2048);
const rowByHash = new Map<number, number>();
function addWord(hash: number, set: Set<number>): void {
  const row = rowFor(set);
  if (!rowByHash.has(hash)) rowByHash.set(hash, row);
}
for (const [key, set] of setsByWord) addWord(hashWord(key), set);
for (const [key, set] of setsByPrefix) {
  const hash = hashWord(key);
  prefixBits[(hash >>> 5) & 2047]! |= 1 << (hash & 31);
  addWord(hash ^ prefixSalt, set);
}
const { find } = createFeatureTable(Int32Array.from(rowByHash.keys()), 1);
const rowBySlot = new Uint16Array(rowByHash.size + 1);
for (const [hash, row] of rowByHash) rowBySlot[find(hash)] = row;

/** Lexicon classes by row, as bits. */
export const classMask: Int32Array = Int32Array.from(
  { length: rows.size },
  (_, row) => (bitsOfRow[row * width] as number) & (classNames.length === 32 ? -1 : (1 << classNames.length) - 1),
);
const bits = Int32Array.from(bitsOfRow);

/** Lists one behind another, and where each begins; that of the last is followed by the end. */
function joined(lists: readonly number[][]): { from: Int32Array; all: Int32Array } {
  const from = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) from[i + 1] = (from[i] as number) + list.length;
  return { from, all: Int32Array.from(lists.flat()) };
}
/** Sequences that may start at a word of a row. */
const firstSets = sequences.map(({ steps }) => (steps[0] as Step).set);
const { from: startsFrom, all: starts } = joined(
  setsOfRow.map((sets) => [...firstSets.keys()].filter((i) => sets.includes(firstSets[i] as number))),
);
/** What a sequence needs behind its first step: the set of the first step that is not optional, or `anything`. */
const anything = members.length;
const needed = Uint16Array.from(sequences, ({ steps }) => steps.slice(1).find((s) => !s.optional)?.set ?? anything);
/** Sets of a row that some sequence needs. */
const { from: needsFrom, all: needs } = joined(setsOfRow.map((sets) => sets.filter((set) => needed.includes(set))));
/** Steps of each sequence. */
const { from: stepsFrom, all: stepSet } = joined(sequences.map(({ steps }) => steps.map((s) => s.set)));
const allSteps = sequences.flatMap((q) => q.steps);
const stepGap = Int32Array.from(allSteps, (step) => step.gap);
const stepOptional = Uint8Array.from(allSteps, (step) => (step.optional ? 1 : 0));
const patternOf = Int32Array.from(sequences, (q) => q.pattern);

/** Row of a word's hash, or 0. */
export function rowOf(hash: number): number {
  return rowBySlot[find(hash)] as number;
}

/** Row of the known beginning of words that has a hash, or 0. */
export function prefixRowOf(hash: number): number {
  return (prefixBits[(hash >>> 5) & 2047] as number) & (1 << (hash & 31)) ? rowOf(hash ^ prefixSalt) : 0;
}

/** Row of the longest known beginning of the folded units [from, to), or 0. */
export function longestPrefixRowOf(units: Uint16Array, from: number, to: number): number {
  let hash = seed;
  let found = 0;
  for (let i = from; i < to; i++) {
    hash = hashUnit(hash, units[i] as number);
    const row = prefixRowOf(hash);
    if (row !== 0) found = row;
  }
  return found;
}

/** Most patterns kept of one text. */
export const mostPatterns = 1 << 13;

/** Tokens as the patterns see them: rows of the vocabulary and the ends of sentences. */
export interface RowTokens {
  n: number;
  row: Int32Array;
  /** 2 where a sentence ends before the token. */
  gap: Uint8Array;
  patterns: number;
  /** Receives the patterns found in order of their start, as pattern << 20 | from << 10 | to (tokens). */
  pattern: Int32Array;
}

/** Token after the sequence's last when its steps [step, end) follow from token `at` on, else -1. */
function follow(t: RowTokens, step: number, end: number, at: number): number {
  if (step === end) return at;
  const { n, row, gap } = t;
  const set = stepSet[step] as number;
  const stop = Math.min(n - 1, at + (stepGap[step] as number));
  for (let i = at; i <= stop && gap[i] !== 2; i++) {
    if ((bits[(row[i] as number) * width + (set >>> 5)] as number) & (1 << (set & 31))) {
      const to = follow(t, step + 1, end, i + 1);
      if (to !== -1) return to;
    }
  }
  return stepOptional[step] ? follow(t, step + 1, end, at) : -1;
}

/** Last token that belongs to a set, of those that some sequence needs. */
const lastOf = new Int16Array(anything + 1);

/** Finds every pattern in the tokens. */
export function findPatterns(t: RowTokens): void {
  const { n, row, pattern } = t;
  lastOf.fill(-1).fill(n, anything);
  for (let i = 0; i < n; i++) {
    const r = row[i] as number;
    const end = needsFrom[r + 1] as number;
    for (let k = needsFrom[r] as number; k < end; k++) lastOf[needs[k] as number] = i;
  }
  let found = 0;
  for (let i = 0; i < n; i++) {
    const r = row[i] as number;
    const end = startsFrom[r + 1] as number;
    for (let k = startsFrom[r] as number; k < end; k++) {
      const sequence = starts[k] as number;
      // Most sequences that start at a word need another that the text does not have.
      if ((lastOf[needed[sequence] as number] as number) <= i) continue;
      const to = follow(t, (stepsFrom[sequence] as number) + 1, stepsFrom[sequence + 1] as number, i + 1);
      if (to !== -1 && found < mostPatterns)
        pattern[found++] = ((patternOf[sequence] as number) << 20) | (i << 10) | to;
    }
  }
  t.patterns = found;
}
