// Post -> region: tells where the author's problem is, if the post says so.
import type { Catalog, Locator } from '../core/catalog.js';
import type { Location, Mention, Post } from '../core/post.js';
import { foldLetters } from './fold.js';
import { createFinder, type Found } from './place-finder.js';
import { isListed, ownWords } from './place-surroundings.js';
import { postcode } from './postcode.js';
import { NONE } from './region-table.js';
import { unlistedPlace } from './unlisted-place.js';

/** Texts are read up to here: what comes later is rarely the author's place. */
const longest = 4_000;
/** A place that somebody states is no longer. */
const longestStated = 120;

type Located = Pick<Post, 'place' | 'context' | 'lang'>;

/** Compiles the place names; the returned locator is pure and never throws. */
export function createLocator(catalog: Catalog): Locator {
  const { find, served, stateBehind, homesOf, regions } = createFinder(catalog);
  const { codes, isWithin, holderOf } = regions;

  /** The one region of several places: the narrowest when they lie in each other, else what holds them all. */
  function common(text: string, found: readonly Found[]): Location {
    let best = found[0]!;
    for (const f of found) if (f.score > best.score) best = f;
    let { region, start, end } = best;
    for (const f of found) {
      if (f === best) continue;
      if (isWithin(f.region, region)) {
        region = f.region;
        if (!isListed(best, f)) continue;
        start = Math.min(start, f.start);
        end = Math.max(end, f.end);
      } else if (!isWithin(region, f.region) && isListed(best, f)) {
        const holder = holderOf(f.region, region);
        if (holder !== NONE) region = holder;
      }
    }
    return { region: codes[region]!, words: text.slice(start, end) };
  }

  /** Names the region of a text that is nothing but a place: `Indianapolis, Indiana`, an author's stated place. */
  function stated(text: string, lang: string | null, mentions: readonly Mention[]): Location | null {
    if (text.length > longestStated) return null;
    const found = find(text, 'place', lang, mentions);
    if (found.length === 0) return null;
    const covered = found.reduce((sum, f) => sum + foldLetters(text.slice(f.start, f.end)).length, 0);
    const state = stateBehind(text, found.at(-1)!.end) === NONE ? 0 : 3;
    const total = foldLetters(text).length;
    return covered + state < total * (text.includes(',') ? 0.3 : 0.6) ? null : common(text, found);
  }

  /** A county that goes by its first word: `Pierce` for Pierce County. */
  function countyOf(context: string, lang: string | null): Location | null {
    if (!/^[A-Z][a-z]+$/.test(context)) return null;
    const county = stated(`${context} County`, lang, []);
    return county !== null && county.words !== context ? { region: county.region, words: context } : null;
  }

  /** What the title of a thread, or else the author's stated place, says. */
  function stands({ lang, context, place }: Located, mentions: readonly Mention[]): Location | null {
    if (context && !/^[@/]|^r\//.test(context)) {
      const found = find(context, 'thread', lang, mentions);
      if (found.length > 0) return common(context, found);
      const title = context.toLowerCase();
      // The name of a service is no place: Battlefield is in Missouri too.
      if (!mentions.some((m) => m.start < 0 || m.words.toLowerCase().startsWith(title))) {
        const named = countyOf(context, lang) ?? stated(context, lang, mentions);
        if (named !== null) return named;
      }
    }
    return place ? stated(place, lang, mentions) : null;
  }

  /** What tells places of one name apart: title, stated place, or the forum of a town or country (`r/ottawa`). */
  function around(post: Located, mentions: readonly Mention[]): number {
    const told =
      stands(post, mentions) ?? (post.context?.startsWith('r/') ? stated(post.context.slice(2), post.lang, []) : null);
    return told === null ? NONE : regions.numberOf(told.region);
  }

  /** The region that holds all that the utilities named serve, if they are of one country. */
  function suppliedBy(utilities: readonly number[], mentions: readonly Mention[]): number {
    let all = NONE;
    const add = (region: number): boolean => {
      all = all === NONE ? region : holderOf(region, all);
      return all !== NONE;
    };
    for (const region of utilities) if (!add(region)) return NONE;
    for (const m of mentions) {
      const service = catalog.service(m.service);
      if (service?.category === 'utility') for (const region of homesOf(service)) if (!add(region)) return NONE;
    }
    return all;
  }

  return {
    locate(post, mentions) {
      const { text: whole, lang } = post;
      const text = ownWords(whole.length > longest ? whole.slice(0, longest) : whole);
      let found = find(text, 'post', lang, mentions);
      const utilities = served.length > 0 ? [...served] : served;
      if (found.some((f) => !f.sure) && (post.context || post.place)) {
        const near = around(post, mentions);
        if (near !== NONE) found = find(text, 'post', lang, mentions, near);
      }
      // A department's number tells more than a town, of which there are several.
      const coded = found.length > 0 && !lang?.startsWith('fr') ? null : postcode(text, lang);
      if (coded !== null && catalog.region(coded.region)) return coded;
      if (found.length > 0) return common(text, found);
      const stood = stands(post, mentions);
      if (stood !== null) return stood;
      // A place that we do not know, in the home of the utility named: `@KenyaPower no power in Shela`.
      const region = suppliedBy(utilities, mentions);
      const words = region === NONE ? null : unlistedPlace(text, mentions);
      return words === null ? null : { region: codes[region]!, words };
    },
  };
}
