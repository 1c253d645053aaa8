// Phrases as the scanner looks for them: cut into folded words, and compared with what stands in a text.
import { breakUnit, firstUnspaced, foldTable, ignoredUnit, jointUnit } from './fold.js';
import type { Reading } from './reading.js';

/** What `createScanner` is told of one phrase. */
export interface Phrase {
  text: string;
  /** Recorded with its place. Other phrases only leave word that they were seen. */
  recorded: boolean;
  /** May carry an ending (`WhatsAppta`, `Netflixs`): safe for names that are no ordinary word. */
  inflects: boolean;
}

/** Folded already: most phrases are. */
const plainText = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/** One phrase cut into folded words and, for scripts without spaces, runs. */
export function cutPhrase(text: string): { words: string[]; spaced: boolean; mixed: boolean } {
  if (plainText.test(text)) return { words: text.split(' '), spaced: true, mixed: false };
  const words: string[] = [];
  let word = '';
  let kind = 0;
  let spaced = false;
  let unspaced = false;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? foldTable[text.charCodeAt(i)]! : breakUnit;
    if (unit === ignoredUnit) continue;
    const next = unit <= jointUnit ? 0 : unit < firstUnspaced ? 1 : 2;
    if (next !== kind && word) {
      words.push(word);
      word = '';
    }
    kind = next;
    if (next === 1) spaced = true;
    if (next === 2) unspaced = true;
    if (next) word += String.fromCharCode(unit);
  }
  return { words, spaced, mixed: spaced && unspaced };
}

/** End of the folded `pattern` in the text from `at` on, signs between ignored; -1 when the text goes another way. */
export function follow({ text, forms }: Reading, at: number, pattern: string): number {
  let k = 0;
  let gap = 0;
  let i = at;
  for (; i < text.length && k < pattern.length; i++) {
    const form = forms[i]!;
    if (form === ignoredUnit) continue;
    if (form === pattern.charCodeAt(k)) {
      k++;
      gap = 0;
    } else if (form !== jointUnit || ++gap > 1) return -1;
  }
  return k === pattern.length ? i : -1;
}

/** Signs that tell one name from another (`at&t`, `ps+`, `x.com`); spaces and hyphens do not. */
export const tellingSign = /[&+$*!@.]/;

const isTelling = (unit: number): boolean =>
  unit === 0x26 || unit === 0x2b || unit === 0x24 || unit === 0x2a || unit === 0x21 || unit === 0x40 || unit === 0x2e;

/** True when the text from `start` on shows the phrase's own signs: `at&t` is not `at t`. */
export function showsSigns({ text, units, forms }: Reading, start: number, phrase: string): boolean {
  let i = phrase.charCodeAt(0) === 0x40 ? start - 1 : start;
  for (let k = 0; k < phrase.length; k++) {
    const sign = phrase.charCodeAt(k);
    if (sign === 0x20) continue;
    while (i < text.length && (units[i] === 0x20 || forms[i] === ignoredUnit)) i++;
    if (i >= text.length) return false;
    const unit = units[i++]!;
    if ((isTelling(sign) || isTelling(unit)) && unit !== sign) return false;
  }
  return true;
}
