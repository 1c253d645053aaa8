// Text -> mentions: finds the services that a text names, and tells names from ordinary words.
import type { Catalog, Matcher } from '../core/catalog.js';
import type { Mention } from '../core/post.js';
import {
  commonWords,
  determiners,
  deviceWords,
  englishWords,
  failureWords,
  languageMarks,
  ordinaryAtHome,
  platforms,
  slang,
} from './cues.js';
import { foldLetters } from './fold.js';
import { homes } from './homes.js';
import { compileNames } from './names.js';
import { createScanner } from './scanner.js';
import {
  caseOf,
  distance,
  endOfHandle,
  isAccented,
  isCapital,
  isInHandle,
  isLink,
  longestFirst,
  startsSentence,
  wordBefore,
} from './surroundings.js';
import { createTagReader } from './tags.js';
import { tongueOf } from './tongue.js';

/** Words further away than this (UTF-16 units) say nothing about a name in a long text. */
const nearby = 200;
/** Score from which an ambiguous name counts, by how ordinary a word it is; one more beside a sure name. */
const enough = { name: 0, short: 1, english: 2, common: 4 };
/** Companies that stand for no service of their own. */
const makers: ReadonlySet<string> = new Set(['microsoft', 'google', 'apple']);
const isDeterminer = new Set(determiners);
const none: never[] = [];

interface Candidate {
  service: number;
  start: number;
  end: number;
  /** Named by its account. */
  handle: boolean;
  /** Named by what one uses it on: `iPhone`, `Chrome`, `PS5`. */
  device: boolean;
}

/** What the text around a name says. */
interface Around {
  /** Places of failure words, sorted. */
  failures: number[];
  allCaps: boolean;
  english: boolean;
  /** Language of the text (a bit of `tongues`), 0 when unknown. */
  tongue: number;
  /** Most words begin small, so that a capital means a name. */
  cased: boolean;
}

