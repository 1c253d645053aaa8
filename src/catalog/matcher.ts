// Text -> mentions: finds the services that a text names, and tells names from ordinary words.
import type { Catalog, Matcher, Service } from '../core/catalog.js';
import type { Mention } from '../core/post.js';
import {
  commonWords,
  determiners,
  englishMarks,
  englishWords,
  failureWords,
  languageMarks,
  leads,
  tails,
} from './cues.js';
import { foldLetters, foldTable, jointUnit } from './fold.js';
import { createScanner, type Phrase } from './scanner.js';

/** Names of at least so many letters also count when written in one word (`msteams`). */
const joinFrom = 6;
/** Words further away than this (UTF-16 units) say nothing about a name in a long text. */
const nearby = 200;
/** Score from which an ambiguous name counts, by how ordinary a word it is; one more beside a sure name. */
const enough = { name: 0, short: 1, english: 2, common: 4 };

const isCapital = (char: string): boolean => char !== char.toLowerCase();
const isLatin = (text: string): boolean => /[a-z]/i.test(text);

/** Arabic and Hebrew write `the`, `in`, `and` as part of the next word. */
function attached(name: string): string[] {
  if (/^[\u0621-\u064a]/.test(name)) {
    const bare = name.replace(/^ال/, '');
    return ['', 'ال', 'و', 'ب', 'ف', 'ل', 'لل', 'بال', 'وال', 'عال', 'هال'].map((p) => p + bare);
  }
  if (/^[\u05d0-\u05ea]/.test(name)) return ['', 'ה', 'ב', 'ל', 'ו', 'ש', 'מ', 'וה', 'כש'].map((p) => p + name);
  return [name];
}

/** Case endings of Russian and Ukrainian names in -а, which replace the vowel. */
function declined(name: string): string[] {
  return /[а-я]{3}а$/i.test(name) ? ['а', 'у', 'е', 'ы', 'ой'].map((ending) => name.slice(0, -1) + ending) : [name];
}

interface Entry {
  /** Services that the phrase means wherever it stands. */
  sure: number;
  /** Services that it may mean. */
  maybe: number[];
  /** Service whose account it is. */
  account: number;
}

