// Tells the language of a post whose source does not; tinyld brings its tables along.
import { detect } from 'tinyld';

/** Fewer letters than this tell nothing. */
const leastLetters = 12;
/** What is read of a long post. */
const mostUnits = 400;

/** @returns ISO 639-1 code, or null where the text is too short or unlike any known language. Never throws. */
export function languageOf(text: string): string | null {
  const words = text.slice(0, mostUnits).replace(/https?:\/\/\S+|[@#]\S+/g, ' ');
  if ((words.match(/\p{L}/gu)?.length ?? 0) < leastLetters) return null;
  return detect(words) || null;
}
