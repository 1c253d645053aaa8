// Filters that the store does not know: applied to what it gives, page after page, on lists, exports and the stream alike.
import Type from 'typebox';
import { type Catalog, categories } from '../core/catalog.js';
import type { Page } from '../core/ports.js';
import { type Symptom, symptoms } from '../core/post.js';
import type { Incident, Spike } from '../core/signal.js';

/** Query keys of the filters. */
export const filterKeys = {
  category: Type.Optional(
    Type.Enum([...categories], { type: 'string', description: 'Only services of this category.', examples: ['email'] }),
  ),
  min_authors: Type.Optional(
    Type.Integer({ minimum: 0, description: 'At least so many distinct authors.', examples: [20] }),
  ),
  min_surprise: Type.Optional(
    Type.Number({ minimum: 0, description: 'At least this surprise (-log10 of the chance).', examples: [8] }),
  ),
};
/** Query keys that incidents have besides. */
export const incidentFilterKeys = {
  ...filterKeys,
  min_platforms: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Reported on at least so many platforms.', examples: [2] }),
  ),
  symptom: Type.Optional(
    Type.Enum([...symptoms], { type: 'string', description: 'Only where people tell this.', examples: ['login'] }),
  ),
};

export interface Filters {
  service?: string;
  region?: string;
  category?: string;
  min_authors?: number;
  min_surprise?: number;
  min_platforms?: number;
  symptom?: Symptom;
}

function passes(thing: { service: string; authors: number; surprise: number }, f: Filters, catalog: Catalog): boolean {
  if (f.service !== undefined && thing.service !== f.service) return false;
  if (f.category !== undefined && catalog.service(thing.service)?.category !== f.category) return false;
  return thing.authors >= (f.min_authors ?? 0) && thing.surprise >= (f.min_surprise ?? 0);
}

export function incidentPasses(incident: Incident, f: Filters, catalog: Catalog): boolean {
  if (!passes(incident, f, catalog)) return false;
  if (incident.platforms.length < (f.min_platforms ?? 0)) return false;
  if (f.symptom !== undefined && !incident.symptoms[f.symptom]) return false;
  const { region } = f;
  if (region === undefined) return true;
  // It touches the region: is in it, in a part of it, or around it.
  const around = catalog.regionPath(region);
  return incident.regions.some((r) => around.includes(r) || catalog.regionPath(r).includes(region));
}

export function spikePasses(spike: Spike, f: Filters, catalog: Catalog): boolean {
  return passes(spike, f, catalog) && (f.region === undefined || spike.region === f.region);
}

/** Reads of the store for one answer at most. */
const maxReads = 40;

/**
 * Fills a page with what passes. It asks the store only for as many as are missing, so its cursor stays true; a page may
 * hold fewer than `limit` although `next` is set.
 */
export async function filteredPage<T>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
  accept: (item: T) => boolean,
  page: { limit: number; cursor?: string },
): Promise<Page<T>> {
  const items: T[] = [];
  let { cursor } = page;
  for (let i = 0; i < maxReads; i++) {
    const found = await read({ limit: page.limit - items.length, cursor });
    items.push(...found.items.filter(accept));
    if (found.next === null) return { items, next: null };
    cursor = found.next;
    if (items.length >= page.limit) break;
  }
  return { items, next: cursor ?? null };
}

/** All items that pass, page after page: what an export sends, without ever holding more than a page. */
export async function* everyItem<T>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
  accept: (item: T) => boolean,
  page: { limit?: number; cursor?: string },
): AsyncGenerator<T> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let { cursor } = page;
  while (left > 0) {
    const found = await read({ limit: Math.min(left, 500), cursor });
    for (const item of found.items) {
      if (!accept(item)) continue;
      yield item;
      if (--left <= 0) return;
    }
    if (found.next === null) return;
    cursor = found.next;
  }
}
