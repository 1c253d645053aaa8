// How much speaks for a name in a text being the place where its author's problem is.
import type { Mention } from '../core/post.js';
import {
  machines,
  others,
  postpositions,
  prepositions,
  streetsBefore,
  streetsBehind,
  weakPrepositions,
} from './place-cues.js';
import { weightOf } from './place-names.js';
import {
  isBesideMachine,
  isCapital,
  isCapitalAt,
  isCasedAt,
  isTravel,
  type Neighbour,
  wordBefore,
  wordBehind,
} from './place-surroundings.js';
import type { Reading } from './reading.js';

/** What is known of a text in which places are named. */
export interface Scene {
  reading: Reading;
  /** Written in capitals throughout. */
  shouted: boolean;
  english: boolean;
  german: boolean;
  /** All services named are ones that people work on from afar. */
  remote: boolean;
  /** The title of a thread: no whole sentence, and often in capitals. */
  title: boolean;
  /** Score from which a name counts. */
  bar: number;
  /** Services named in this text. */
  mentions: readonly Mention[];
}

/** A name at [from, to) and the place that it most likely means. */
export interface Named {
  from: number;
  to: number;
  /** Thousands of people, or a weight of `weightOf`, and its logarithm. */
  weight: number;
  size: number;
  /** Whether it is a part of a country, or in one, and not a country. */
  part: boolean;
  /** An ordinary or short word as well. */
  isWord: boolean;
  /** What stands behind it says so: `Leeds, England`. */
  within: boolean;
  /** A service named is at home there. */
  home: boolean;
}

const englishIn: ReadonlySet<string> = new Set(
  'in near around downtown across en à aus bei dans sur di uit'.split(' '),
);
const article = /^(?:the|el|la|le|l|o|het|der|dem|den)$/i;

/** True for a word or abbreviation written small or with one capital of two: it tells no place, whatever stands around it. */
export const isEveryday = (reading: Reading, from: number, to: number, isWord: boolean): boolean =>
  (isWord || to - from <= 3) && isCasedAt(reading, from) && !isBig(reading, from, to);

const isBig = (reading: Reading, from: number, to: number): boolean =>
  isCapitalAt(reading, from) && (to - from > 2 || isCapitalAt(reading, from + 1));

const onThe = 'on the';

/** Thousands of people that a place written small has at least behind a preposition. */
const leastBehind = (preposition: string): number =>
  weakPrepositions.has(preposition) ? 300 : englishIn.has(preposition) ? 20 : 100;

/** The word before a name, or the preposition before that where an article stands between. */
function leadOf(reading: Reading, from: number): Neighbour {
  const before = wordBefore(reading, from);
  if (!article.test(before.word) || !/^[\s'’]$/.test(before.apart)) return before;
  const further = wordBefore(reading, from - before.apart.length - before.word.length);
  const lead = further.word.toLowerCase();
  // `on the west coast`
  return further.apart === ' ' && (prepositions.has(lead) || lead === 'on')
    ? { word: lead === 'on' ? onThe : lead, apart: ' ' }
    : before;
}

/** Score of a name; below the bar, one that only tells that more would lower it. */
export function scoreOf(scene: Scene, { from, to, weight, size, part, isWord, within, home }: Named): number {
  const { reading, shouted } = scene;
  const { text } = reading;
  const cased = isCasedAt(reading, from);
  const capital = !cased || (!shouted && isBig(reading, from, to));
  // Abbreviations and words are written big, and in capitals throughout they tell nothing.
  if (cased && (isWord || to - from <= 3) && (!capital || shouted)) return 0;
  const before = leadOf(reading, from);
  const behind = wordBehind(reading, to);
  const low = before.word.toLowerCase();
  const led =
    before.word !== '' &&
    (prepositions.has(low) || (low === onThe && !isWord)) &&
    (before.apart === '' || before.apart === ' ' || /^[\s('"«“-]+$/.test(before.apart));
  const then = behind.word.toLowerCase();
  const followed = postpositions.has(then) && /^[\s'’]{0,2}$/.test(behind.apart);
  const starts = before.word === '' || (before.apart !== ' ' && /[.!?:\n|]/.test(before.apart));
  const atHome = home && to - from >= 5;
  if (cased && !capital && !shouted && !within) {
    // Written small: a city people know, one where a service named is at home, or one that `in` stands before.
    const least = led ? leastBehind(low) : text[from - 1] === '#' ? 100 : 400;
    if (isWord || weight < (atHome ? Math.min(least, 40) : least)) return 0;
    if ((!part || weight === weightOf.part) && !led) return 0;
    if (to - from < 4 && !led) return 0;
  }
  if (isWord && !within && !(led && capital && !starts && (weight >= 80 || home || followed) && !scene.german))
    return 0;
  // A village is a place only where a word before it says so.
  if (weight < 15 && !within && !(led && capital)) return 0;
  let score = Math.min(2, size / 2);
  if (within) score += 3;
  if (text[from - 1] === '#') score += 2;
  if (led) score += 2;
  else if (cased && !capital && (weight >= 400 || atHome)) score += 0.7;
  if (followed) score += 1;
  if (capital && cased) score += 0.8;
  if (!cased) score += 0.5;
  if (before.apart !== ' ' && (/[(),/|]/.test(before.apart) || before.apart.includes(' - '))) score += 0.4;
  if (/^\s*[),.!?/|:;]|^\s*$/.test(behind.apart) || behind.word === '') score += 0.4;
  // Paris Hilton, Boston Globe, Chicago Bulls.
  if (scene.english && capital && cased && !within && !followed && behind.apart === ' ' && isCapital(behind.word[0]))
    score -= led ? 0.3 : 1;
  if (
    !scene.title &&
    capital &&
    cased &&
    !led &&
    before.apart === ' ' &&
    isCapital(before.word[0]) &&
    !isService(scene, from - 1) &&
    !isSentenceStart(text, from - before.apart.length - before.word.length)
  )
    score -= 0.8;
  if (home) score += 1;
  // Streets are named after places.
  if ((behind.apart === ' ' && streetsBehind.has(then)) || (!scene.english && streetsBefore.has(low))) score -= 3;
  // From here on a score only falls.
  if (score < scene.bar) return score;
  // Where a server stands, or where somebody else sits, is not where the author's problem is.
  if (isTravel(text, from, to)) score -= 2;
  // Who works on clouds says from where he looks, not where it fails.
  if (scene.remote && low === 'from') score -= 3;
  if (machines.has(then) || machines.has(low) || isBesideMachine(text, from, to)) score -= 2.5;
  const further = led ? wordBefore(reading, from - before.apart.length - before.word.length).word.toLowerCase() : '';
  if (others.has(further) || machines.has(further)) score -= 4;
  return score;
}

/** True where a capital tells nothing: `So Malindi is not listed yet`. */
const isSentenceStart = (text: string, at: number): boolean =>
  /(?:^|[.!?]\s)$/.test(text.slice(Math.max(0, at - 2), at));

/** True when a service is named at this place. */
const isService = ({ mentions }: Scene, at: number): boolean =>
  mentions.some((m) => m.start <= at && at <= m.end && m.start >= 0);
