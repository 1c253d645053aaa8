// Text -> its language, as far as a few function words tell.
import { englishMarks, languageMarks } from './cues.js';

const apostrophe = 0x27;
const curly = 0x2019;
/** Small form of each letter, apostrophes among them; 0 for what ends a word. */
const small = new Uint16Array(0x10000);
for (let unit = 0; unit < small.length; unit++) {
  const char = String.fromCharCode(unit);
  if (/\p{L}/u.test(char)) small[unit] = char.toLowerCase().charCodeAt(0);
}
small[apostrophe] = small[curly] = apostrophe;
/** Its small form is an i and a mark that ends the word. */
const dotted = 0x130;

const seed = 0x811c9dc5 | 0;
const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);
const hashOf = (word: string): number => [...word].reduce((hash, char) => step(hash, char.charCodeAt(0)), seed);

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

/** Whether a text is English, and the language (a bit) whose function words it shows most, at least two. */
export function tongueOf(text: string): { english: boolean; tongue: number } {
  texts = (texts + 1) | 0 || 1;
  counts.fill(0);
  let english = false;
  let hash = seed;
  let length = 0;
  let bent = 0;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 0;
    let form = small[unit] as number;
    if (form === 0 && unit >= 0xd800 && unit < 0xe000) form = isAstralLetter(text, i) ? unit : 0;
    if (form !== 0) {
      hash = step(hash, form);
      length++;
      if (unit === curly) bent++;
      if (unit !== dotted) continue;
    }
    if (length > 0 && length <= longestMark && bent < 2) {
      let at = (hash & (size - 1)) * width;
      while (marks[at + 1] !== 0 && marks[at] !== hash) at = (at + width) & (marks.length - 1);
      const bits = marks[at + 1] as number;
      if (bits !== 0 && marks[at + 2 + bent] !== texts) {
        marks[at + 2 + bent] = texts;
        if (bits & 1) english = true;
        for (let a = bits >>> 1; a !== 0; a &= a - 1) counts[31 - Math.clz32(a & -a)]!++;
      }
    }
    hash = seed;
    length = 0;
    bent = 0;
  }
  let most = 0;
  for (let i = 1; i < counts.length; i++) if ((counts[i] as number) > (counts[most] as number)) most = i;
  return { english, tongue: (counts[most] as number) >= 2 ? 1 << most : 0 };
}

/** True for both halves of a letter outside the basic plane. */
function isAstralLetter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const code = text.codePointAt(unit < 0xdc00 ? at : at - 1) ?? 0;
  return code > 0xffff && /\p{L}/u.test(String.fromCodePoint(code));
}
