// Why a verdict: the few features that decided, in words a person understands.
import { type Features, familyScale, fixedName, LEXICON, PATTERNS, WORDS } from './features.js';
import type { LinearModel } from './linear-model.js';
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

/** Up to three reasons, strongest first: what pulled the score of `head` towards its side (`sign`). A cause is spoken of only where one is `blamed`. */
export function explain(
  features: Features,
  model: LinearModel,
  head: number,
  sign: number,
  text: string,
  blamed: boolean,
): string[] {
  const { n, slot, family, fromToken, toToken, scan } = features;
  const squares = new Float64Array(16);
  for (let k = 0; k < n; k++) squares[family[k] as number]! += (model.idf[slot[k] as number] as number) ** 2;
  // The strongest features first; most of them are never put into words.
  const best: { k: number; pull: number }[] = [];
  for (let k = 0; k < n; k++) {
    const f = family[k] as number;
    if (f !== WORDS && f !== PATTERNS && f !== LEXICON) continue;
    const at = slot[k] as number;
    const v = ((familyScale[f] as number) * (model.idf[at] as number)) / Math.sqrt(squares[f] as number);
    const pull = sign * v * (model.weights[at * model.heads + head] as number);
    if (pull <= 0 || (best.length === candidates && pull <= (best[candidates - 1] as { pull: number }).pull)) continue;
    let i = best.length === candidates ? candidates - 1 : best.length;
    for (; i > 0 && (best[i - 1] as { pull: number }).pull < pull; i--)
      best[i] = best[i - 1] as { k: number; pull: number };
    best[i] = { k, pull };
  }
  const sorted: string[] = [];
  for (const { k } of best) {
    const fixed = fixedName(slot[k] as number);
    const from = fromToken[k] as number;
    const quoted =
      from >= 0 ? quote(text, scan.from[from] as number, scan.to[(toToken[k] as number) - 1] as number) : '';
    let reason: string | undefined;
    if (fixed?.family === 'pattern' && (blamed || patternNames[fixed.index] !== 'dependency-blame'))
      reason = patternWhy[fixed.index];
    else if (fixed?.family === 'class') reason = classWhy[classNames[fixed.index] as string];
    else if (family[k] === WORDS && tellingWords.test(quoted)) sorted.push(quoted);
    if (reason) sorted.push(quoted === '' ? reason : `${reason}: ${quoted}`);
  }
  const out: string[] = [];
  for (const reason of sorted) {
    // A quote inside a reason already given says nothing new.
    const words = reason.slice(reason.indexOf('“'));
    if (out.some((o) => o.includes(words.slice(1, -1)) || words.includes(o.slice(o.indexOf('“') + 1, -1)))) continue;
    out.push(reason);
    if (out.length === 3) break;
  }
  return out;
}

/** The words themselves, in quotation marks; empty when they stand in the title. */
function quote(text: string, from: number, to: number): string {
  if (from < 0 || to <= from) return '';
  const words = text
    .slice(from, Math.min(to, from + 60))
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? '' : `“${words}”`;
}