/** Compiles the catalog's names; the returned matcher is pure and never throws. */
export function createMatcher(catalog: Catalog): Matcher {
  const services = catalog.services;
  const indexOf = new Map(services.map((s, i) => [s.id, i]));
  const { phrases, entries, contextOf, notContextOf, phraseFor } = compileNames(services);
  const failurePhrases = new Set(failureWords.map(phraseFor));
  for (const id of failurePhrases) phrases[id]!.recorded = true;
  const flag = (is: (text: string, id: number) => boolean) =>
    Uint8Array.from(phrases, (p, id) => (is(p.text, id) ? 1 : 0));
  const isFailure = flag((_, id) => failurePhrases.has(id));
  const isCommon = flag((text) => commonWords.has(text));
  const isOrdinaryAtHome = flag((text) => ordinaryAtHome.has(text));
  const isName = flag((_, id) => entries[id]!.sure >= 0 || entries[id]!.maybe.length > 0);
  const isShort = flag((text) => foldLetters(text).length < 5);
  const isEnglish = flag((text) => englishWords.has(text));
  const isDevice = flag((text) => deviceWords.has(text));
  /** Languages (bits) in which a name is slang for its service. */
  const slangIn = Int32Array.from(phrases, (p) => slang.get(p.text) ?? 0);
  /** Languages (bits) of the countries in which a service is at home. */
  const tongues = services.map((s) =>
    languageMarks.reduce(
      (bits, l, i) => (s.regions?.some((r) => homes[l.language]!.includes(r.slice(0, 2))) ? bits | (1 << i) : bits),
      0,
    ),
  );
  const ancestorsOf = services.map((s) => catalog.ancestors(s.id).map((id) => indexOf.get(id)!));
  const rootOf = ancestorsOf.map((line, i) => line.at(-1) ?? i);
  /** What an account speaks for: its service, what that is a part of, and its parts. */
  const kin = services.map((_, i) => new Set([i, ...ancestorsOf[i]!]));
  ancestorsOf.forEach((line, i) => {
    for (const ancestor of line) kin[ancestor]!.add(i);
  });
  const isMaker = services.map((s) => makers.has(s.id));
  const isPlatform = services.map((s) => platforms.has(s.id));
  /** Supplies that have no name of their own; the provider of the net is said only where no service is named. */
  const [internet, power, water] = ['internet', 'power', 'water'].map((id) => indexOf.get(id) ?? -1) as number[];
  /** One suite under two names: whoever says both means the online one. */
  const [office, online] = ['microsoft-office', 'microsoft-365'].map((id) => indexOf.get(id) ?? -1) as number[];
  const isUtility = services.map((s, i) => s.category === 'utility' && i !== power && i !== water);
  const scanner = createScanner(phrases);
  const readTag = createTagReader(scanner, entries, services);

  /** True when the cue was seen near `at`, and is not the name there itself. */
  const seenNear = (phrase: number, at: number): boolean => {
    const place = scanner.seenAt(phrase);
    return place >= 0 && place !== at && Math.abs(place - at) <= nearby;
  };
  const hasCue = (candidates: readonly number[], at: number): boolean => {
    for (const service of candidates) for (const cue of contextOf[service]!) if (seenNear(cue, at)) return true;
    return false;
  };

  /** How much speaks for an ambiguous name at `start` meaning a service; `failing` = distance to the nearest failure word. */
  function scoreOf(text: string, service: number, start: number, failing: number, around: Around): number {
    for (const cue of notContextOf[service]!) if (seenNear(cue, -1)) return -9;
    let cues = 0;
    for (const cue of contextOf[service]!) if (seenNear(cue, start) && ++cues === 3) break;
    let score = cues ? 1 + cues : 0;
    if (failing <= 12) score += 2;
    else if (failing <= 60) score += 1;
    const starts = startsSentence(text, start);
    if (isCapital(text[start]!) && !around.allCaps && !starts) score += around.cased ? 2 : 1;
    if (around.tongue & tongues[service]!) score += 2;
    if (text[start - 1] === '#') score += 1;
    if (starts) score += 1;
    if (isDeterminer.has(wordBefore(text, start))) score -= 1;
    return score;
  }

  /** Score that an ambiguous name needs to mean a service. */
  function barOf(phrase: number, service: number, around: Around, besideSure: boolean): number {
    // In the language of its home a name such as Free is no ordinary word.
    if (isCommon[phrase])
      return around.tongue & tongues[service]! && !isOrdinaryAtHome[phrase]
        ? enough.english
        : enough.common + (besideSure ? 1 : 0);
    if (around.english && isEnglish[phrase]) return enough.english;
    return isShort[phrase] ? enough.short : enough.name;
  }

  /** What the rest of the text says; asked only where a name is ambiguous. */
  function lookAround(text: string, hits: number): Around {
    const failures: number[] = [];
    for (let k = 0; k < hits; k++) if (isFailure[scanner.phrase[k]!]) failures.push(scanner.start[k]!);
    failures.sort((a, b) => a - b);
    const part = text.length > 400 ? text.slice(0, 400) : text;
    return { failures, ...tongueOf(part), ...caseOf(part) };
  }

  /** Handles and tags that name a service. */
  function findTags(text: string): Candidate[] {
    const { tagCount, tagStart, tagEnd } = scanner;
    const found: Candidate[] = [];
    for (let k = 0; k < tagCount; k++) {
      const from = tagStart[k]!;
      const handle = text[from - 1] === '@';
      const to = handle ? endOfHandle(text, tagEnd[k]!) : tagEnd[k]!;
      const service = readTag(text, from, to, handle);
      if (service >= 0) found.push({ service, start: from - 1, end: to, handle, device: false });
    }
    return found;
  }

  /** Services that the accounts named in the text and around it speak for; null = there is no such account. */
  function speakersOf(tags: readonly Candidate[], addressed: ReadonlySet<number> | null): ReadonlySet<number> | null {
    if (!tags.some((c) => c.handle)) return addressed;
    const accounts = new Set(tags.filter((c) => c.handle).map((c) => c.service));
    return new Set([...(addressed ?? none), ...[...accounts].flatMap((i) => [...kin[i]!])]);
  }

  /** Names in a text; `addressed`: services that the brand account or forum around it speaks for. */
  function find(text: string, addressed: ReadonlySet<number> | null): Candidate[] {
    const hits = scanner.scan(text);
    if (hits === 0 && scanner.tagCount === 0) return none;
    const { phrase, start, end } = scanner;
    let names = 0;
    let failing = 0;
    let sure = -1;
    for (let k = 0; k < hits; k++) {
      const id = phrase[k]!;
      failing += isFailure[id]!;
      if (isName[id] === 0) continue;
      names++;
      if (entries[id]!.sure >= 0 && sure < 0) sure = rootOf[entries[id]!.sure]!;
    }
    if (names === 0 && scanner.tagCount === 0) return none;

    const candidates = scanner.tagCount > 0 ? findTags(text) : [];
    const spokenFor = speakersOf(candidates, addressed);
    let around: Around | null = null;
    for (let k = 0; k < hits; k++) {
      const id = phrase[k]!;
      if (isName[id] === 0) continue;
      const entry = entries[id]!;
      const from = start[k]!;
      const to = end[k]!;
      // An everyday word that nothing speaks for is the common case: out at once.
      if (
        isCommon[id] &&
        entry.sure < 0 &&
        failing === 0 &&
        spokenFor === null &&
        text[from - 1] !== '#' &&
        !hasCue(entry.maybe, from)
      )
        continue;
      if (isInHandle(text, from) || isLink(text, to) || isAccented(text, from, to, phrases[id]!.text)) continue;
      let best = entry.sure;
      if (entry.maybe.length > 0) {
        around ??= lookAround(text, hits);
        const apart = distance(around.failures, from, to);
        let most = -1;
        for (const service of entry.maybe) {
          // A name that is sure elsewhere means another service only in that one's language.
          if (entry.sure >= 0 && (around.tongue & tongues[service]!) === 0) continue;
          let score = scoreOf(text, service, from, apart, around);
          if (sure >= 0 && !isCommon[id]) score += 1;
          if (sure === rootOf[service] && rootOf[service] !== service) score += 2;
          if (spokenFor?.has(service)) score += 3;
          if (around.tongue & slangIn[id]!) score += 2;
          score -= entry.sure >= 0 ? enough.english + 1 : barOf(id, service, around, sure >= 0);
          if (score > most) {
            most = score;
            best = service;
          }
        }
      }
      if (best >= 0)
        candidates.push({
          service: best,
          start: from,
          end: to,
          handle: false,
          device: isDevice[id] === 1 || isPlatform[best]!,
        });
    }
    return longestFirst(candidates);
  }

  /** Leaves out what is only named beside the service meant: maker, device, provider, support account of the whole. */
  function settle(found: Candidate[], outside: readonly number[]): Candidate[] {
    if (found.length + outside.length < 2) return found;
    const named = [...new Set([...found.map((c) => c.service), ...outside])];
    const things = named.filter((i) => i !== internet && i !== power && i !== water);
    const apps = new Set([...found.filter((c) => !c.device).map((c) => c.service), ...outside]);
    const isApp = things.some((i) => apps.has(i) && !isMaker[i] && !isPlatform[i]);
    const cut = named.includes(power!);
    const supplier = found.some((c) => isUtility[c.service] && !c.handle);
    const wholes = new Set(things.flatMap((i) => ancestorsOf[i]!));
    return found.filter((c) => {
      if (c.service === internet) return things.length === 0;
      if (c.service === power) return !supplier;
      if (c.service === office) return !named.includes(online!);
      if (c.device && isApp) return false;
      if (isUtility[c.service] && c.handle && cut) return false;
      return !(isMaker[c.service] || c.handle) || !wholes.has(c.service);
    });
  }

  const mentionOf = (text: string, { service, start, end }: Candidate): Mention => {
    const from = text[start - 1] === '#' ? start - 1 : start;
    return { service: services[service]!.id, start: from, end, words: text.slice(from, end) };
  };

  return {
    match(text, context = null) {
      if (!context) {
        const found = find(text, null);
        return found.length === 0 ? none : settle(found, none).map((c) => mentionOf(text, c));
      }
      const where = context.replace(/^\/?(?:r|c|m)\//, '@');
      const around = settle(find(where, null), none);
      const outside = around.map((c) => c.service);
      const addressed = outside.length ? new Set(outside.flatMap((i) => [...kin[i]!])) : null;
      const named = settle(find(text, addressed), outside);
      const seen = new Set(named.map((c) => c.service));
      const added: Mention[] = [];
      for (const c of around) {
        if (seen.has(c.service)) continue;
        if (c.handle && named.some((n) => ancestorsOf[n.service]!.includes(c.service))) continue;
        if (c.handle && isUtility[c.service] && seen.has(power!)) continue;
        seen.add(c.service);
        added.push({ ...mentionOf(where, c), start: -1, end: -1 });
      }
      return [...added, ...named.map((c) => mentionOf(text, c))];
    },
  };
}
