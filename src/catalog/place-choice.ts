// Of the places of one name, the one that is meant.
import { homes } from './homes.js';
import { type PlaceNames, weightOf } from './place-names.js';
import { NONE, type RegionTable } from './region-table.js';

/** A name behind another one says which of that name is meant, unless what it mostly means is so many times larger. */
const outweighed = 60;
const smallStates = /^(?:tn|tx|fl|ga|nj|ny|nc|sc|va|wa|md|mn|mo|mi|az|nv|wi|ky|ct|co|il|ks|ut|bc|qc|ab|nsw|qld|vic)$/;

/** What tells places of one name apart. */
export function createChoice({ regions, first, regionOf, weights, sizes }: PlaceNames) {
  const { codes, numberOf, countryOf, isPart, isWithin, isWithinAny } = regions;
  const ranks = compileRanks(regions);

  /** Of the places that a name may mean, the likeliest, given language, services named and other places. */
  function choose(id: number, lang: string | null, homes: readonly number[], near: number): number {
    let best = first[id]!;
    const end = first[id + 1]!;
    if (end - best === 1) return best;
    const rankOf = ranks.of(lang);
    const likes = lang?.startsWith('en') ? 0.6 : 1.5;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let place = best; place < end; place++) {
      const region = regionOf[place]!;
      let score = sizes[place]!;
      const rank = rankOf[countryOf[region]!]!;
      if (rank >= 0) score += likes - rank * 0.03;
      if (isWithinAny(region, homes)) score += 2.6;
      else if (homes.some((home) => countryOf[home] === countryOf[region])) score += 2;
      if (near !== NONE && (isWithin(region, near) || isWithin(near, region))) score += 5;
      if (score > bestScore || (score === bestScore && codes[region]!.length > codes[regionOf[best]!]!.length)) {
        best = place;
        bestScore = score;
      }
    }
    return best;
  }

  /** US state, Canadian province or Australian state abbreviated behind a name: `Nashville, TN`. */
  function stateBehind(text: string, at: number): number {
    if (text[at] !== ',' && text[at] !== ' ') return NONE;
    const m = /^,?\s{0,2}([A-Za-z]{2,3})(?![\w'])/.exec(text.slice(at, at + 8));
    if (!m || (m[1] !== m[1]!.toUpperCase() && !smallStates.test(m[1]!))) return NONE;
    const letters = m[1]!.toUpperCase();
    for (const country of ['US', 'CA', 'AU']) {
      const state = numberOf(`${country}-${letters}`);
      if (state !== NONE) return state;
    }
    return NONE;
  }

  /** True when a name may mean a place in a region. */
  function mayLieIn(id: number, region: number): boolean {
    for (let place = first[id]!; place < first[id + 1]!; place++) if (isWithin(regionOf[place]!, region)) return true;
    return false;
  }

  /** The region in which a name lies by the name behind it (`Leeds, England`), or NONE. */
  function containerOf(id: number, behind: number): number {
    const largest = weights[first[behind]!]!;
    for (let place = first[behind]!; place < first[behind + 1]!; place++)
      if (
        weights[place]! * outweighed >= largest &&
        (behind !== id || weights[place]! >= weightOf.part) &&
        mayLieIn(id, regionOf[place]!)
      )
        return regionOf[place]!;
    return NONE;
  }

  /** True when the name behind may mean a part of a country, and one better known than this name unless `anyway`: `Tenino, Washington`. */
  function isHeld(id: number, behind: number, anyway: boolean): boolean {
    for (let place = first[behind]!; place < first[behind + 1]!; place++)
      if (weights[place]! >= weightOf.part && isPart(regionOf[place]!))
        return anyway || weights[place]! > weights[first[id]!]!;
    return false;
  }

  return { choose, mayLieIn, containerOf, isHeld, stateBehind, ranks };
}

/** Countries by language: their ranks from 0 on, below 0 for those that do not speak it. */
function compileRanks({ countryNumber }: RegionTable) {
  const unknown = new Int8Array(256).fill(-1);
  const byLanguage = new Map(
    Object.entries(homes).map(([language, countries]) => {
      const ranks = unknown.slice();
      for (const [rank, country] of countries.entries()) {
        const number = countryNumber(country);
        if (number !== NONE) ranks[number] = rank;
      }
      return [language, ranks];
    }),
  );
  return {
    /** Ranks for a language that is not known. */
    unknown,
    of: (lang: string | null): Int8Array =>
      lang === null ? unknown : (byLanguage.get(lang) ?? byLanguage.get(lang.slice(0, 2).toLowerCase()) ?? unknown),
  };
}
