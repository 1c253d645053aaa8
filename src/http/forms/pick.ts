// Leaves only the fields asked for.
import type { TSchema } from 'typebox';
import { badField } from '../errors.js';

/** The fields of an item's schema, or those asked for. @throws Problem that names a field there is not. */
export function fieldsOf(schema: TSchema, wanted: string | undefined): string[] {
  const known = Object.keys((schema as unknown as { properties: Record<string, unknown> }).properties);
  if (wanted === undefined) return known;
  const fields = wanted.split(',').map((f) => f.trim());
  const bad = fields.find((f) => !known.includes(f));
  if (bad === undefined) return fields;
  const message = `no field "${bad}"; there are ${known.join(', ')}`;
  throw badField({ field: 'query.fields', value: wanted, message, allowed: known });
}

/** The item with these fields only, in their order. */
export function pick(item: object, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((f) => [f, (item as Record<string, unknown>)[f]]));
}
