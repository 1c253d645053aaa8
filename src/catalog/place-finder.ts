// Text -> the places named in it, each with the region that it most likely means and how much speaks for it.
import type { Catalog, Service } from '../core/catalog.js';
import type { Mention } from '../core/post.js';
import { createChoice } from './place-choice.js';
import { compilePlaces, FAILURE, PLACE, UTILITY, WORD } from './place-names.js';
import { isEveryday, type Scene, scoreOf } from './place-score.js';
import { isArea, isBehind, isCapitalAt, isInAddress, isRemote, isShouted } from './place-surroundings.js';
import { readText } from './reading.js';
import { NONE } from './region-table.js';
import { createScanner } from './scanner.js';

/** Scores from which a name in a text counts as the author's place: beside words of failure, and without. */
const enough = 2.2;
const enoughCalm = 2.4;
const enoughUnnamed = 2.6;
/** Weight of places of which there may be others of that name that we do not know. */
const small = 100;

/** What a text is: the author's own words, the title of a thread, a place's name by trade, of which no more proof is asked. */
export type Told = 'post' | 'thread' | 'place';

/** A name at [start, end) and the region it means. */
export interface Found {
  /** Its number. */
  region: number;
  start: number;
  end: number;
  score: number;
  /** Whether the region follows from the name and what stands behind it, so that nothing else could tell more. */
  sure: boolean;
}

const noneFound: readonly Found[] = [];
const noServices: readonly Mention[] = [];
const noRegions: readonly number[] = [];
/** Languages without endings that a place may carry. */
const uninflected = /^(?:en|es|pt|it|fr|id|ms|tl)/;

