// Text -> mentions: finds the services that a text names, and tells names from ordinary words.
import type { Catalog, Matcher } from '../core/catalog.js';
import type { Mention } from '../core/post.js';
import { determiners, failureWords, languageMarks, platforms } from './cues.js';
import {
  AMBIGUOUS,
  COMMON,
  compileFacts,
  DEVICE,
  ENGLISH,
  FAILURE,
  FROM,
  kindBits,
  NAME,
  ORDINARY_AT_HOME,
  SHORT,
  SURE,
  TO,
  width,
} from './facts.js';
import { foldLetters } from './fold.js';
import { homes } from './homes.js';
import { LARGE, letterKinds } from './letters.js';
import { compileNames } from './names.js';
import { hashOf, type Reading, readText } from './reading.js';
import { createScanner } from './scanner.js';
import { type Candidate, createSettler } from './settling.js';
import {
  caseOf,
  endOfHandle,
  hasAccent,
  hashBefore,
  isInHandle,
  isLink,
  isRespelt,
  longestFirst,
  signBefore,
  startsSentence,
  wordBefore,
} from './surroundings.js';
import { createTagReader } from './tags.js';
import { tongueOf } from './tongue.js';

/** Words further away than this (UTF-16 units) say nothing about a name in a long text. */
const nearby = 200;
/** Distances at which a word of failure speaks much, and a little, for an ambiguous name. */
const beside = 12;
const atHand = 60;
/** Score from which an ambiguous name counts, by how ordinary a word it is; one more beside a sure name. */
const enough = { name: 0, short: 1, english: 2, common: 4 };
/** What a word that speaks against a name counts. */
const against = -9;
const isDeterminer = new Set(determiners);
/** Their hashes: few words before a name need be taken out of the text. */
const determinerHashes = new Set(determiners.map((word) => hashOf(foldLetters(word))));
/** Units of a long text that tell its language and case. */
const longestLook = 400;
const handleSign = 0x40;
const tagSign = 0x23;
const none: never[] = [];

/** So many accounts and forums are kept with what they speak for, if their names are of so many UTF-16 units at most. */
const mostKnown = 1_000;
const longestKnown = 100;

/** Services that the context of a post names, and all that they speak for. */
interface Surroundings {
  where: string;
  named: Candidate[];
  services: number[];
  speakers: ReadonlySet<number> | null;
}

