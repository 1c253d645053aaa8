// Why a verdict: the few features that decided, in words a person understands.
import type { Features } from './features.js';
import type { Scorer } from './scorer.js';
import { fixedName } from './slots.js';
import { classNames, patternNames, patternWhy } from './vocabulary.js';

/** Features that may become reasons. */
const candidates = 16;

const classWhy: Partial<Record<string, string>> = {
  down: 'a word for being down',
  fail: 'a word for failing',
  slow: 'a word for slowness',
  past: 'speaks of the past',
  fixed: 'a word for repair',
  maint: 'speaks of maintenance',
  bill: 'speaks of prices, orders or bills',
  account: 'speaks of an account',
  praise: 'praise',
  joke: 'a joke',
  feature: 'speaks of features',
  news: 'words of a second-hand report',
  sup: 'words of a support reply',
  power: 'speaks of electricity',
  msg: 'speaks of messages or calls',
  pay: 'speaks of payments',
  login: 'speaks of logging in',
};

/** Words of fewer letters say nothing by themselves, save in scripts that write a word with two. */
const tellingWords = /[\p{L}\p{M}\p{N}]{3}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2}/u;

/** What a quote is tidied of: runs of blanks, line breaks and the like, blanks at its ends. */
const untidySpace = /\s\s|[^\S ]|^ | $/;
/** Most words show at once that they are telling. */
const plainWords = /[a-z]{3}/i;

/** Up to three reasons, strongest first: what pulled the score of `head` towards its side (`sign`). A cause is spoken of only where one is `blamed`. */
export function explain(
  features: Features,
  scorer: Scorer,
  head: number,
  sign: number,
  text: string,
  blamed: boolean,
): string[] {
  scorer.pull(head, sign);
  const out: string[] = [];
  for (let i = 0; i < candidates && out.length < 3; i++) {
    const at = scorer.strongest();
    if (at < 0) break;
    const reason = reasonOf(features, at, text, blamed);
    if (reason === '') continue;
    // A quote inside a reason already given says nothing new.
    const words = reason.slice(reason.indexOf('“'));
    if (!isSaid(words, out)) out.push(reason);
  }
  return out;
}

function isSaid(words: string, reasons: readonly string[]): boolean {
  for (const reason of reasons)
    if (reason.includes(words.slice(1, -1)) || words.includes(reason.slice(reason.indexOf('“') + 1, -1))) return true;
  return false;
}

/** One feature in words; empty when it says nothing to a person. */
function reasonOf(features: Features, at: number, text: string, blamed: boolean): string {
  const slot = features.slotAt(at);
  const fixed = slot === 0 ? null : fixedName(slot);
  let reason: string | undefined;
  if (fixed?.family === 'pattern' && (blamed || patternNames[fixed.index] !== 'dependency-blame'))
    reason = patternWhy[fixed.index];
  else if (fixed?.family === 'class') reason = classWhy[classNames[fixed.index] as string];
  if (!reason && !features.isWords(at)) return '';
  const quoted = quote(features, at, text);
  if (!reason) return plainWords.test(quoted) || tellingWords.test(quoted) ? quoted : '';
  return quoted === '' ? reason : `${reason}: ${quoted}`;
}

/** The words that a feature came from, in quotation marks; empty when it has none or they stand in the title. */
function quote({ place, scan }: Features, at: number, text: string): string {
  const tokens = place[at] as number;
  if (tokens < 0) return '';
  const from = scan.from[tokens >>> 16] as number;
  const to = scan.to[(tokens & 0xffff) - 1] as number;
  if (from < 0 || to <= from) return '';
  let words = text.slice(from, Math.min(to, from + 60));
  if (untidySpace.test(words)) words = words.replace(/\s+/g, ' ').trim();
  return words === '' ? '' : `“${words}”`;
}
