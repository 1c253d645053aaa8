// Where a region lies, for maps: the middle of the people in it.
import { readFileSync } from 'node:fs';
import type { Catalog } from '../core/catalog.js';

type LngLat = [lng: number, lat: number];

/** Population-weighted centres of the places of each region (GeoNames, CC BY 4.0). */
const centres: Record<string, LngLat> = JSON.parse(
  readFileSync(new URL('./data/region-points.json', import.meta.url), 'utf8'),
);

/** The point of a region, or of the nearest one around it that has one; null for `*`. WGS 84, degrees. */
export function regionPoint(code: string, catalog: Pick<Catalog, 'regionPath'>): LngLat | null {
  for (const around of catalog.regionPath(code)) {
    const point = centres[around];
    if (point) return point;
  }
  return null;
}
