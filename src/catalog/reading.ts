// Text -> its units, their folded forms and its tokens: the one pass over the characters that matcher and locator share.
import { breakUnit, firstUnspaced, foldTable, ignoredUnit, jointUnit } from './fold.js';

/** What a token is: a word that goes on the phrase before it; the word behind `@`; behind `#`; a run of a script without spaces. */
export const GLUED = 1;
export const HANDLE = 2;
export const TAG = 4;
export const RUN = 8;

/** Words of more letters are no names; their hash is 0. */
export const longestWord = 64;
/** Nothing behind so many UTF-16 units of a text is read. */
export const longestText = 1 << 16;

/** A text as the scanners read it. What links and addresses hold behind their first word makes no token. */
export interface Reading {
  text: string;
  /** UTF-16 units, and their folded forms (`fold.ts`); a line break stands behind the last. */
  units: Uint16Array;
  forms: Uint16Array;
  /** Hash of the letters before each unit, from which that of any word follows (`hashBetween`). */
  sums: Int32Array;
  /** Whether there are units that count for nothing, such as combining marks. */
  marked: boolean;
  /** Number of tokens. */
  count: number;
  /** What each token is; 0 stands behind the last. */
  flags: Uint8Array;
  /** First and last (exclusive) unit of each token, and its hash if it is a word. */
  start: Int32Array;
  end: Int32Array;
  hash: Int32Array;
}

// Names of this file are faster in the loops below than imported ones.
const fold = foldTable;
const ignored = ignoredUnit;
const joint = jointUnit;
const unspaced = firstUnspaced;
/** Signs and spaces between two words of one phrase. */
const maxGap = 3;
const lineBreak = 0x0a;
const space = 0x20;

/** The hash of letters a, b, c is a * prime² + b * prime + c. */
const prime = 0x01000193;
const powers = new Int32Array(longestWord + 1);
powers[0] = 1;
for (let i = 1; i < powers.length; i++) powers[i] = Math.imul(powers[i - 1]!, prime);

/** Hash of letters with one more behind them; that of no letters is 0. */
export const addLetter = (hash: number, form: number): number => (Math.imul(hash, prime) + form) | 0;

/** Hash of a folded word. */
export function hashOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = addLetter(hash, word.charCodeAt(i));
  return hash;
}
const http = hashOf('http');
const https = hashOf('https');

/** Hash of the letters in [start, end), of which there are so many (`longestWord` at most). */
export const hashBetween = ({ sums }: Reading, start: number, end: number, letters: number): number =>
  (sums[end]! - Math.imul(sums[start]!, powers[letters]!)) | 0;

/** Number of letters in a word. */
export function lettersIn({ forms, marked }: Reading, start: number, end: number): number {
  if (!marked) return end - start;
  let letters = 0;
  for (let i = start; i < end; i++) if (forms[i]! > joint) letters++;
  return letters;
}

/** Place behind so many letters of a word. */
export function behindLetters({ forms, marked }: Reading, start: number, letters: number): number {
  if (!marked) return start + letters;
  let i = start;
  for (let left = letters; left > 0; i++) if (forms[i]! > joint) left--;
  return i;
}

// One text is read at a time, into arrays that the compiler knows.
const room = longestText + 8;
const units = new Uint16Array(room);
const forms = new Uint16Array(room);
const sums = new Int32Array(room);
/** Where letters, letters of a script without spaces and what is no letter take turns, and the end. */
const turns = new Int32Array(room);
const flags = new Uint8Array(room);
const start = new Int32Array(room);
const end = new Int32Array(room);
const hash = new Int32Array(room);
const latest: Reading = { text: '', marked: false, units, forms, sums, count: 0, flags, start, end, hash };

/** Reads a text; good until the next call. The same text twice in a row is read once. */
export function readText(text: string): Reading {
  // The length first: it tells most texts apart at once.
  if (text.length === latest.text.length && text === latest.text) return latest;
  latest.text = text.length > longestText ? text.slice(0, longestText) : text;
  latest.count = cut(readUnits(latest.text));
  return latest;
}

