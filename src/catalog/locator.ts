// Post -> region: tells where the author's problem is, if the post says so.
import type { Catalog, Locator } from '../core/catalog.js';

/** Compiles the regions' names; the returned locator is pure and never throws. */
export function createLocator(catalog: Catalog): Locator {
  const byName = new Map(catalog.regions.map((r) => [r.name.toLowerCase(), r.code]));
  return {
    locate(post) {
      for (const m of post.text.matchAll(
        /\b(?:in|em|en|à|di|aus|near|around)\s+([\p{Lu}][\p{L}'-]+(?:\s[\p{Lu}][\p{L}'-]+)?)/gu,
      )) {
        const region = byName.get(m[1]!.toLowerCase());
        if (region) return { region, words: m[1]! };
      }
      const place = post.place?.split(',')[0]?.trim();
      const region = place ? byName.get(place.toLowerCase()) : undefined;
      return region && place ? { region, words: place } : null;
    },
  };
}