/** Compiles the catalog's names; the returned matcher is pure and never throws. */
export function createMatcher(catalog: Catalog): Matcher {
  const services = catalog.services;
  const indexOf = new Map(services.map((s, i) => [s.id, i]));
  const phrases: Phrase[] = [];
  const entries: Entry[] = [];
  const idOf = new Map<string, number>();

  const phraseFor = (text: string): number => {
    const key = text.toLowerCase().trim();
    let id = idOf.get(key);
    if (id === undefined) {
      id = phrases.length;
      idOf.set(key, id);
      phrases.push({ text: key, recorded: false, inflects: false });
      entries.push({ sure: -1, maybe: [], account: -1 });
    }
    return id;
  };
  const name = (text: string, service: number, sure: boolean): void => {
    const id = phraseFor(text);
    phrases[id]!.recorded = true;
    const entry = entries[id]!;
    if (!sure) {
      if (!entry.maybe.includes(service)) entry.maybe.push(service);
      return;
    }
    if (entry.sure < 0) entry.sure = service;
    if (foldLetters(text).length >= 5 || !isLatin(text)) phrases[id]!.inflects = true;
  };
  const joined = (text: string): string | null => {
    const letters = foldLetters(text);
    return /\s|-/.test(text.trim()) && letters.length >= joinFrom && isLatin(text) && !/[&+$*!@.]/.test(text)
      ? letters
      : null;
  };

  services.forEach((s, i) => {
    for (const alias of [...s.aliases, ...Object.values(s.localAliases).flat()])
      for (const form of attached(alias).flatMap(declined)) name(form, i, true);
    for (const alias of s.ambiguousAliases) for (const form of attached(alias)) name(form, i, false);
  });
  services.forEach((s, i) => {
    for (const alias of [...s.aliases, ...s.ambiguousAliases]) {
      const form = joined(alias);
      if (form && !idOf.has(form)) name(form, i, s.aliases.includes(alias));
    }
    for (const handle of s.handles) {
      const id = phraseFor(foldLetters(handle));
      phrases[id]!.recorded = true;
      if (entries[id]!.account < 0) entries[id]!.account = i;
    }
  });

  const cuesOf = (s: Service, words: readonly string[]): Int32Array => {
    const own = new Set([...s.aliases, ...s.ambiguousAliases].map((a) => a.toLowerCase()));
    return Int32Array.from(words.filter((w) => !own.has(w.toLowerCase())).map(phraseFor));
  };
  const contextOf = services.map((s) => cuesOf(s, s.context));
  const notContextOf = services.map((s) => cuesOf(s, s.notContext));
  const failures = new Set(failureWords.map(phraseFor));
  for (const id of failures) phrases[id]!.recorded = true;
  const isFailure = Uint8Array.from(phrases, (_, id) => (failures.has(id) ? 1 : 0));
  /** Languages (bits) of the countries in which a service is at home. */
  const tongues = services.map((s) =>
    languageMarks.reduce(
      (bits, l, i) => (s.regions?.some((r) => l.countries.includes(r.slice(0, 2))) ? bits | (1 << i) : bits),
      0,
    ),
  );
  const isCommon = Uint8Array.from(phrases, (p) => (commonWords.has(p.text) ? 1 : 0));
  const isName = Uint8Array.from(phrases, (_, id) =>
    entries[id] && (entries[id].sure >= 0 || entries[id].maybe.length > 0) ? 1 : 0,
  );
  const isShort = Uint8Array.from(phrases, (p) => (foldLetters(p.text).length < 5 ? 1 : 0));
  const isEnglish = Uint8Array.from(phrases, (p) => (englishWords.has(p.text) ? 1 : 0));
  const bar = (phrase: number, english: boolean): number =>
    isCommon[phrase]
      ? enough.common
      : english && isEnglish[phrase]
        ? enough.english
        : isShort[phrase]
          ? enough.short
          : enough.name;
  const kin = services.map((s) => new Set([s.id, ...catalog.ancestors(s.id)]));
  /** A maker is dropped where one of its services is named: `Microsoft is investigating Teams`. */
  const makersOf = services.map((s) =>
    catalog
      .ancestors(s.id)
      .filter((id) => makers.has(id))
      .map((id) => indexOf.get(id)!),
  );
  /** The unnamed provider: said only where no service is named. */
  const generic = indexOf.get('internet') ?? -1;
  const isDeterminer = new Set(determiners);
  const scanner = createScanner(phrases);

  /** Place of the cue nearest known to `at`, within reach; -1 when it was not seen. */
  const seenNear = (phrase: number, at: number): boolean => {
    const place = scanner.seenAt(phrase);
    return place >= 0 && place !== at && Math.abs(place - at) <= nearby;
  };

  const wordBefore = (text: string, at: number): string => {
    let end = at;
    while (end > 0 && foldTable[text.charCodeAt(end - 1)]! <= jointUnit && at - end < 3) end--;
    let start = end;
    while (start > 0 && foldTable[text.charCodeAt(start - 1)]! > jointUnit && end - start < 12) start--;
    return text.slice(start, end).toLowerCase();
  };

  /** How much speaks for an ambiguous name at `start` meaning a service; `failing` = distance to the nearest failure word. */
  function scoreOf(text: string, service: number, start: number, failing: number, around: Around): number {
    for (const cue of notContextOf[service]!) if (seenNear(cue, -1)) return -9;
    let cues = 0;
    for (const cue of contextOf[service]!) if (seenNear(cue, start) && ++cues === 3) break;
    let score = cues ? 1 + cues : 0;
    if (failing <= 12) score += 2;
    else if (failing <= 60) score += 1;
    const capital = isCapital(text[start]!) && !around.allCaps && !startsSentence(text, start);
    if (capital) score += around.cased ? 2 : 1;
    if (around.tongue & tongues[service]!) score += 2;
    if (text[start - 1] === '#') score += 1;
    if (startsSentence(text, start)) score += 1;
    if (isDeterminer.has(wordBefore(text, start))) score -= 1;
    return score;
  }

  /** Service of a handle or tag that starts with a name and ends in words people hang on it; -1 when there is none. */
  function resolveTag(text: string, start: number, end: number, handle: boolean): number {
    const found = scanner.stems(text, start, end);
    if (found === 0) return -1;
    const total = foldLetters(text.slice(start, end));
    for (let k = 0; k < found; k++) {
      const entry = entries[scanner.stemPhrase[k]!]!;
      const rest = total.slice(scanner.stemLetters[k]!);
      if (rest === '') {
        const service = handle ? first(entry.account, entry.sure, entry.maybe[0]) : first(entry.sure, entry.account);
        if (service >= 0 && (entry.account >= 0 || entry.sure >= 0 || total.length >= 4)) return service;
      } else {
        const country = tailOf(rest);
        if (country === undefined) continue;
        const candidates = entry.sure >= 0 ? [entry.sure, ...entry.maybe] : entry.maybe;
        const local = country && candidates.find((i) => services[i]!.regions?.includes(country));
        if (typeof local === 'number') return local;
        const service = first(
          entry.sure,
          handle || scanner.stemLetters[k]! >= 4 ? entry.maybe[0] : undefined,
          entry.account,
        );
        if (service >= 0) return service;
      }
    }
    return -1;
  }

  const first = (...candidates: (number | undefined)[]): number =>
    candidates.find((c) => c !== undefined && c >= 0) ?? -1;

  /** Country of a known tail (null: it tells none); undefined when it is no tail. Two tails may follow each other. */
  function tailOf(rest: string): string | null | undefined {
    if (rest.length > 24) return undefined;
    const whole = tails.get(rest);
    if (whole !== undefined) return whole;
    for (let cut = 2; cut < rest.length - 1; cut++) {
      const a = tails.get(rest.slice(0, cut));
      const b = a === undefined ? undefined : tails.get(rest.slice(cut));
      if (a !== undefined && b !== undefined) return a ?? b;
    }
    return undefined;
  }

  function resolveWithLead(text: string, start: number, end: number, handle: boolean): number {
    const direct = resolveTag(text, start, end, handle);
    if (direct >= 0) return direct;
    const same = leadsBy.get(foldTable[text.charCodeAt(start)]!);
    if (same === undefined || end - start < 5) return -1;
    for (const lead of same) {
      if (!beginsWith(text, start, lead)) continue;
      const from = start + lead.length + (text[start + lead.length] === '_' ? 1 : 0);
      const service = from < end - 1 ? resolveTag(text, from, end, handle) : -1;
      if (service >= 0) return service;
    }
    return -1;
  }

  interface Candidate {
    service: number;
    start: number;
    end: number;
  }

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

  /** What the rest of the text says; asked only where a name is ambiguous. */
  function lookAround(text: string, hits: number): Around {
    const failures: number[] = [];
    for (let k = 0; k < hits; k++) if (isFailure[scanner.phrase[k]!]) failures.push(scanner.start[k]!);
    failures.sort((a, b) => a - b);
    const part = text.length > 400 ? text.slice(0, 400) : text;
    const { english, tongue } = tongueOf(part);
    return {
      failures,
      allCaps: !/[a-z]/.test(part),
      english,
      tongue,
      cased: (part.match(/(?:^|\s)[A-Z]/g)?.length ?? 0) * 2 < (part.match(/(?:^|\s)[a-z]/g)?.length ?? 0),
    };
  }

  const hasCue = (candidates: readonly number[], at: number): boolean => {
    for (const service of candidates) for (const cue of contextOf[service]!) if (seenNear(cue, at)) return true;
    return false;
  };

  function find(text: string, addressed: ReadonlySet<string> | null): Candidate[] {
    const hits = scanner.scan(text);
    const tagCount = scanner.tagCount;
    if (hits === 0 && tagCount === 0) return none;
    const { phrase, start, end, tagStart, tagEnd } = scanner;
    let names = 0;
    let failing = 0;
    let sure = false;
    for (let k = 0; k < hits; k++) {
      const id = phrase[k]!;
      failing += isFailure[id]!;
      if (isName[id] === 0) continue;
      names++;
      if (entries[id]!.sure >= 0) sure = true;
    }
    if (names === 0 && tagCount === 0) return none;

    const candidates: Candidate[] = [];
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
        addressed === null &&
        text[from - 1] !== '#' &&
        !hasCue(entry.maybe, from)
      )
        continue;
      if (isInHandle(text, from) || isLink(text, to) || isAccented(text, from, to, phrases[id]!.text)) continue;
      let best = entry.sure;
      if (entry.maybe.length > 0) {
        around ??= lookAround(text, hits);
        const apart = distance(around.failures, from, to);
        let bestScore = best >= 0 ? enough.english : bar(id, around.english) + (sure && isCommon[id] ? 1 : 0) - 1;
        for (const service of entry.maybe) {
          let score = scoreOf(text, service, from, apart, around);
          if (sure && !isCommon[id]) score += 1;
          if (addressed?.has(services[service]!.id)) score += 3;
          if (entry.sure >= 0 && (around.tongue & tongues[service]!) === 0) continue;
          if (score > bestScore) {
            bestScore = score;
            best = service;
          }
        }
      }
      if (best >= 0) candidates.push({ service: best, start: from, end: to });
    }
    for (let k = 0; k < tagCount; k++) {
      const from = tagStart[k]!;
      const handle = text[from - 1] === '@';
      const to = handle ? endOfHandle(text, tagEnd[k]!) : tagEnd[k]!;
      const service = resolveWithLead(text, from, to, handle);
      if (service >= 0) candidates.push({ service, start: from - 1, end: to });
    }
    const kept = longestFirst(candidates);
    if (kept.length < 2) return kept;
    const named = new Set(kept.map((c) => c.service));
    const within = new Set([...named].flatMap((i) => makersOf[i]!));
    return kept.filter((c) => (c.service === generic ? named.size === 1 : !within.has(c.service)));
  }

  function mentionsOf(text: string, addressed: ReadonlySet<string> | null): Mention[] {
    const found = find(text, addressed);
    if (found.length === 0) return [];
    return found.map(({ service, start, end }) => {
      const from = text[start - 1] === '#' ? start - 1 : start;
      return { service: services[service]!.id, start: from, end, words: text.slice(from, end) };
    });
  }

  return {
    match(text, context = null) {
      if (!context) return mentionsOf(text, null);
      const around = mentionsOf(context.replace(/^\/?(?:r|c|m)\//, '@'), null);
      const addressed = around.length ? new Set(around.flatMap((m) => [...kin[indexOf.get(m.service)!]!])) : null;
      const named = mentionsOf(text, addressed);
      const seen = new Set(named.map((m) => m.service));
      const added: Mention[] = [];
      for (const m of around) {
        if (seen.has(m.service)) continue;
        seen.add(m.service);
        added.push({ ...m, start: -1, end: -1 });
      }
      return [...added, ...named];
    },
  };
}

/** Companies that stand for no service of their own. */
const makers: ReadonlySet<string> = new Set(['microsoft', 'google', 'apple']);

const none: never[] = [];

/** Function words with the languages (bits) they show; the lowest bit is English. */
const markBits = new Map<string, number>(englishMarks.map((word) => [word, 1]));
languageMarks.forEach(({ marks }, i) => {
  for (const word of marks) markBits.set(word, (markBits.get(word) ?? 0) | (2 << i));
});

/** Whether a text is English, and the language (a bit) whose function words it shows most, at least two. */
function tongueOf(text: string): { english: boolean; tongue: number } {
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

/** True when a short plain name is spelt with accents, which makes it another word: über is not Uber. */
function isAccented(text: string, start: number, end: number, name: string): boolean {
  if (end - start > 5 || end - start !== name.length) return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0xc0 && code < 0x250 && name.charCodeAt(i - start) < 0x80) return true;
  }
  return false;
}

