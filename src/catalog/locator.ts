// Post -> region: tells where the author's problem is, if the post says so.
import { readFileSync } from 'node:fs';
import type { Catalog, Locator } from '../core/catalog.js';
import type { Location, Mention, Post } from '../core/post.js';
import { failureWords } from './cues.js';
import { foldLetters, foldTable, ignoredUnit, jointUnit } from './fold.js';
import { homes } from './homes.js';
import {
  emptyRegions,
  machines,
  others,
  postpositions,
  prepositions,
  weakPrepositions,
  wordPlaces,
} from './place-cues.js';
import {
  hasCase,
  isBehind,
  isBesideMachine,
  isCapital,
  isInAddress,
  isListed,
  isRemote,
  isShouted,
  isTravel,
  isWordAt,
  quoted,
} from './place-surroundings.js';
import { postcode, usStates } from './postcode.js';
import { createScanner, type Phrase } from './scanner.js';

const readText = (name: string): string => readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8');

/** Weights in thousands of people, for names that are no city: a country, a part of one, a name from our own list. */
const weightOf = { country: 20_000, part: 400, nickname: 3_000 };
/** Texts are read up to here: what comes later is rarely the author's place. */
const longest = 4_000;
/** Scores from which a name in a text counts as the author's place: beside words of failure, and without. */
const enough = 2.2;
const enoughCalm = 2.4;
const enoughUnnamed = 3.8;
const englishIn: ReadonlySet<string> = new Set(
  'in near around downtown across en à aus bei dans sur di uit'.split(' '),
);

const nowhere: Place[] = [];

interface Place {
  code: string;
  /** Thousands of people, or one of the weights above. */
  weight: number;
}

interface Found {
  code: string;
  start: number;
  end: number;
  score: number;
}

const plainName = /^[A-Za-z]+(?: [A-Za-z]+)*$/;

/** A name as the scanner sees it, so that Medellín and Medellin are one. */
function foldName(name: string): string {
  if (plainName.test(name)) return name.toLowerCase();
  let folded = '';
  for (let i = 0; i < name.length; i++) {
    const unit = foldTable[name.charCodeAt(i)]!;
    if (unit > jointUnit) folded += String.fromCharCode(unit);
    else if (unit !== ignoredUnit && folded !== '' && !folded.endsWith(' ')) folded += ' ';
  }
  return folded.trim();
}

