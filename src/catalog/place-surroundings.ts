// What stands around a place's name: words, machines, journeys, addresses, quotations.
import { jointUnit } from './fold.js';
import { CASED, LARGE, LOWER, letterKinds, SPACE, UPPER } from './letters.js';
import type { Reading } from './reading.js';

interface Span {
  start: number;
  end: number;
}

/** Reach within which a word is looked for beside a place, and its longest length. */
const longestApart = 4;
const longestWord = 14;
/** Units that tell whether a text is written in capitals throughout. */
const longestLook = 600;

const kindAt = ({ text, units }: Reading, at: number): number =>
  at >= 0 && at < text.length ? letterKinds[units[at]!]! : 0;
export const isCapitalAt = (reading: Reading, at: number): boolean => (kindAt(reading, at) & LARGE) !== 0;
export const isCasedAt = (reading: Reading, at: number): boolean => (kindAt(reading, at) & CASED) !== 0;
export const isCapital = (char: string | undefined): boolean => char !== undefined && char !== char.toLowerCase();

const isWordAt = ({ forms }: Reading, at: number): boolean => forms[at]! > jointUnit;

/** A word beside a place, and what stands between the two. */
export interface Neighbour {
  word: string;
  apart: string;
}

export function wordBefore(reading: Reading, at: number): Neighbour {
  let end = at;
  while (end > 0 && at - end < longestApart && !isWordAt(reading, end - 1)) end--;
  let start = end;
  while (start > 0 && end - start < longestWord && isWordAt(reading, start - 1)) start--;
  return { word: reading.text.slice(start, end), apart: reading.text.slice(end, at) };
}

export function wordBehind(reading: Reading, at: number): Neighbour {
  const { text } = reading;
  let start = at;
  while (start < text.length && start - at < longestApart && !isWordAt(reading, start)) start++;
  let end = start;
  while (end < text.length && end - start < longestWord && isWordAt(reading, end)) end++;
  return { word: text.slice(start, end), apart: text.slice(at, start) };
}

/** True when the name at [start, end) follows a name that ends at `at`, as a state follows a city; short ones are written big. */
export function isBehind(text: string, at: number, start: number, end: number): boolean {
  if (start < at || start - at > 3) return false;
  const name = text.slice(start, end);
  return end - start > 3 || (isCapital(name[0]) && name === name.toUpperCase());
}

const machineWords =
  /(?:\b(?:servers?|nodes?|regions?|pops?|ping|ms|datacent(?:er|re)s?|traceroute|nameservers|anycast|tenants?|mailboxes|edge|cdn|s3|azure|aws|ec2|hop|colo|rack|dc[0-9])\b|sunucu|serwer|servidor|serveur|rechenzentrum|リージョン|サーバ|鯖|سيرفر|서버|리전)/i;

/** True when a word of machines stands within a few letters of a place: `Valorant Frankfurt sunucusu`. */
export function isBesideMachine(text: string, from: number, to: number): boolean {
  return machineWords.test(text.slice(to, to + 14)) || machineWords.test(text.slice(Math.max(0, from - 14), from));
}

/** True when the words around a name say that it is no service but a place: `in the Halifax area`. */
export const isArea = (text: string, from: number, to: number): boolean =>
  /^ area\b/.test(text.slice(to, to + 6)) &&
  /\b(?:in|around|across) the $/.test(text.slice(Math.max(0, from - 12), from));

export const isRemote = (category: string | undefined): boolean => category === 'cloud' || category === 'developer';

/** True when most letters are capitals, links and handles aside, so that a capital tells nothing. */
export function isShouted({ text, units }: Reading): boolean {
  const end = Math.min(text.length, longestLook);
  let large = 0;
  let small = 0;
  for (let i = 0; i < end; i++) {
    // Capitals throughout what is left would not be enough.
    if (large + end - i <= 2 * small) return false;
    const unit = units[i]!;
    if (unit === 0x40) {
      while (i + 1 < end && isHandleUnit(units[i + 1]!)) i++;
    } else if (unit === 0x68 && link.test(text.slice(i, Math.min(i + 9, end)))) {
      while (i + 1 < end && (letterKinds[units[i + 1]!]! & SPACE) === 0) i++;
    } else if (unit >= 0xd800 && unit < 0xdc00) {
      const pair = text.slice(i, Math.min(i + 2, end));
      if (/^\p{Lu}$/u.test(pair)) large++;
      else if (/^\p{Ll}$/u.test(pair)) small++;
    } else if (letterKinds[unit]! & UPPER) large++;
    else if (letterKinds[unit]! & LOWER) small++;
  }
  return large > 2 * small;
}

const link = /^https?:\/\/\S/;
const isHandleUnit = (unit: number): boolean =>
  unit === 0x5f || (unit >= 0x30 && unit <= 0x39) || ((unit | 32) >= 0x61 && (unit | 32) <= 0x7a);

const travelWords = /\b(?:flight|flights|flying|flew|fly|routing)\b/i;

/** True when somebody travels to or from the place. */
export function isTravel(text: string, from: number, to: number): boolean {
  return travelWords.test(text.slice(Math.max(0, from - 18), from)) || travelWords.test(text.slice(to, to + 10));
}

const quoted = /\swrote:|\s\d+ [\w.\s]{3,30}\b(?:Suite|Ste)\b|-{8,}|\b(?:Office|Direct|Phone|Mobile|Fax|Tel): ?[<(+\d]/;

/** The writer's own words: what stands before a quoted mail, a rule or a signature. */
export function ownWords(text: string): string {
  if (text.length <= 40 || !(text.includes(':') || text.includes('--------') || text.includes('Suite'))) return text;
  const end = text.search(quoted);
  return end > 40 ? text.slice(0, end) : text;
}

/** True inside a link or an address. */
export function isInAddress({ text, units }: Reading, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 40 && units[i]! > 0x20) i--;
  const run = text.slice(i + 1, at);
  return run.includes('://') || run.includes('@') || run.startsWith('www.');
}

/** True when nothing but a short joint stands between two places: `Las Vegas and Los Angeles`. */
export function isListed(a: Span, b: Span): boolean {
  const [left, right] = a.start < b.start ? [a, b] : [b, a];
  return right.start - left.end <= 8;
}