/** Leads by their first letter. */
const leadsBy = new Map<number, string[]>();
for (const lead of leads) leadsBy.set(lead.charCodeAt(0), [...(leadsBy.get(lead.charCodeAt(0)) ?? []), lead]);

/** True when the text at `at` begins with a folded word. */
function beginsWith(text: string, at: number, word: string): boolean {
  for (let k = 0; k < word.length; k++) if (foldTable[text.charCodeAt(at + k)] !== word.charCodeAt(k)) return false;
  return true;
}

/** True at the start of the text or of a sentence. */
function startsSentence(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 4 && text.charCodeAt(i) <= 0x20) i--;
  return i < 0 || '.!?:\n'.includes(text[i]!);
}

/** Distance in UTF-16 units from [start, end) to the nearest of the sorted places. */
function distance(places: readonly number[], start: number, end: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < end) low = middle + 1;
    else high = middle;
  }
  const after = low < places.length ? places[low]! - end : Number.POSITIVE_INFINITY;
  let before = low - 1;
  while (before >= 0 && places[before]! >= start) before--;
  return Math.min(after, before >= 0 ? start - places[before]! : Number.POSITIVE_INFINITY);
}

const isHandleChar = (code: number): boolean =>
  code === 0x5f || (code >= 0x30 && code <= 0x39) || ((code | 32) >= 0x61 && (code | 32) <= 0x7a);

/** True when the name at `at` is part of a handle: the handle is judged as a whole. */
function isInHandle(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 32 && isHandleChar(text.charCodeAt(i))) i--;
  return text[i] === '@';
}

function endOfHandle(text: string, at: number): number {
  let i = at;
  while (i < text.length && i - at < 32 && isHandleChar(text.charCodeAt(i))) i++;
  return i;
}

/** True when the name at the end is the host of a link with a path: `youtu.be/x` shares, it does not complain. */
function isLink(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && i - end < 64 && (isHandleChar(text.charCodeAt(i)) || text[i] === '.' || text[i] === '-'))
    i++;
  return (
    text[i] === '/' &&
    (i > end || /\.\w+$/.test(text.slice(Math.max(0, end - 12), end))) &&
    /[\w?]/.test(text[i + 1] ?? '')
  );
}

/** Keeps the leftmost longest of overlapping candidates, in order of place. */
function longestFirst<T extends { start: number; end: number }>(candidates: T[]): T[] {
  if (candidates.length < 2) return candidates;
  candidates.sort((a, b) => a.start - b.start || b.end - a.end);
  let reach = -1;
  return candidates.filter((c) => {
    if (c.start < reach) return false;
    reach = c.end;
    return true;
  });
}
