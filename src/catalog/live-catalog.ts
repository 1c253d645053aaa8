// A catalog and its matcher that can be exchanged while they are in use: what holds them sees the newest.
import type { Catalog, Matcher } from '../core/catalog.js';
import { createMatcher } from './matcher.js';

export interface LiveCatalog {
  catalog: Catalog;
  matcher: Matcher;
  /** Compiles the names of another catalog (some 0.2 s) and puts it in the place of the one in use. */
  exchange(next: Catalog): void;
}

/** The regions of all the catalogs must be the same: counts are kept by them. */
export function createLiveCatalog(first: Catalog): LiveCatalog {
  let now = first;
  let matcher = createMatcher(first);
  return {
    catalog: {
      get services() {
        return now.services;
      },
      get regions() {
        return now.regions;
      },
      service: (id) => now.service(id),
      region: (code) => now.region(code),
      regionPath: (code) => now.regionPath(code),
      ancestors: (id) => now.ancestors(id),
    },
    matcher: { match: (text, context) => matcher.match(text, context) },
    exchange(next) {
      matcher = createMatcher(next);
      now = next;
    },
  };
}
