// Text -> its language, as far as a few function words tell.
import { englishMarks, languageMarks } from './cues.js';

/** Function words with the languages (bits) they show; the lowest bit is English. */
const markBits = new Map<string, number>(englishMarks.map((word) => [word, 1]));
languageMarks.forEach(({ marks }, i) => {
  for (const word of marks) markBits.set(word, (markBits.get(word) ?? 0) | (2 << i));
});

const longestMark = Math.max(...[...markBits.keys()].map((word) => word.length));

/** Whether a text is English, and the language (a bit) whose function words it shows most, at least two. */
export function tongueOf(text: string): { english: boolean; tongue: number } {
  let english = false;
  const counts = new Array<number>(languageMarks.length).fill(0);
  const seen: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}'’]+/gu)) {
    const bits = word.length > longestMark ? undefined : markBits.get(word.replace('’', "'"));
    if (bits === undefined || seen.includes(word)) continue;
    seen.push(word);
    if (bits & 1) english = true;
    for (let i = 0; i < counts.length; i++) if (bits & (2 << i)) counts[i]!++;
  }
  const most = Math.max(...counts);
  return { english, tongue: most >= 2 ? 1 << counts.indexOf(most) : 0 };
}
