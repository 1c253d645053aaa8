// Post -> region: tells where the author's problem is, if the post says so.
import type { Catalog, Locator } from '../core/catalog.js';
import type { Location, Mention } from '../core/post.js';
import { foldLetters } from './fold.js';
import { homes } from './homes.js';
import { compilePlaces, FAILURE, PLACE, type Place, WORD, weightOf } from './place-names.js';
import { isEveryday, type Scene, scoreOf } from './place-score.js';
import { isBehind, isCapitalAt, isInAddress, isListed, isRemote, isShouted, ownWords } from './place-surroundings.js';
import { postcode } from './postcode.js';
import { readText } from './reading.js';
import { createScanner } from './scanner.js';

/** Texts are read up to here: what comes later is rarely the author's place. */
const longest = 4_000;
/** Scores from which a name in a text counts as the author's place: beside words of failure, and without. */
const enough = 2.2;
const enoughCalm = 2.4;
const enoughUnnamed = 3.8;

const nowhere: Place[] = [];
const noneFound: Found[] = [];

/** What a text is: the author's own words, the title of a thread, a place's name by trade, of which no more proof is asked. */
type Told = 'post' | 'thread' | 'place';

interface Found {
  code: string;
  start: number;
  end: number;
  score: number;
}

/** Compiles the place names; the returned locator is pure and never throws. */
export function createLocator(catalog: Catalog): Locator {
  const { phrases, kinds, places, lengths } = compilePlaces(catalog);
  const scanner = createScanner(phrases);
  const { hits } = scanner;

  const inRegion = (code: string, region: string): boolean => {
    if (code === region) return true;
    const parent = catalog.region(code)?.parent;
    return parent != null && inRegion(parent, region);
  };
  const isIn = (code: string, regions: readonly string[]): boolean => regions.some((r) => inRegion(code, r));

  /** Home regions of the services named. */
  function homesOf(mentions: readonly Mention[]): string[] {
    const regions: string[] = [];
    for (const m of mentions)
      for (const r of catalog.service(m.service)?.regions ?? []) if (!regions.includes(r)) regions.push(r);
    return regions;
  }

  /** Of the places that a name may mean, the likeliest, given language, services named and other places. */
  function choose(id: number, lang: string | null, regions: readonly string[], near: string | null): Place {
    const home = lang ? homes[lang.slice(0, 2).toLowerCase()] : undefined;
    let best = places[id]![0]!;
    if (places[id]!.length === 1) return best;
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

  /** Places named in a text, scored; `mentions`: the services that the post names. */
  function find(text: string, told: Told, lang: string | null, mentions: readonly Mention[]): Found[] {
    const reading = readText(text);
    if (!scanner.scan(reading)) return noneFound;
    const { of: phrase, start, end } = hits;
    const tellsNone = (k: number): boolean =>
      told !== 'place' && isEveryday(reading, start[k]!, end[k]!, (kinds[phrase[k]!]! & WORD) !== 0);
    const order: number[] = [];
    let failing = told !== 'post';
    let isServed = false;
    for (let k = 0; k < hits.count; k++) {
      if (kinds[phrase[k]!]! & FAILURE) failing = true;
      if ((kinds[phrase[k]!]! & PLACE) === 0) continue;
      order.push(k);
      isServed ||= !tellsNone(k);
    }
    // Most texts name no place but everyday words: out at once.
    if (!isServed) return noneFound;
    if (order.length > 1) order.sort((a, b) => start[a]! - start[b]! || end[b]! - end[a]!);

    const regions = homesOf(mentions);
    const named = told === 'post' ? mentions : [];
    // A power cut's own name says that something fails.
    if (named.some((m) => catalog.service(m.service)?.counts === 'region')) failing = true;
    const bar = failing ? enough : named.length > 0 ? enoughCalm : enoughUnnamed;
    const scene: Scene = {
      reading,
      shouted: isShouted(reading),
      english: !lang || lang.startsWith('en'),
      german: lang?.startsWith('de') === true,
      remote: named.length > 0 && named.every((m) => isRemote(catalog.service(m.service)?.category)),
      mentions: named,
    };
    const inflects = !lang || !/^(?:en|es|pt|it|fr)/.test(lang);
    const home = lang ? homes[lang.slice(0, 2).toLowerCase()] : undefined;
    const isForeign = (code: string): boolean => !scene.english && home?.includes(code.slice(0, 2)) === false;
    const covering = named.filter((m) => m.start >= 0);
    const found: Found[] = [];
    let reach = -1;
    let near: string | null = null;
    let service = 0;
    for (let n = 0; n < order.length; n++) {
      const k = order[n]!;
      const id = phrase[k]!;
      const [from, to] = [start[k]!, end[k]!];
      if (from < reach || tellsNone(k) || (!inflects && !isCapitalAt(reading, from) && to - from > lengths[id]!))
        continue;
      while (service < covering.length && covering[service]!.end <= from) service++;
      if (service < covering.length && covering[service]!.start < to) continue;
      if (/[@^_/]/.test(text[from - 1] ?? '') || text[to] === '_' || isInAddress(reading, from)) continue;
      // `Leeds, England`: the place behind tells which Leeds.
      const next = order[n + 1];
      const behind =
        next !== undefined && isBehind(text, to, start[next]!, end[next]!) ? places[phrase[next]!]! : nowhere;
      const container = behind.find((b) => places[id]!.some((p) => inRegion(p.code, b.code)))?.code ?? null;
      // `Tenino, Washington`: a name that we do not know in the region behind it leaves the region.
      const region =
        container === null && next !== undefined && /^,?\s?$/.test(text.slice(to, start[next]!))
          ? behind.find((b) => b.weight >= weightOf.part && b.code.includes('-'))
          : undefined;
      if (region !== undefined && region.weight > places[id]![0]!.weight) continue;
      const state = container ?? stateBehind(text, to);
      const within = state !== null && places[id]!.some((p) => inRegion(p.code, state));
      const place = choose(id, lang, regions, within ? state : near);
      const isWord = (kinds[id]! & WORD) !== 0;
      const atHome = isIn(place.code, regions);
      // A word of one's own language is no place of another continent.
      if (isWord && told !== 'place' && !within && isForeign(place.code) && !atHome) continue;
      const score = told === 'place' ? enough : scoreOf(scene, { from, to, place, isWord, within, home: atHome });
      if (score < bar) continue;
      found.push({ code: place.code, start: from, end: to, score });
      near = place.code;
      reach = to;
    }
    return found;
  }

  /** The one region of several places: the narrowest when they lie in each other, else what holds them all. */
  function common(text: string, found: Found[]): Location {
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
        region = catalog.regionPath(f.code).find((code) => inRegion(region, code)) ?? region;
      }
    }
    return { region, words: text.slice(start, end) };
  }

  /** Names the region of a text that is nothing but a place: `Indianapolis, Indiana`, an author's stated place. */
  function stated(text: string, lang: string | null, mentions: readonly Mention[]): Location | null {
    if (text.length > 120) return null;
    const found = find(text, 'place', lang, mentions);
    if (found.length === 0) return null;
    const covered = found.reduce((sum, f) => sum + foldLetters(text.slice(f.start, f.end)).length, 0);
    const state = stateBehind(text, found.at(-1)!.end) ? 3 : 0;
    const total = foldLetters(text).length;
    return covered + state < total * (text.includes(',') ? 0.3 : 0.6) ? null : common(text, found);
  }

  return {
    locate({ text: whole, lang, context, place }, mentions) {
      const text = ownWords(whole.length > longest ? whole.slice(0, longest) : whole);
      const found = find(text, 'post', lang, mentions);
      if (found.length > 0) return common(text, found);
      const coded = postcode(text, lang);
      if (coded !== null && catalog.region(coded.region)) return coded;
      if (context && !/^[@/]|^r\//.test(context)) {
        const inContext = find(context, 'thread', lang, mentions);
        if (inContext.length > 0) return common(context, inContext);
        const named = mentions.some((m) => m.start < 0) ? null : stated(context, lang, mentions);
        if (named) return named;
      }
      return place ? stated(place, lang, mentions) : null;
    },
  };
}
