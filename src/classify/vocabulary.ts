// Words that mean something: lexicon classes and the elements of patterns, compiled to one table of hashes.
import { readFileSync } from 'node:fs';
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

const words = members.length;
const width = Math.ceil(words / 32);

// Rows: one for each word or prefix, holding the sets it belongs to.
const rowsByWord = new Map<string, Set<number>>();
const rowsByPrefix = new Map<string, Set<number>>();
for (const [set, list] of members.entries())
  for (const member of list) {
    const isPrefix = member.length > 1 && member.endsWith('*');
    const plain = isPrefix ? member.slice(0, -1) : member;
    // Apostrophes and hyphens inside words are dropped by the scanner as well.
    const key = /^[<?!]/.test(plain) ? plain : fold(plain).replace(/['-]/g, '');
    if (key === '') continue;
    const rows = isPrefix ? rowsByPrefix : rowsByWord;
    const row = rows.get(key) ?? new Set<number>();
    row.add(set);
    rows.set(key, row);
  }
const inherit = (key: string, row: Set<number>) => {
  for (let n = 1; n <= key.length; n++) for (const set of rowsByPrefix.get(key.slice(0, n)) ?? []) row.add(set);
};
for (const [key, row] of rowsByWord) inherit(key, row);
for (const [key, row] of rowsByPrefix) inherit(key, row);

// Words that belong to the same sets share one line of bits: the table stays small enough to be at hand.
const lines = new Map<string, number>();
const lineBits: number[] = [];
/** Sequences that may start at a word of a line: numbers from `startFrom` of the line up to that of the next. */
const startFrom: number[] = [0];
const startList: number[] = [];
const lineOf = new Uint16Array(rowsByWord.size + rowsByPrefix.size);
/** Lexicon classes by row, as bits. */
export const classMask: Int32Array = new Int32Array(rowsByWord.size + rowsByPrefix.size);
const maskBits = classNames.length === 32 ? -1 : (1 << classNames.length) - 1;

function lineFor(sets: Set<number>): number {
  const key = [...sets].sort((a, b) => a - b).join();
  const known = lines.get(key);
  if (known !== undefined) return known;
  const line = lines.size;
  lines.set(key, line);
  for (let w = 0; w < width; w++) lineBits.push(0);
  for (const id of sets) lineBits[line * width + (id >>> 5)]! |= 1 << (id & 31);
  for (const [i, { steps }] of sequences.entries()) if (sets.has((steps[0] as Step).set)) startList.push(i);
  startFrom.push(startList.length);
  return line;
}

/** Open addressing: hash and row side by side, -1 = free. */
const size = 1 << Math.ceil(Math.log2((rowsByWord.size + rowsByPrefix.size) * 2));
const table = new Int32Array(size * 2).fill(-1);
const prefixBits = new Int32Array(2048);

let rows = 0;
function addRow(hash: number, set: Set<number>): void {
  for (const [id, cls] of unions) if (set.has(cls)) set.add(id);
  const line = lineFor(set);
  lineOf[rows] = line;
  classMask[rows] = (lineBits[line * width] as number) & maskBits;
  let at = (hash ^ (hash >>> 15)) & (size - 1);
  while (table[at * 2 + 1] !== -1) at = (at + 1) & (size - 1);
  table[at * 2] = hash;
  table[at * 2 + 1] = rows++;
}
for (const [key, set] of rowsByWord) addRow(hashWord(key), set);
for (const [key, set] of rowsByPrefix) {
  const hash = hashWord(key);
  prefixBits[(hash >>> 5) & 2047]! |= 1 << (hash & 31);
  addRow(hash ^ prefixSalt, set);
}
const bits = Int32Array.from(lineBits);
const startsFrom = Int32Array.from(startFrom);
const starts = Int32Array.from(startList);
const allSteps = sequences.flatMap((q) => q.steps);
/** Steps of each sequence: numbers from its own up to that of the next. */
const stepsFrom = new Int32Array(sequences.length + 1);
for (const [i, { steps }] of sequences.entries()) stepsFrom[i + 1] = (stepsFrom[i] as number) + steps.length;
const stepSet = Int32Array.from(allSteps, (step) => step.set);
const stepGap = Int32Array.from(allSteps, (step) => step.gap);
const stepOptional = Uint8Array.from(allSteps, (step) => (step.optional ? 1 : 0));
const patternOf = Int32Array.from(sequences, (q) => q.pattern);

/** Row of a word's hash, or -1. */
export function rowOf(hash: number): number {
  let at = (hash ^ (hash >>> 15)) & (size - 1);
  for (;;) {
    const row = table[at * 2 + 1] as number;
    if (row === -1 || table[at * 2] === hash) return row;
    at = (at + 1) & (size - 1);
  }
}

/** Row of the longest known beginning of the folded units [from, to), or -1. */
export function prefixRowOf(units: Uint16Array, from: number, to: number): number {
  let hash = seed;
  let found = -1;
  for (let i = from; i < to; i++) {
    hash = hashUnit(hash, units[i] as number);
    if ((prefixBits[(hash >>> 5) & 2047] as number) & (1 << (hash & 31))) {
      const row = rowOf(hash ^ prefixSalt);
      if (row !== -1) found = row;
    }
  }
  return found;
}

/** Tokens as the patterns see them: rows of the vocabulary and the ends of sentences. */
export interface RowTokens {
  n: number;
  row: Int32Array;
  /** 2 where a sentence ends before the token. */
  gap: Uint8Array;
  /** Patterns found, as pattern << 20 | from << 10 | to; null until they are looked for. */
  patterns: number[] | null;
}

/** Token after the sequence's last when its steps [step, end) follow from token `at` on, else -1. */
function follow(t: RowTokens, step: number, end: number, at: number): number {
  if (step === end) return at;
  const { n, row, gap } = t;
  const set = stepSet[step] as number;
  const stop = Math.min(n - 1, at + (stepGap[step] as number));
  for (let i = at; i <= stop && gap[i] !== 2; i++) {
    const r = row[i] as number;
    if (r === -1) continue;
    if ((bits[(lineOf[r] as number) * width + (set >>> 5)] as number) & (1 << (set & 31))) {
      const to = follow(t, step + 1, end, i + 1);
      if (to !== -1) return to;
    }
  }
  return stepOptional[step] ? follow(t, step + 1, end, at) : -1;
}

function search(t: RowTokens): number[] {
  const found: number[] = [];
  const { n, row } = t;
  for (let i = 0; i < n; i++) {
    const r = row[i] as number;
    if (r === -1) continue;
    const line = lineOf[r] as number;
    const last = startsFrom[line + 1] as number;
    for (let k = startsFrom[line] as number; k < last; k++) {
      const sequence = starts[k] as number;
      const to = follow(t, (stepsFrom[sequence] as number) + 1, stepsFrom[sequence + 1] as number, i + 1);
      if (to !== -1) found.push(((patternOf[sequence] as number) << 20) | (i << 10) | to);
    }
  }
  return found;
}

/** Calls `found(pattern, from, to)` (token numbers) for every pattern in the tokens, in order of their start. */
export function findPatterns(t: RowTokens, found: (pattern: number, from: number, to: number) => void): void {
  t.patterns ??= search(t);
  for (const p of t.patterns) found(p >>> 20, (p >>> 10) & 1023, p & 1023);
}
