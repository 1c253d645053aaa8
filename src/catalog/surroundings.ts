// What stands around a name in a text: sentence, handle, link, distance.
import { foldTable, jointUnit } from './fold.js';

const wideSpace = /\s/;
/** Reach within which a word is looked for before a name, UTF-16 units. */
const longestWord = 12;

/** True when a short plain name is spelt with accents, which makes it another word: über is not Uber. */
export function isAccented(text: string, start: number, end: number, name: string): boolean {
  if (end - start > 5 || end - start !== name.length) return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xc0 && code < 0x250 && name.charCodeAt(i - start) < 0x80) return true;
  }
  return false;
}

/** True at the start of the text or of a sentence. */
export function startsSentence(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 4 && text.charCodeAt(i) <= 0x20) i--;
  return i < 0 || '.!?:\n'.includes(text[i]!);
}

/** Whether a text has no small letter (a to z), and whether more than twice as many words begin small as begin large. */
export function caseOf(text: string): { allCaps: boolean; cased: boolean } {
  let allCaps = true;
  let large = 0;
  let small = 0;
  let starts = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x61 && code <= 0x7a) {
      allCaps = false;
      if (starts) small++;
    } else if (starts && code >= 0x41 && code <= 0x5a) large++;
    starts = code <= 0x20 ? code === 0x20 || (code >= 9 && code <= 13) : code >= 0xa0 && wideSpace.test(text[i]!);
  }
  return { allCaps, cased: large * 2 < small };
}

/** Distance in UTF-16 units from [start, end) to the nearest of the sorted places. */
export function distance(places: readonly number[], start: number, end: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < end) low = middle + 1;
    else high = middle;
  }
  const after = low < places.length ? places[low]! - end : Number.POSITIVE_INFINITY;
  let before = low - 1;
  while (before >= 0 && places[before]! >= start) before--;
  return Math.min(after, before >= 0 ? start - places[before]! : Number.POSITIVE_INFINITY);
}

const isHandleChar = (code: number): boolean =>
  code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 32) >= 0x61 && (code | 32) <= 0x7a);

/** True when the name at `at` is part of a handle: the handle is judged as a whole. */
export function isInHandle(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 32 && isHandleChar(text.charCodeAt(i))) i--;
  return text[i] === '@';
}

export function endOfHandle(text: string, at: number): number {
  let i = at;
  while (i < text.length && i - at < 32 && isHandleChar(text.charCodeAt(i))) i++;
  return i;
}

/** True when the name at the end is the host of a link with a path: `youtu.be/x` shares, it does not complain. */
export function isLink(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && i - end < 64 && (isHandleChar(text.charCodeAt(i)) || text[i] === '.' || text[i] === '-'))
    i++;
  return (
    text[i] === '/' &&
    (i > end || /\.\w+$/.test(text.slice(Math.max(0, end - 12), end))) &&
    /[\w?]/.test(text[i + 1] ?? '')
  );
}

/** Keeps the leftmost longest of overlapping candidates, in order of place. */
export function longestFirst<T extends { start: number; end: number }>(candidates: T[]): T[] {
  if (candidates.length < 2) return candidates;
  candidates.sort((a, b) => a.start - b.start || b.end - a.end);
  let reach = -1;
  return candidates.filter((c) => {
    if (c.start < reach) return false;
    reach = c.end;
    return true;
  });
}

export const isCapital = (char: string): boolean => char !== char.toLowerCase();

/** The word that ends before `at`, in small letters; empty when none stands there. */
export function wordBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && foldTable[text.charCodeAt(end - 1)]! <= jointUnit && at - end < 3) end--;
  let start = end;
  while (start > 0 && foldTable[text.charCodeAt(start - 1)]! > jointUnit && end - start < longestWord) start--;
  return text.slice(start, end).toLowerCase();
}
