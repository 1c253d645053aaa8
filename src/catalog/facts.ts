// Phrases -> what the matcher asks of each one that it finds, in one table whose entries lie close together in memory.
import { commonWords, deviceWords, englishWords, ordinaryAtHome, slang } from './cues.js';
import { foldLetters } from './fold.js';
import { listed, type Names } from './names.js';

/** What a phrase is (bits): a name; a word of failure. */
export const NAME = 1;
export const FAILURE = 2;
/** A word of every other post; in the language of its home as well; English, if not so common; short; a device's name. */
export const COMMON = 4;
export const ORDINARY_AT_HOME = 8;
export const ENGLISH = 16;
export const SHORT = 32;
export const DEVICE = 64;
/** Means other services as well, or none. */
export const AMBIGUOUS = 128;
/** Above these bits: the languages in which it is slang for its service. */
export const kindBits = 8;

/** Numbers of an entry: what the phrase is; the service that it means wherever it stands, or -1; where in `maybe` those that it may mean begin and end. */
export const width = 4;
export const SURE = 1;
export const FROM = 2;
export const TO = 3;

/** Compiles the facts of all phrases. @returns the table, and the services that phrases may mean. */
export function compileFacts(
  { phrases, entries }: Names,
  failures: ReadonlySet<number>,
): { facts: Int32Array; maybe: Int32Array } {
  const maybe = listed(entries.map((e) => e.maybe));
  const facts = new Int32Array(phrases.length * width);
  phrases.forEach(({ text }, id) => {
    const { sure } = entries[id]!;
    const [from, to] = [maybe.from[id]!, maybe.from[id + 1]!];
    const kind =
      (sure >= 0 || to > from ? NAME : 0) |
      (failures.has(id) ? FAILURE : 0) |
      (commonWords.has(text) ? COMMON : 0) |
      (ordinaryAtHome.has(text) ? ORDINARY_AT_HOME : 0) |
      (englishWords.has(text) ? ENGLISH : 0) |
      (foldLetters(text).length < 5 ? SHORT : 0) |
      (deviceWords.has(text) ? DEVICE : 0) |
      (to > from ? AMBIGUOUS : 0) |
      ((slang.get(text) ?? 0) << kindBits);
    facts.set([kind, sure, from, to], id * width);
  });
  return { facts, maybe: maybe.of };
}
