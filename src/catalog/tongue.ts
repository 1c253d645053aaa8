// Text -> its language, as far as a few function words tell.
import { englishMarks, languageMarks } from './cues.js';
import { LARGE, LETTER, letterKinds } from './letters.js';
import { addLetter, hashOf, type Reading } from './reading.js';

const apostrophe = 0x27;
const curly = 0x2019;
/** Small form of each letter, apostrophes among them; 0 for what ends a word. */
const small = Uint16Array.from(letterKinds, (kind, unit) =>
  (kind & LETTER) === 0 ? 0 : kind & LARGE ? String.fromCharCode(unit).toLowerCase().charCodeAt(0) : unit,
);
small[apostrophe] = small[curly] = apostrophe;
/** Its small form is an i and a mark that ends the word. */
const dotted = 0x130;

const step = addLetter;

/** Function words with the languages (bits) they show; the lowest bit is English. */
const markBits = new Map<string, number>(englishMarks.map((word) => [word, 1]));
languageMarks.forEach(({ marks }, i) => {
  for (const word of marks) markBits.set(word, (markBits.get(word) ?? 0) | (2 << i));
});
const longestMark = Math.max(...[...markBits.keys()].map((word) => word.length));

/** Marks by hash: hash, bits, and the last text that showed it with a plain and with a curly apostrophe. */
const size = 2048;
const width = 4;
const marks = new Int32Array(size * width);
for (const [word, bits] of markBits) {
  let at = (hashOf(word) & (size - 1)) * width;
  while (marks[at + 1] !== 0) at = (at + width) & (marks.length - 1);
  marks.set([hashOf(word), bits, 0, 0], at);
}
const counts = new Int32Array(languageMarks.length);
let texts = 0;

/** Whether the first units of a text (so many at most) are English, and the language (a bit) whose function words they show most, at least two. */
export function tongueOf({ text, units }: Reading, reach: number): { english: boolean; tongue: number } {
  const end = Math.min(text.length, reach);
  texts = (texts + 1) | 0 || 1;
  counts.fill(0);
  let english = false;
  let hash = 0;
  let length = 0;
  let bent = 0;
  for (let i = 0; i <= end; i++) {
    const unit = i < end ? units[i]! : 0;
    let form = small[unit]!;
    if (form === 0 && unit >= 0xd800 && unit < 0xe000) form = isAstralLetter(units, i, end) ? unit : 0;
    if (form !== 0) {
      hash = step(hash, form);
      length++;
      if (unit === curly) bent++;
      if (unit !== dotted) continue;
    }
    if (length > 0 && length <= longestMark && bent < 2) {
      let at = (hash & (size - 1)) * width;
      while (marks[at + 1] !== 0 && marks[at] !== hash) at = (at + width) & (marks.length - 1);
      const bits = marks[at + 1]!;
      if (bits !== 0 && marks[at + 2 + bent] !== texts) {
        marks[at + 2 + bent] = texts;
        if (bits & 1) english = true;
        for (let a = bits >>> 1; a !== 0; a &= a - 1) counts[31 - Math.clz32(a & -a)]!++;
      }
    }
    hash = 0;
    length = 0;
    bent = 0;
  }
  let most = 0;
  for (let i = 1; i < counts.length; i++) if (counts[i]! > counts[most]!) most = i;
  return { english, tongue: counts[most]! >= 2 ? 1 << most : 0 };
}

/** True for both halves of a letter outside the basic plane. */
function isAstralLetter(units: Uint16Array, at: number, end: number): boolean {
  const high = units[at]! < 0xdc00 ? at : at - 1;
  if (high < 0 || high + 1 >= end) return false;
  return /^\p{L}$/u.test(String.fromCharCode(units[high]!, units[high + 1]!));
}