/** Compiles the catalog's names; the returned matcher is pure and never throws. */
export function createMatcher(catalog: Catalog): Matcher {
  const services = catalog.services;
  const indexOf = new Map(services.map((s, i) => [s.id, i]));
  const names = compileNames(services);
  const { phrases, entries, contextOf, notContextOf, phraseFor } = names;
  const failurePhrases = new Set(failureWords.map(phraseFor));
  for (const id of failurePhrases) phrases[id]!.recorded = true;
  const { facts, maybe } = compileFacts(names, failurePhrases);
  /** Languages (bits) of the countries in which a service is at home. */
  const tongues = Int32Array.from(services, (s) =>
    languageMarks.reduce(
      (bits, l, i) => (s.regions?.some((r) => homes[l.language]!.includes(r.slice(0, 2))) ? bits | (1 << i) : bits),
      0,
    ),
  );
  const ancestorsOf = services.map((s) => catalog.ancestors(s.id).map((id) => indexOf.get(id)!));
  const rootOf = Int32Array.from(ancestorsOf, (line, i) => line.at(-1) ?? i);
  /** What an account speaks for: its service, what that is a part of, and its parts. */
  const kin = services.map((_, i) => new Set([i, ...ancestorsOf[i]!]));
  ancestorsOf.forEach((line, i) => {
    for (const ancestor of line) kin[ancestor]!.add(i);
  });
  const isPlatform = Uint8Array.from(services, (s) => Number(platforms.has(s.id)));
  const scanner = createScanner(phrases);
  const { hits, tags } = scanner;
  const readTag = createTagReader(scanner, entries, services);
  const { settle, added } = createSettler(services, ancestorsOf);

  /** True when the cue was seen near `at`, and is not the name there itself. */
  const seenNear = (phrase: number, at: number): boolean => {
    const place = scanner.seenAt(phrase);
    return place >= 0 && place !== at && Math.abs(place - at) <= nearby;
  };
  const hasCue = (phrase: number, at: number): boolean => {
    for (let m = facts[phrase * width + FROM]!; m < facts[phrase * width + TO]!; m++) {
      const service = maybe[m]!;
      for (let k = contextOf.from[service]!; k < contextOf.from[service + 1]!; k++)
        if (seenNear(contextOf.of[k]!, at)) return true;
    }
    return false;
  };

  // What the text at hand says as a whole, read when a name asks for it.
  let language: ReturnType<typeof tongueOf> | null = null;
  let letters: ReturnType<typeof caseOf> | null = null;
  /** Whether it has a word of failure. */
  let fails = false;
  const languageOf = (reading: Reading) => (language ??= tongueOf(reading, longestLook));
  const lettersOf = (reading: Reading) => (letters ??= caseOf(reading, longestLook));

  /** UTF-16 units from a hit to the nearest word of failure, as far as `atHand` reaches. */
  function toFailure(hit: number): number {
    let nearest = Number.POSITIVE_INFINITY;
    if (!fails) return nearest;
    const { of, start } = hits;
    const from = start[hit]!;
    const to = hits.end[hit]!;
    for (let k = hit - 1; k >= 0 && from - start[k]! <= atHand; k--)
      if (facts[of[k]! * width]! & FAILURE && start[k]! < from) {
        nearest = from - start[k]!;
        break;
      }
    for (let k = hit + 1; k < hits.count && start[k]! - to <= atHand; k++)
      if (facts[of[k]! * width]! & FAILURE && start[k]! >= to) return Math.min(nearest, start[k]! - to);
    return nearest;
  }

  /** How much speaks for an ambiguous name meaning any service. */
  function scoreAt(reading: Reading, hit: number): number {
    const start = hits.start[hit]!;
    const failing = toFailure(hit);
    let score = failing <= beside ? 2 : failing <= atHand ? 1 : 0;
    if (startsSentence(reading, start)) score += 1;
    else if (letterKinds[reading.units[start]!]! & LARGE && !lettersOf(reading).allCaps)
      score += lettersOf(reading).cased ? 2 : 1;
    if (signBefore(reading, start) === tagSign) score += 1;
    if (determinerHashes.has(hashBefore(reading, start)) && isDeterminer.has(wordBefore(reading, start))) score -= 1;
    return score;
  }

  /** How much the words of the text speak for this service being the one named at `start`. */
  function cuesFor(service: number, start: number): number {
    for (let k = notContextOf.from[service]!; k < notContextOf.from[service + 1]!; k++)
      if (seenNear(notContextOf.of[k]!, -1)) return against;
    let cues = 0;
    for (let k = contextOf.from[service]!; k < contextOf.from[service + 1]!; k++)
      if (seenNear(contextOf.of[k]!, start) && ++cues === 3) break;
    return cues ? 1 + cues : 0;
  }

  /** Score that an ambiguous name needs to mean a service. */
  function barOf(reading: Reading, kind: number, atHome: boolean, besideSure: boolean): number {
    // In the language of its home a name such as Free is no ordinary word.
    if (kind & COMMON)
      return atHome && (kind & ORDINARY_AT_HOME) === 0 ? enough.english : enough.common + (besideSure ? 1 : 0);
    if (kind & ENGLISH && languageOf(reading).english) return enough.english;
    return kind & SHORT ? enough.short : enough.name;
  }

  /** Handles and tags that name a service. */
  function findTags(reading: Reading): Candidate[] {
    const found: Candidate[] = [];
    for (let k = 0; k < tags.count; k++) {
      const from = tags.start[k]!;
      const handle = signBefore(reading, from) === handleSign;
      const to = handle ? endOfHandle(reading, tags.end[k]!) : tags.end[k]!;
      const service = readTag(reading, from, to, handle);
      if (service >= 0) found.push({ service, start: from - 1, end: to, handle, device: false });
    }
    return found;
  }

  /** What these services and all their kin are; null = there is none. */
  function speakersFor(accounts: readonly number[]): ReadonlySet<number> | null {
    if (accounts.length < 2) return accounts.length === 0 ? null : kin[accounts[0]!]!;
    return new Set([...new Set(accounts)].flatMap((i) => [...kin[i]!]));
  }

  /** Services that the accounts named in the text and around it speak for; null = there is no such account. */
  function speakersOf(tags: readonly Candidate[], addressed: ReadonlySet<number> | null): ReadonlySet<number> | null {
    if (tags.length === 0) return addressed;
    const speakers = speakersFor(tags.filter((c) => c.handle).map((c) => c.service));
    return speakers === null || addressed === null ? (speakers ?? addressed) : new Set([...addressed, ...speakers]);
  }

  /** The service that an ambiguous name most likely means, `otherwise` when too little speaks for any. */
  function likeliest(
    reading: Reading,
    hit: number,
    sure: number,
    spokenFor: ReadonlySet<number> | null,
    otherwise: number,
  ): number {
    const id = hits.of[hit]!;
    const kind = facts[id * width]!;
    const start = hits.start[hit]!;
    const base = scoreAt(reading, hit);
    let best = otherwise;
    let most = -1;
    for (let m = facts[id * width + FROM]!; m < facts[id * width + TO]!; m++) {
      const service = maybe[m]!;
      const atHome = tongues[service] !== 0 && (languageOf(reading).tongue & tongues[service]!) !== 0;
      // A name that is sure elsewhere means another service only in that one's language.
      if (otherwise >= 0 && !atHome) continue;
      let score = base + cuesFor(service, start);
      if (atHome) score += 2;
      if (sure >= 0 && (kind & COMMON) === 0) score += 1;
      if (sure === rootOf[service] && rootOf[service] !== service) score += 2;
      if (spokenFor?.has(service)) score += 3;
      if (kind >>> kindBits !== 0 && languageOf(reading).tongue & (kind >>> kindBits)) score += 2;
      score -= otherwise >= 0 ? enough.english + 1 : barOf(reading, kind, atHome, sure >= 0);
      if (score > most) {
        most = score;
        best = service;
      }
    }
    return best;
  }

  /** Names in a text; `addressed`: services that the brand account or forum around it speaks for. */
  function find(text: string, addressed: ReadonlySet<number> | null): Candidate[] {
    const reading = readText(text);
    if (!scanner.scan(reading)) return none;
    language = letters = null;
    fails = false;
    let named = 0;
    let sure = -1;
    for (let k = 0; k < hits.count; k++) {
      const id = hits.of[k]!;
      const kind = facts[id * width]!;
      if (kind & FAILURE) fails = true;
      if ((kind & NAME) === 0) continue;
      named++;
      const means = facts[id * width + SURE]!;
      if (sure < 0 && means >= 0) sure = rootOf[means]!;
    }
    if (named === 0 && tags.count === 0) return none;

    const candidates = tags.count > 0 ? findTags(reading) : [];
    const tagged = candidates.length;
    const spokenFor = speakersOf(candidates, addressed);
    for (let k = 0; k < hits.count; k++) {
      const id = hits.of[k]!;
      const kind = facts[id * width]!;
      if ((kind & NAME) === 0) continue;
      const means = facts[id * width + SURE]!;
      const start = hits.start[k]!;
      const end = hits.end[k]!;
      // An everyday word that nothing speaks for is the common case: out at once.
      if (
        kind & COMMON &&
        means < 0 &&
        !fails &&
        spokenFor === null &&
        signBefore(reading, start) !== tagSign &&
        !hasCue(id, start)
      )
        continue;
      if (isInHandle(reading, start) || isLink(reading, end)) continue;
      if (hasAccent(reading, start, end) && isRespelt(reading, start, end, phrases[id]!.text)) continue;
      const service = kind & AMBIGUOUS ? likeliest(reading, k, sure, spokenFor, means) : means;
      if (service >= 0)
        candidates.push({
          service,
          start,
          end,
          handle: false,
          device: (kind & DEVICE) !== 0 || isPlatform[service] === 1,
        });
    }
    // Names come in order of their start; what tags name was put before them.
    if (tagged > 0) candidates.sort((a, b) => a.start - b.start);
    return longestFirst(candidates);
  }

  const mentionOf = (text: string, { service, start, end }: Candidate): Mention => {
    const from = start > 0 && text.charCodeAt(start - 1) === tagSign ? start - 1 : start;
    return { service: services[service]!.id, start: from, end, words: text.slice(from, end) };
  };

  /** What accounts and forums speak for, as they come again and again; forgotten when there are too many. */
  const known = new Map<string, Surroundings>();

  /** What stands around a post: an account, a forum (`r/aws`), or the title of a thread, of which each is new. */
  function surroundingsOf(context: string): Surroundings {
    const kept = known.get(context);
    if (kept !== undefined) return kept;
    const where = context.replace(/^\/?(?:r|c|m)\//, '@');
    const named = settle(find(where, null), none);
    const services = named.map((c) => c.service);
    const around = { where, named, services, speakers: speakersFor(services) };
    if (where.startsWith('@') && where.length <= longestKnown) {
      if (known.size === mostKnown) known.clear();
      known.set(context, around);
    }
    return around;
  }

  return {
    match(text, context = null) {
      if (!context) {
        const found = find(text, null);
        return found.length === 0 ? none : settle(found, none).map((c) => mentionOf(text, c));
      }
      const around = surroundingsOf(context);
      const named = settle(find(text, around.speakers), around.services);
      const mentions = named.map((c) => mentionOf(text, c));
      if (around.named.length === 0) return mentions;
      const others = added(around.named, named).map((c) => ({ ...mentionOf(around.where, c), start: -1, end: -1 }));
      return [...others, ...mentions];
    },
  };
}