/** Called by itself: strings come in more kinds than the compiler keeps in mind for `text.charCodeAt`, which would double the time. */
const { charCodeAt } = String.prototype;

/**
 * Fills units, forms, sums and turns. Reckons where a turn is instead of branching: it cannot be foreseen.
 * @returns the number of turns but the end
 */
function readUnits(text: string): number {
  const n = text.length;
  let sum = 0;
  let count = 0;
  let last = 0;
  let marked = false;
  for (let i = 0; i < n; i++) {
    const unit = charCodeAt.call(text, i);
    const form = fold[unit]!;
    units[i] = unit;
    forms[i] = form;
    sums[i] = sum;
    if (form === ignored) {
      marked = true;
      continue;
    }
    /** 0 where no letter stands, 1 for a letter, 2 for one of a script without spaces. */
    const kind = ((joint - form) >>> 31) + ((unspaced - 1 - form) >>> 31);
    turns[count] = i;
    count += ((kind ^ last) + 3) >> 2;
    last = kind;
    // As `addLetter`, which is not always compiled in.
    sum = (Math.imul(sum, prime) + form) | 0;
  }
  units[n] = lineBreak;
  forms[n] = breakUnit;
  sums[n] = sum;
  turns[count] = n;
  latest.marked = marked;
  return count;
}

/** Cuts the text into tokens. @returns their number. */
function cut(parts: number): number {
  let count = 0;
  let glued = 0;
  let next = 0;
  for (let part = 0; part < parts; part++) {
    const to = turns[part + 1]!;
    let from = turns[part]!;
    if (from < next) {
      // A link or an address may have ended within this part.
      from = next;
      while (from < to && forms[from] === ignored) from++;
      if (from >= to) continue;
    }
    if (forms[from]! <= joint) {
      if ((to - from > 1 || units[from] !== space) && endsPhrase(from, to)) glued = 0;
      continue;
    }
    start[count] = from;
    end[count] = to;
    if (forms[from]! >= unspaced) {
      flags[count++] = RUN;
      glued = 0;
      continue;
    }
    const letters = lettersIn(latest, from, to);
    const short = letters <= longestWord;
    const word = short ? hashBetween(latest, from, to, letters) : 0;
    const sign = from > 0 ? units[from - 1]! : 0;
    const behind = units[to]!;
    hash[count] = word;
    let flag = short ? glued : 0;
    glued = short ? GLUED : 0;
    if (behind === 0x3a && (word === http || word === https) && units[to + 1] === 0x2f) {
      next = skipLink(to);
      glued = 0;
    } else if (behind === 0x40 && forms[to + 1]! > joint) {
      // An address (me@mail.example): its host names no service.
      next = skipRun(to);
      glued = 0;
    } else if (sign === 0x40) {
      flag |= HANDLE;
      // The host of a handle (@someone.example.social) names no service either.
      if (behind === 0x2e && forms[to + 1]! > joint) {
        next = skipRun(to);
        glued = 0;
      }
    } else if (sign === 0x23) flag |= TAG;
    flags[count++] = flag;
  }
  flags[count] = 0;
  return count;
}

/** True when no phrase goes on over what stands in [from, to) between two words. */
function endsPhrase(from: number, to: number): boolean {
  let gap = 0;
  for (let i = from; i < to; i++) {
    if (forms[i] === ignored) continue;
    if (forms[i] !== joint || ++gap > maxGap) return true;
    // A full stop or exclamation mark before a space ends a sentence.
    if ((units[i] === 0x2e || units[i] === 0x21) && units[i + 1]! <= space) return true;
  }
  return false;
}

/** First place from `at` on where a run without spaces ends. */
function skipRun(at: number): number {
  let i = at;
  while (units[i]! > space && units[i]! < unspaced) i++;
  return i;
}

/** Place to read on from in a link whose colon is at `at`: behind `://` when it is a bare host, else its end. */
function skipLink(at: number): number {
  const end = skipRun(at);
  let path = at + 3;
  while (path < end - 1 && units[path] !== 0x2f) path++;
  return path >= end - 1 ? at + 3 : end;
}
