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
export const svcClass = classNames.indexOf('SVC');
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

const size = 1 << 16;
const keys = new Int32Array(size);
const rowAt = new Int32Array(size).fill(-1);
const prefixBits = new Int32Array(2048);
const bits: Int32Array = new Int32Array((rowsByWord.size + rowsByPrefix.size) * width);
/** Sequences that may start at a row. */
const starts: Uint16Array[] = [];
/** Lexicon classes by row, as bits. */
export const classMask: Int32Array = new Int32Array(rowsByWord.size + rowsByPrefix.size);

let rows = 0;
function addRow(hash: number, set: Set<number>): void {
  for (const [id, cls] of unions) if (set.has(cls)) set.add(id);
  for (const id of set) bits[rows * width + (id >>> 5)]! |= 1 << (id & 31);
  classMask[rows] = bits[rows * width] as number;
  starts.push(Uint16Array.from([...sequences.keys()].filter((i) => set.has(sequences[i]?.steps[0]?.set as number))));
  let at = (hash ^ (hash >>> 15)) & (size - 1);
  while (rowAt[at] !== -1) at = (at + 1) & (size - 1);
  keys[at] = hash;
  rowAt[at] = rows++;
}
for (const [key, set] of rowsByWord) addRow(hashWord(key), set);
for (const [key, set] of rowsByPrefix) {
  const hash = hashWord(key);
  prefixBits[(hash >>> 5) & 2047]! |= 1 << (hash & 31);
  addRow(hash ^ prefixSalt, set);
}
const maskBits = classNames.length === 32 ? -1 : (1 << classNames.length) - 1;
for (let r = 0; r < rows; r++) classMask[r]! &= maskBits;

/** Row of a word's hash, or -1. */
export function rowOf(hash: number): number {
  let at = (hash ^ (hash >>> 15)) & (size - 1);
  for (;;) {
    const row = rowAt[at] as number;
    if (row === -1 || keys[at] === hash) return row;
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
}

function follows(t: RowTokens, steps: Step[], s: number, at: number): boolean {
  if (s === steps.length) {
    matchEnd = at;
    return true;
  }
  const step = steps[s] as Step;
  for (let i = at; i <= at + step.gap && i < t.n; i++) {
    if (s > 0 && t.gap[i] === 2) break;
    const row = t.row[i] as number;
    if (row !== -1 && (bits[row * width + (step.set >>> 5)] as number) & (1 << (step.set & 31))) {
      if (follows(t, steps, s + 1, i + 1)) return true;
    }
  }
  return step.optional && follows(t, steps, s + 1, at);
}
let matchEnd = 0;

/** Calls `found(pattern, from, to)` (token numbers) for every pattern in the tokens; once a pattern and start. */
export function findPatterns(t: RowTokens, found: (pattern: number, from: number, to: number) => void): void {
  for (let i = 0; i < t.n; i++) {
    const row = t.row[i] as number;
    if (row === -1) continue;
    const list = starts[row] as Uint16Array;
    for (let k = 0; k < list.length; k++) {
      const sequence = sequences[list[k] as number] as Sequence;
      if (follows(t, sequence.steps, 1, i + 1)) found(sequence.pattern, i, matchEnd);
    }
  }
}
