// Measures the matcher and the locator on labelled posts.
import type { Catalog, Locator, Matcher } from '../core/catalog.js';

/** One labelled post, as the corpora hold it. */
export interface LabelledPost {
  text: string;
  lang?: string | null;
  context?: string | null;
  kind?: string;
  /** Services that fail (real posts), or the three roles (written posts). */
  services?: string[];
  subjects?: string[];
  causes?: string[];
  mentions?: string[];
  /** ISO code: `regionIso` in real posts (their `region` is words), `region` in written ones. */
  region?: string | null;
  regionIso?: string | null;
}

/** Right, invented and missed answers, and the measures that follow. */
export interface Counted {
  right: number;
  invented: number;
  missed: number;
  precision: number;
  recall: number;
  f1: number;
}

export interface CatalogMeasures {
  posts: number;
  /** All services that a written post names, whatever their role. */
  named: Counted;
  /** Recall of the services that fail, on reports and questions with a catalogued service. */
  subjects: Counted;
  region: {
    /** Posts that tell a region, and how many are right to the country and to the subdivision. */
    told: number;
    toldSubdivision: number;
    countryRight: number;
    subdivisionRight: number;
    /** Posts that tell none, and how many got one. */
    untold: number;
    invented: number;
  };
}

const counted = (right: number, invented: number, missed: number): Counted => {
  const precision = right / Math.max(1, right + invented);
  const recall = right / Math.max(1, right + missed);
  return {
    right,
    invented,
    missed,
    precision,
    recall,
    f1: right ? (2 * precision * recall) / (precision + recall) : 0,
  };
};

const isoOf = (post: LabelledPost): string | null =>
  post.regionIso !== undefined ? post.regionIso : /^[A-Z]{2}(-\w+)?$/.test(post.region ?? '') ? post.region! : null;

/** True when two regions are one place at different levels, neither being a whole country. */
function samePlace(catalog: Catalog, a: string, b: string): boolean {
  const paths = [catalog.regionPath(a), catalog.regionPath(b)];
  return a === b || (a.includes('-') && b.includes('-') && (paths[0]!.includes(b) || paths[1]!.includes(a)));
}

/** Measures matcher and locator. Wrong answers are handed to `miss`, for whoever tunes them. */
export function evalCatalog(
  tools: { catalog: Catalog; matcher: Matcher; locator: Locator },
  posts: Iterable<LabelledPost>,
  miss: (what: 'invented' | 'missed' | 'region', post: LabelledPost, detail: string) => void = () => {},
): CatalogMeasures {
  const { catalog, matcher, locator } = tools;
  const named = { right: 0, invented: 0, missed: 0 };
  const subjects = { right: 0, invented: 0, missed: 0 };
  const region = { told: 0, toldSubdivision: 0, countryRight: 0, subdivisionRight: 0, untold: 0, invented: 0 };
  let count = 0;
  for (const post of posts) {
    count++;
    const mentions = matcher.match(post.text, post.context ?? null);
    const found = new Set(mentions.map((m) => m.service));
    const roles = post.subjects && [...post.subjects, ...(post.causes ?? []), ...(post.mentions ?? [])];
    if (roles) {
      const told = new Set(roles.filter((s) => s !== 'unknown'));
      for (const s of told) {
        if (found.has(s)) named.right++;
        else named.missed++;
        if (!found.has(s)) miss('missed', post, s);
      }
      // A brand account that is only addressed is no invention: the role tells.
      for (const m of mentions) {
        if (told.has(m.service) || m.start < 0) continue;
        told.add(m.service);
        named.invented++;
        miss('invented', post, `${m.service} (${m.words})`);
      }
    }
    const failing = (post.subjects ?? post.services ?? []).filter((s) => s !== 'unknown' && catalog.service(s));
    if ((post.kind === 'report' || post.kind === 'question') && failing.length) {
      for (const s of failing) {
        if (found.has(s)) subjects.right++;
        else subjects.missed++;
        if (!found.has(s) && !roles) miss('missed', post, s);
      }
      for (const m of mentions)
        if (m.start >= 0 && !failing.includes(m.service) && found.delete(m.service)) {
          subjects.invented++;
          if (!roles) miss('invented', post, `${m.service} (${m.words})`);
        }
    }
    const told = isoOf(post);
    const place = locator.locate(
      { text: post.text, place: null, context: post.context ?? null, lang: post.lang ?? null },
      mentions,
    );
    if (told === null) {
      region.untold++;
      if (place) {
        region.invented++;
        miss('region', post, `invented ${place.region} (${place.words})`);
      }
      continue;
    }
    region.told++;
    if (told.includes('-')) region.toldSubdivision++;
    const country = place !== null && place.region.slice(0, 2) === told.slice(0, 2);
    if (country) region.countryRight++;
    const exact = place !== null && told.includes('-') && samePlace(catalog, told, place.region);
    if (exact) region.subdivisionRight++;
    if (!country || (told.includes('-') && !exact))
      miss('region', post, `${told} -> ${place ? `${place.region} (${place.words})` : 'none'}`);
  }
  return {
    posts: count,
    named: counted(named.right, named.invented, named.missed),
    subjects: counted(subjects.right, subjects.invented, subjects.missed),
    region,
  };
}
