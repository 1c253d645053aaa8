// Cursors as JSON: what is saved of a source, and what comes back of it.
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** Reads a saved cursor. @returns null when there is none, or it is of another kind or version of the source. */
export function readCursor<Schema extends TSchema>(schema: Schema, cursor: string | null): Static<Schema> | null {
  if (cursor === null) return null;
  try {
    const value: unknown = JSON.parse(cursor);
    return Value.Check(schema, value) ? value : null;
  } catch {
    return null;
  }
}