/** Compiles the place names; the returned locator is pure and never throws. */
export function createLocator(catalog: Catalog): Locator {
  const phrases: Phrase[] = [];
  const places: Place[][] = [];
  const words: boolean[] = [];
  /** Letters of each name: what stands behind them is an ending. */
  const lengths: number[] = [];
  const idOf = new Map<string, number>();
  const addPlace = (name: string, code: string, weight: number, own = false): void => {
    const key = foldName(name);
    if (/^[\u0621-\u064a]/.test(key) && !key.startsWith('ب')) addPlace(`ب${key}`, code, weight, own);
    if (key.length < 2 || emptyRegions.has(key)) return;
    let id = idOf.get(key);
    if (id === undefined) {
      id = phrases.length;
      idOf.set(key, id);
      phrases.push({ text: key, recorded: true, inflects: key.length >= 5 && !wordPlaces.has(key) });
      places.push([]);
      lengths.push(key.length);
      words.push(wordPlaces.has(key) || (key.length <= 3 && !own));
    }
    const same = places[id]!.find((p) => p.code === code);
    if (same) same.weight = Math.max(same.weight, weight);
    else places[id]!.push({ code, weight });
  };
  for (const line of readText('places.tsv').split('\n')) {
    const [name, code, thousands] = line.split('\t') as [string, string, string];
    if (code) addPlace(name, code, Number(thousands) || (code.includes('-') ? weightOf.part : weightOf.country));
  }
  for (const r of catalog.regions) {
    // Whoever writes Georgia or Jersey in English mostly means the state.
    if (!r.code.includes('-')) addPlace(r.name, r.code, r.code === 'GE' ? weightOf.part / 3 : weightOf.country);
    else if (!/[,[(]/.test(r.name)) addPlace(r.name, r.code, weightOf.part);
  }
  const nicknames = JSON.parse(readText('nicknames.json')) as Record<string, string[]>;
  for (const [code, names] of Object.entries(nicknames))
    for (const name of names) addPlace(name, code, code.includes('-') ? weightOf.nickname : weightOf.country, true);
  for (const state of usStates.split(' ')) addPlace(state, `US-${state}`, weightOf.part);
  const placeCount = phrases.length;
  const failures = failureWords.map((text) => {
    const known = idOf.get(foldName(text));
    if (known !== undefined) return known;
    phrases.push({ text, recorded: false, inflects: false });
    return phrases.length - 1;
  });
  const scanner = createScanner(phrases);
  for (const same of places) if (same.length > 1) same.sort((a, b) => b.weight - a.weight);
  phrases.length = 0;
  idOf.clear();
  const inRegion = (code: string, region: string): boolean =>
    code === region || catalog.regionPath(code).includes(region);

  /** Of the places that a name may mean, the likeliest, given language, services named and other places. */
  function choose(id: number, lang: string | null, regions: readonly string[], near: string | null): Place {
    const home = lang ? homes[lang.slice(0, 2).toLowerCase()] : undefined;
    let best = places[id]![0]!;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const place of places[id]!) {
      const country = place.code.slice(0, 2);
      let score = Math.log10(place.weight + 1);
      const rank = home?.indexOf(country) ?? -1;
      if (rank >= 0) score += (lang?.startsWith('en') ? 0.6 : 1.5) - rank * 0.03;
      if (regions.some((r) => inRegion(place.code, r) || r.startsWith(country))) score += 2;
      if (near !== null && (inRegion(place.code, near) || inRegion(near, place.code))) score += 5;
      if (score > bestScore || (score === bestScore && place.code.length > best.code.length)) {
        best = place;
        bestScore = score;
      }
    }
    return best;
  }

  /** US state, Canadian province or Australian state abbreviated behind a name: `Nashville, TN`. */
  function stateBehind(text: string, at: number): string | null {
    const m = /^,?\s{0,2}([A-Za-z]{2,3})(?![\w'])/.exec(text.slice(at, at + 8));
    if (
      !m ||
      (m[1] !== m[1]!.toUpperCase() &&
        !/^(tn|tx|fl|ga|nj|ny|nc|sc|va|wa|md|mn|mo|mi|az|nv|wi|ky|ct|co|il|ks|ut|bc|qc|ab|nsw|qld|vic)$/.test(m[1]!))
    )
      return null;
    const letters = m[1]!.toUpperCase();
    return ['US', 'CA', 'AU'].map((c) => `${c}-${letters}`).find((code) => catalog.region(code)) ?? null;
  }

  function wordBefore(text: string, at: number): { word: string; apart: string } {
    let end = at;
    while (end > 0 && at - end < 4 && !isWordAt(text, end - 1)) end--;
    let start = end;
    while (start > 0 && end - start < 14 && isWordAt(text, start - 1)) start--;
    return { word: text.slice(start, end), apart: text.slice(end, at) };
  }

  function wordBehind(text: string, at: number): { word: string; apart: string } {
    let start = at;
    while (start < text.length && start - at < 4 && !isWordAt(text, start)) start++;
    let end = start;
    while (end < text.length && end - start < 14 && isWordAt(text, end)) end++;
    return { word: text.slice(start, end), apart: text.slice(at, start) };
  }

  /** Places named in a text, scored; `whole`: the text is a place's name by trade, so no more proof is asked. */
  function find(
    text: string,
    lang: string | null,
    mentions: readonly Mention[],
    regions: readonly string[],
    whole: boolean,
    sure = false,
  ): Found[] {
    const hits = scanner.scan(text);
    if (hits === 0) return [];
    // A power cut's own name says that something fails.
    const cut = mentions.some((m) => catalog.service(m.service)?.counts === 'region');
    const failing = whole || sure || cut || failures.some((f) => scanner.seenAt(f) >= 0);
    const bar = failing ? enough : mentions.length > 0 ? enoughCalm : enoughUnnamed;
    const english = !lang || lang.startsWith('en');
    const german = lang?.startsWith('de') === true;
    const remote = mentions.length > 0 && mentions.every((m) => isRemote(catalog.service(m.service)?.category));
    const inflects = !lang || !/^(?:en|es|pt|it|fr)/.test(lang);
    const order: number[] = [];
    for (let k = 0; k < hits; k++) if (scanner.phrase[k]! < placeCount) order.push(k);
    const { phrase, start, end } = scanner;
    order.sort((a, b) => start[a]! - start[b]! || end[b]! - end[a]!);
    let shouted: boolean | null = null;
    const isForeign = (code: string): boolean =>
      !english && homes[lang!.slice(0, 2).toLowerCase()]?.includes(code.slice(0, 2)) === false;
    const found: Found[] = [];
    let reach = -1;
    let near: string | null = null;
    let service = 0;
    const isService = (at: number): boolean => mentions.some((m) => m.start <= at && at <= m.end && m.start >= 0);
    const covering = mentions.filter((m) => m.start >= 0);
    for (let n = 0; n < order.length; n++) {
      const k = order[n]!;
      const [from, to] = [start[k]!, end[k]!];
      if (from < reach || (!inflects && !isCapital(text[from]) && to - from > lengths[phrase[k]!]!)) continue;
      while (service < covering.length && covering[service]!.end <= from) service++;
      if (service < covering.length && covering[service]!.start < to) continue;
      const sign = text[from - 1];
      if (sign === '@' || sign === '^' || sign === '_' || sign === '/' || text[to] === '_' || isInAddress(text, from))
        continue;
      // `Leeds, England`: the place behind tells which Leeds.
      const next = order[n + 1];
      const behind =
        next !== undefined && isBehind(text, to, start[next]!, end[next]!) ? places[phrase[next]!]! : nowhere;
      const container = behind.find((b) => places[phrase[k]!]!.some((p) => inRegion(p.code, b.code)))?.code ?? null;
      // `Tenino, Washington`: a name that we do not know in the region behind it leaves the region.
      const region =
        container === null && /^,?\s?$/.test(text.slice(to, start[next ?? k]!))
          ? behind.find((b) => b.weight >= weightOf.part && b.code.includes('-'))
          : undefined;
      if (region !== undefined && region.weight > places[phrase[k]!]![0]!.weight) continue;
      const state = container ?? stateBehind(text, to);
      const within = state !== null && places[phrase[k]!]!.some((p) => inRegion(p.code, state));
      const place = choose(phrase[k]!, lang, regions, within ? state : near);
      const word = words[phrase[k]!]!;
      // A word of one's own language is no place of another continent.
      if (word && !whole && !within && isForeign(place.code) && !regions.some((r) => inRegion(place.code, r))) continue;
      shouted ??= isShouted(text);
      const score = whole
        ? enough
        : scoreOf(text, from, to, place, word, within, shouted, english, german, remote, isService, regions);
      if (score < bar) continue;
      found.push({ code: place.code, start: from, end: to, score });
      near = place.code;
      reach = to;
    }
    return found;
  }

  function scoreOf(
    text: string,
    from: number,
    to: number,
    place: Place,
    word: boolean,
    within: boolean,
    allCaps: boolean,
    english: boolean,
    german: boolean,
    remote: boolean,
    isService: (at: number) => boolean,
    regions: readonly string[],
  ): number {
    let before = wordBefore(text, from);
    if (/^(?:the|el|la|le|l|o|het|der|dem|den)$/i.test(before.word) && /^[\s'’]$/.test(before.apart)) {
      const further = wordBefore(text, from - before.apart.length - before.word.length);
      if (further.apart === ' ' && prepositions.has(further.word.toLowerCase())) before = { ...further, apart: ' ' };
    }
    const behind = wordBehind(text, to);
    const first = text[from]!;
    const cased = hasCase(first);
    const capital = !cased || (isCapital(first) && !allCaps && (to - from > 2 || isCapital(text[from + 1])));
    const joined = before.apart === '' || /^[\s('"«“-]+$/.test(before.apart);
    const low = before.word.toLowerCase();
    const led = joined && prepositions.has(low) && before.word !== '';
    const followed = /^[\s'’]{0,2}$/.test(behind.apart) && postpositions.has(behind.word.toLowerCase());
    const starts = before.word === '' || /[.!?:\n|]/.test(before.apart);
    // Abbreviations and words are written big, and in capitals throughout they tell nothing.
    if (cased && (word || to - from <= 3) && (!capital || allCaps)) return 0;
    const home = regions.some((r) => inRegion(place.code, r));
    const size = Math.min(2, Math.log10(place.weight + 1) / 2);
    const atHome = home && to - from >= 5;
    if (cased && !capital && !allCaps && !within) {
      // Written small: a city people know, one where a service named is at home, or one that `in` stands before.
      const least = led ? (weakPrepositions.has(low) ? 300 : englishIn.has(low) ? 20 : 100) : 400;
      if (word || place.weight < (atHome ? Math.min(least, 40) : least)) return 0;
      if ((place.code.length === 2 || place.weight === weightOf.part) && !led) return 0;
      if (to - from < 4 && !led) return 0;
    }
    if (word && !within && !(led && capital && !starts && (place.weight >= 80 || home) && !german)) return 0;
    // A village is a place only where a word before it says so.
    if (place.weight < 15 && !within && !(led && capital)) return 0;
    let score = size;
    if (within) score += 3;
    if (text[from - 1] === '#') score += 2;
    if (led) score += 2;
    else if (cased && !capital && (place.weight >= 400 || atHome)) score += 0.7;
    if (followed) score += 1;
    if (capital && cased) score += 0.8;
    if (!cased) score += 0.5;
    if (/[(),/|]/.test(before.apart) || before.apart.includes(' - ')) score += 0.4;
    if (/^\s*[),.!?/|:;]|^\s*$/.test(behind.apart) || behind.word === '') score += 0.4;
    // Paris Hilton, Boston Globe, Chicago Bulls.
    if (english && capital && cased && !within && !followed && behind.apart === ' ' && isCapital(behind.word[0]))
      score -= led ? 0.3 : 1;
    if (capital && cased && !led && before.apart === ' ' && isCapital(before.word[0]) && !isService(from - 1))
      score -= 0.8;
    if (home) score += 1;
    // Where a server stands, or where somebody else sits, is not where the author's problem is.
    if (isTravel(text, from, to)) score -= 2;
    // Who works on clouds says from where he looks, not where it fails.
    if (remote && low === 'from') score -= 3;
    if (machines.has(behind.word.toLowerCase()) || machines.has(low) || isBesideMachine(text, from, to)) score -= 2.5;
    const further = led ? wordBefore(text, from - before.apart.length - before.word.length).word.toLowerCase() : '';
    if (others.has(further) || machines.has(further)) score -= 4;
    return score;
  }

  /** The one region of several places: the narrowest when they lie in each other, else what holds them all. */
  function common(found: Found[]): Found {
    const best = found.reduce((a, b) => (b.score > a.score ? b : a));
    let region = best.code;
    let { start, end } = best;
    for (const f of found) {
      if (f === best) continue;
      if (inRegion(f.code, region)) {
        region = f.code;
        if (!isListed(best, f)) continue;
        start = Math.min(start, f.start);
        end = Math.max(end, f.end);
      } else if (!inRegion(region, f.code) && isListed(best, f)) {
        const shared = catalog.regionPath(f.code).find((code) => inRegion(region, code));
        if (shared === undefined || shared === '*') continue;
        region = shared;
      }
    }
    return { ...best, code: region, start, end };
  }

  /** Names the region of a text that is nothing but a place: `Indianapolis, Indiana`, an author's stated place. */
  function stated(text: string, lang: string | null, regions: readonly string[]): Location | null {
    if (text.length > 120) return null;
    const found = find(text, lang, [], regions, true);
    if (found.length === 0) return null;
    const covered = found.reduce((sum, f) => sum + foldLetters(text.slice(f.start, f.end)).length, 0);
    const state = stateBehind(text, found.at(-1)!.end) ? 3 : 0;
    const total = foldLetters(text).length;
    if (covered + state < total * (text.includes(',') ? 0.3 : 0.6)) return null;
    const one = common(found);
    return { region: one.code, words: text.slice(one.start, one.end) };
  }

  return {
    locate(post: Pick<Post, 'text' | 'place' | 'context' | 'lang'>, mentions) {
      const whole = post.text.length > longest ? post.text.slice(0, longest) : post.text;
      const own = whole.search(quoted);
      const text = own > 40 ? whole.slice(0, own) : whole;
      const regions: string[] = [];
      for (const m of mentions)
        for (const r of catalog.service(m.service)?.regions ?? []) if (!regions.includes(r)) regions.push(r);
      const found = find(text, post.lang, mentions, regions, false);
      if (found.length > 0) {
        const one = common(found);
        return { region: one.code, words: text.slice(one.start, one.end) };
      }
      const coded = postcode(text, post.lang);
      if (coded !== null && catalog.region(coded.region)) return coded;
      const context = post.context ?? '';
      if (context !== '' && !/^[@/]|^r\//.test(context)) {
        const inContext = find(context, post.lang, [], regions, false, true);
        if (inContext.length > 0) {
          const one = common(inContext);
          return { region: one.code, words: context.slice(one.start, one.end) };
        }
        const named = mentions.some((m) => m.start < 0) ? null : stated(context, post.lang, regions);
        if (named) return named;
      }
      return post.place ? stated(post.place, post.lang, regions) : null;
    },
  };
}
