// The forms that an answer can take, and which one is wanted.
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Problem } from '../errors.js';

/** Media types by form. */
export const mediaTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  geojson: 'application/geo+json; charset=utf-8',
} as const;
export type Format = keyof typeof mediaTypes;

/** Other names under which clients ask; who takes anything gets JSON. */
const otherNames: Record<string, Format> = { 'application/ndjson': 'ndjson', 'application/*': 'json', '*/*': 'json' };
const byType = new Map<string, Format>(Object.entries(otherNames));
for (const [format, type] of Object.entries(mediaTypes)) byType.set(type.split(';')[0] as string, format as Format);

const exportFormats = ['json', 'csv', 'ndjson', 'parquet'] as const;
/** The forms of a list whose items lie somewhere. */
export const placedFormats = [...exportFormats, 'geojson'] as const;

/** Query keys that choose form and fields. */
export function formKeys(formats: readonly Format[] = exportFormats) {
  const placed = formats.includes('geojson') ? ', as is geojson' : '';
  return {
    format: Type.Optional(
      Type.Enum([...formats], {
        type: 'string',
        description: `json = a page${placed}; csv, ndjson and parquet = all that passes (or \`limit\` items), streamed. Left out = as the Accept header says.`,
        examples: ['csv'],
      }),
    ),
    fields: Type.Optional(
      Type.String({ description: 'Only these fields of each item, by comma.', examples: ['id,service,authors'] }),
    ),
  };
}

/** Media types of an Accept header, the most wanted first; those refused by `q=0` are left out. */
function acceptedTypes(accept: string | undefined): string[] {
  const types = (accept ?? '').split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    const q = parameters.find((p) => p.startsWith('q='));
    return { type, q: q ? Number(q.slice(2)) : 1 };
  });
  return types
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q)
    .map(({ type }) => type);
}

/** The form wanted: `format`, else the most wanted type of Accept that is known, else JSON. @throws Problem 406 for one that it lacks. */
export function formatOf(
  request: FastifyRequest,
  format: string | undefined,
  formats: readonly Format[] = exportFormats,
): Format {
  if (format) return format as Format;
  const known = acceptedTypes(request.headers.accept).flatMap((type) => byType.get(type) ?? []);
  const found = known.find((f) => formats.includes(f));
  if (found || known.length === 0) return found ?? 'json';
  throw new Problem(406, `this list has no ${known.join(' or ')} form; there are ${formats.join(', ')}`);
}