/** Compiles the names. The finder keeps what it read last, so it serves one text at a time. */
export function createFinder(catalog: Catalog) {
  const names = compilePlaces(catalog);
  const { phrases, regions, kinds, first, regionOf, weights, sizes, serves, lengths } = names;
  const { codes, numberOf, countryOf, isPart, isWithinAny } = regions;
  const scanner = createScanner(phrases);
  const { hits } = scanner;
  const { choose, mayLieIn, containerOf, isHeld, stateBehind, ranks } = createChoice(names);
  /** Hits that may be places, in order of their start, and the regions of the utilities named; of the latest text. */
  let order = new Int32Array(64);
  const served: number[] = [];
  /** The text that the hits are of: titles are looked at twice. */
  let scanned = '';

  /** True when hit `a` begins before `b`, or with it and is longer. */
  function isBefore(a: number, b: number): boolean {
    const apart = hits.start[a]! - hits.start[b]!;
    return apart < 0 || (apart === 0 && hits.end[a]! > hits.end[b]!);
  }

  /** Home regions of a service. */
  const homesOf = (service: Service | undefined): readonly number[] => service?.regions?.map(numberOf) ?? noRegions;

  /**
   * Places named in a text.
   * @param mentions the services that the post names
   * @param around region that is known otherwise, to tell places of one name apart
   */
  function find(
    text: string,
    told: Told,
    lang: string | null,
    mentions: readonly Mention[],
    around = NONE,
  ): readonly Found[] {
    const reading = readText(text);
    if (served.length > 0) served.length = 0;
    if (text !== scanned) {
      scanner.scan(reading);
      scanned = text;
    }
    const { of: phrase, start, end } = hits;
    let failing = told !== 'post';
    let count = 0;
    if (order.length < hits.count) order = new Int32Array(hits.count * 2);
    for (let k = 0; k < hits.count; k++) {
      const kind = kinds[phrase[k]!]!;
      if (kind & FAILURE) failing = true;
      if (kind & UTILITY) served.push(...serves.get(phrase[k]!)!);
      if ((kind & PLACE) === 0) continue;
      if (told !== 'place' && isEveryday(reading, start[k]!, end[k]!, (kind & WORD) !== 0)) continue;
      // Hits come all but sorted.
      let at = count++;
      for (; at > 0 && isBefore(k, order[at - 1]!); at--) order[at] = order[at - 1]!;
      order[at] = k;
    }
    // Most texts name no place but everyday words: out at once.
    if (count === 0) return noneFound;

    const homes = [...served];
    const supplied = served.filter(isPart);
    const named = told === 'post' ? mentions : noServices;
    let remote = named.length > 0;
    for (const m of mentions) {
      const service = catalog.service(m.service);
      for (const home of homesOf(service)) {
        if (homes.includes(home)) continue;
        homes.push(home);
        if (service?.category === 'utility' && isPart(home)) supplied.push(home);
      }
      // A power cut's own name says that something fails.
      if (told === 'post' && service?.counts === 'region') failing = true;
      remote &&= isRemote(service?.category);
    }
    const bar = failing ? enough : named.length > 0 ? enoughCalm : enoughUnnamed;
    const scene: Scene = {
      reading,
      shouted: isShouted(reading),
      english: !lang || lang.startsWith('en'),
      german: lang?.startsWith('de') === true,
      remote,
      bar,
      mentions: named,
      title: told === 'thread',
    };
    const inflects = !lang || !uninflected.test(lang);
    const speaks = ranks.of(lang);
    const found: Found[] = [];
    let reach = -1;
    let near = around;
    let service = 0;
    /** The hit behind a town that we do not know, which says where that lies. */
    let holder = -1;
    for (let n = 0; n < count; n++) {
      const k = order[n]!;
      const id = phrase[k]!;
      const from = start[k]!;
      const to = end[k]!;
      if (from < reach || (!inflects && !isCapitalAt(reading, from) && to - from > lengths[id]!)) continue;
      while (service < named.length && (named[service]!.start < 0 || named[service]!.end <= from)) service++;
      if (service < named.length && named[service]!.start < to && !isArea(text, from, to)) continue;
      if (isInName(text, from, to) || isInAddress(reading, from)) continue;
      // `Leeds, England`: the place behind tells which Leeds.
      let after = n + 1;
      while (after < count && start[order[after]!]! < to) after++;
      const next = after < count ? order[after]! : -1;
      let state = NONE;
      if (next >= 0 && isBehind(text, to, start[next]!, end[next]!)) {
        state = containerOf(id, phrase[next]!);
        const joint = end[next]! - start[next]! > 2 ? /^,?\s?$/ : /^,\s?$/;
        if (
          state === NONE &&
          isHeld(id, phrase[next]!, told !== 'post' && from === 0 && end[next]! === text.length) &&
          joint.test(text.slice(to, start[next]!))
        ) {
          // A name that we do not know in the region behind it leaves the region.
          holder = next;
          continue;
        }
      }
      if (state === NONE) state = stateBehind(text, to);
      const inState = state !== NONE && mayLieIn(id, state);
      const place = choose(id, lang, homes, inState ? state : near);
      const region = regionOf[place]!;
      const isWord = (kinds[id]! & WORD) !== 0;
      const atHome = isWithinAny(region, homes);
      const within =
        inState ||
        (k === holder && (!isWord || atHome)) ||
        isWithinAny(region, supplied) ||
        (to - from === 2 &&
          codes[region] === `US-${text.slice(from, to)}` &&
          isStateAt(text, from, atHome ? named : noServices));
      // A word of one's own language is no place of another continent.
      const isForeign = !scene.english && speaks !== ranks.unknown && speaks[countryOf[region]!]! < 0;
      if (isWord && told !== 'place' && !within && isForeign && !atHome) continue;
      const weight = weights[place]!;
      const score =
        told === 'place'
          ? enough
          : scoreOf(scene, {
              from,
              to,
              weight,
              size: sizes[place]!,
              part: isPart(region),
              isWord,
              within,
              home: atHome,
            });
      if (score < bar) continue;
      // A small place that is not known in the region of the only utility named lies there all the same.
      const isOther =
        !within && weight < small && supplied.length === 1 && countryOf[supplied[0]!] === countryOf[region];
      found.push({
        region: isOther ? supplied[0]! : region,
        start: from,
        end: to,
        score,
        sure: inState || first[id + 1]! - first[id]! === 1,
      });
      near = region;
      reach = to;
    }
    return found;
  }

  return {
    find,
    stateBehind,
    homesOf,
    regions,
    /** Regions of the utilities that the latest text names. */
    served: served as readonly number[],
  };
}

/** True for the letters of a state behind a town that we do not know, or behind a service: `Chi, IL`, `TWC NY`. */
const isStateAt = (text: string, at: number, named: readonly Mention[]): boolean =>
  /\b[A-Z][a-z.]+,\s?$/.test(text.slice(Math.max(0, at - 20), at)) ||
  named.some((m) => m.start >= 0 && m.end === at - 1);

/** True inside a handle, a host or a path. */
const isInName = (text: string, from: number, to: number): boolean =>
  (from > 0 && '@^_/.'.includes(text[from - 1]!)) || text[to] === '_';
