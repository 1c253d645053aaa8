// Text -> its language, as far as a few function words tell.
import { englishMarks, languageMarks } from './cues.js';

/** Function words with the languages (bits) they show; the lowest bit is English. */
const markBits = new Map<string, number>(englishMarks.map((word) => [word, 1]));
languageMarks.forEach(({ marks }, i) => {
  for (const word of marks) markBits.set(word, (markBits.get(word) ?? 0) | (2 << i));
});

/** Whether a text is English, and the language (a bit) whose function words it shows most, at least two. */
export function tongueOf(text: string): { english: boolean; tongue: number } {
  let english = false;
  const counts = new Array<number>(languageMarks.length).fill(0);
  for (const word of new Set(text.toLowerCase().split(/[^\p{L}'’]+/u))) {
    const bits = markBits.get(word.replace('’', "'"));
    if (bits === undefined) continue;
    if (bits & 1) english = true;
    for (let i = 0; i < counts.length; i++) if (bits & (2 << i)) counts[i]!++;
  }
  const most = Math.max(...counts);
  return { english, tongue: most >= 2 ? 1 << counts.indexOf(most) : 0 };
}
