// Reads the query keys that many routes share: times, durations, services, regions.
import Type from 'typebox';
import type { Catalog } from '../core/catalog.js';
import { nearest } from '../core/nearest.js';
import { day, hour, minute, parseDuration, parseInstant } from '../core/time.js';
import { badField } from './errors.js';

/** Query keys by name, to be picked by routes. */
export const keys = {
  service: Type.Optional(Type.String({ description: 'Id of a service.', examples: ['outlook'] })),
  region: Type.Optional(
    Type.String({ description: 'ISO 3166-1 or 3166-2 code, `*` = everywhere.', examples: ['GB-ENG'] }),
  ),
  since: Type.Optional(
    Type.String({ description: 'From then on: ISO 8601, or how long ago (`24h`, `7d`).', examples: ['24h'] }),
  ),
  until: Type.Optional(
    Type.String({ description: 'Until then: ISO 8601, or how long ago.', examples: ['2026-07-13T00:00:00Z'] }),
  ),
  at: Type.Optional(
    Type.String({
      description: 'As it was known then, and frozen: ISO 8601, or how long ago.',
      examples: ['2026-07-12T12:00:00.000Z'],
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'Items on a page; default 50.', examples: [50] }),
  ),
  cursor: Type.Optional(
    Type.String({ description: '`next` of the page before.', examples: ['MTc4Mzg0NzU4MDAwMA'], maxLength: 500 }),
  ),
};

/** Query schema: unknown keys are refused. */
export const queryOf = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

/** Reads an instant or a duration back from `now`. @throws Problem that names the field. */
export function readTime(field: 'since' | 'until' | 'at', value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  // A `+` of a zone arrives as a space when it was not encoded.
  const t = parseInstant(value.replace(/ (\d{2}:?\d{2})$/, '+$1'));
  if (t !== null) return t;
  const back = parseDuration(value);
  if (back !== null) return now - back;
  const message = `${field} is "${value}": give a time like 2026-07-12T09:13:00Z, or how long ago, like 24h or 7d`;
  throw badField({ field: `query.${field}`, value, message });
}

/** Reads since and until. @throws Problem when they are in the wrong order. */
export function readWindow(
  query: { since?: string; until?: string },
  now: number,
): { since: number | undefined; until: number | undefined } {
  const since = readTime('since', query.since, now);
  const until = readTime('until', query.until, now);
  if (since !== undefined && until !== undefined && since >= until) {
    const message = 'since must be before until';
    throw badField({ field: 'query.since', value: query.since, message });
  }
  return { since, until };
}

/** Checks a service's id. @throws Problem with the nearest ids. */
export function checkService(catalog: Catalog, id: string | undefined): string | undefined {
  if (id === undefined || catalog.service(id)) return id;
  const allowed = nearest(
    id,
    catalog.services.map((s) => s.id),
  );
  const hint = allowed.length > 0 ? `did you mean ${allowed.join(' or ')}?` : '/api/v1/services lists them';
  throw badField({ field: 'query.service', value: id, message: `no service "${id}"; ${hint}`, allowed });
}

/** Checks a region's code and puts it in capitals. @throws Problem with the way out. */
export function checkRegion(catalog: Catalog, code: string | undefined): string | undefined {
  if (code === undefined || code === '*') return code;
  const region = catalog.region(code.toUpperCase());
  if (region) return region.code;
  const message = `no region "${code}"; give an ISO 3166 code like GB or US-CA, or *; /api/v1/regions lists them`;
  throw badField({ field: 'query.region', value: code, message });
}

/** Steps that a series can be asked for. */
export const intervals: Record<string, number> = {
  '1m': minute,
  '5m': 5 * minute,
  '10m': 10 * minute,
  '15m': 15 * minute,
  '20m': 20 * minute,
  '30m': 30 * minute,
  '1h': hour,
  '2h': 2 * hour,
  '3h': 3 * hour,
  '6h': 6 * hour,
  '12h': 12 * hour,
  '1d': day,
};
