// A page of a list as GeoJSON (RFC 7946): a feature an item, at the points of its regions.
import type { Feature, MultiPoint, Point } from 'geojson';
import type { Catalog } from '../../core/catalog.js';
import { regionPoint } from '../region-point.js';
import { pick } from './pick.js';

/** A point of one region, points of several; null where it is everywhere. */
function geometryOf(regions: readonly string[], catalog: Pick<Catalog, 'regionPath'>): Point | MultiPoint | null {
  const points = regions.flatMap((code) => {
    const point = regionPoint(code, catalog);
    return point ? [point] : [];
  });
  if (points.length === 0) return null;
  const [only] = points;
  return points.length === 1 && only
    ? { type: 'Point', coordinates: only }
    : { type: 'MultiPoint', coordinates: points };
}

/** @param regions where the item is. */
export function featureOf(
  item: { id: string },
  regions: readonly string[],
  fields: readonly string[],
  catalog: Pick<Catalog, 'regionPath'>,
): Feature<Point | MultiPoint | null> {
  return { type: 'Feature', id: item.id, geometry: geometryOf(regions, catalog), properties: pick(item, fields) };
}
