// What stands around a name in a text: sentence, handle, link, accents.
import { jointUnit } from './fold.js';
import { letterKinds, SPACE } from './letters.js';
import { hashBetween, type Reading } from './reading.js';

/** Reach within which a word is looked for before a name, UTF-16 units. */
const longestWord = 12;
/** Reach within which a handle or a host ends. */
const longestHandle = 32;
const longestHost = 64;

/** Unit of the sign right before a place, 0 at the start of the text. */
export const signBefore = ({ units }: Reading, at: number): number => (at > 0 ? units[at - 1]! : 0);

/** True when a short word is spelt with an accent. */
export function hasAccent({ units }: Reading, start: number, end: number): boolean {
  if (end - start > 5) return false;
  for (let i = start; i < end; i++) if (isAccented(units[i]!)) return true;
  return false;
}

const isAccented = (unit: number): boolean => unit >= 0xc0 && unit < 0x250;

/** True when the accents of a word make another one of a plain name: über is not Uber. */
export function isRespelt({ units }: Reading, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let i = start; i < end; i++) if (isAccented(units[i]!) && name.charCodeAt(i - start) < 0x80) return true;
  return false;
}

/** True at the start of the text or of a sentence. */
export function startsSentence({ units }: Reading, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 4 && units[i]! <= 0x20) i--;
  if (i < 0) return true;
  const unit = units[i]!;
  return unit === 0x2e || unit === 0x21 || unit === 0x3f || unit === 0x3a || unit === 0x0a;
}

/** Whether the first units of a text (so many at most) have no small letter (a to z), and whether more than twice as many words begin small as begin large. */
export function caseOf({ text, units }: Reading, most: number): { allCaps: boolean; cased: boolean } {
  const length = Math.min(text.length, most);
  let allCaps = true;
  let large = 0;
  let small = 0;
  let starts = true;
  for (let i = 0; i < length; i++) {
    const unit = units[i]!;
    if (unit >= 0x61 && unit <= 0x7a) {
      allCaps = false;
      if (starts) small++;
    } else if (starts && unit >= 0x41 && unit <= 0x5a) large++;
    starts = (letterKinds[unit]! & SPACE) !== 0;
  }
  return { allCaps, cased: large * 2 < small };
}

const isHandleUnit = (unit: number): boolean =>
  unit === 0x5f || (unit >= 0x30 && unit <= 0x39) || ((unit | 32) >= 0x61 && (unit | 32) <= 0x7a);

/** True when the name at `at` is part of a handle: the handle is judged as a whole. */
export function isInHandle({ units }: Reading, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < longestHandle && isHandleUnit(units[i]!)) i--;
  return i >= 0 && units[i] === 0x40;
}

export function endOfHandle({ units }: Reading, at: number): number {
  let i = at;
  while (i - at < longestHandle && isHandleUnit(units[i]!)) i++;
  return i;
}

/** True when the name at the end is the host of a link with a path: `youtu.be/x` shares, it does not complain. */
export function isLink({ text, units }: Reading, end: number): boolean {
  let i = end;
  while (i - end < longestHost && (isHandleUnit(units[i]!) || units[i] === 0x2e || units[i] === 0x2d)) i++;
  return (
    units[i] === 0x2f &&
    (i > end || /\.\w+$/.test(text.slice(Math.max(0, end - 12), end))) &&
    (isHandleUnit(units[i + 1]!) || units[i + 1] === 0x3f)
  );
}

/** Keeps the leftmost longest of overlapping candidates, given in order of their start. */
export function longestFirst<T extends { start: number; end: number }>(candidates: T[]): T[] {
  let count = 0;
  let last = candidates[0];
  for (const c of candidates) {
    if (count === 0 || c.start >= last!.end) count++;
    else if (c.start !== last!.start || c.end <= last!.end) continue;
    last = candidates[count - 1] = c;
  }
  return count === candidates.length ? candidates : candidates.slice(0, count);
}

/** First unit and end of the word before `at`; both the same when none stands there. */
function boundsBefore({ forms }: Reading, at: number): [number, number] {
  let end = at;
  while (end > 0 && forms[end - 1]! <= jointUnit && at - end < 3) end--;
  let start = end;
  while (start > 0 && forms[start - 1]! > jointUnit && end - start < longestWord) start--;
  return [start, end];
}

/** The word that ends before `at`, in small letters; empty when none stands there. */
export function wordBefore(reading: Reading, at: number): string {
  const [start, end] = boundsBefore(reading, at);
  return reading.text.slice(start, end).toLowerCase();
}

/** Hash of its folded letters. */
export function hashBefore(reading: Reading, at: number): number {
  const [start, end] = boundsBefore(reading, at);
  return hashBetween(reading, start, end, end - start);
}
