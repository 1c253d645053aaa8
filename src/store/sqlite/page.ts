// Pages by keyset: the cursor is the sort key of the last item, so rows that come in between shift nothing.
import { and, eq, lt, or, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { UsageError } from '../../core/errors.js';
import type { Page } from '../../core/ports.js';

type Key<K> = [t: number, id: K];

/** Reads a cursor. @throws UsageError when it is none that `toPage` gave out. */
function parseCursor<K extends string | number>(cursor: string, idType: 'string' | 'number'): Key<K> {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key) && key.length === 2 && Number.isSafeInteger(key[0]) && typeof key[1] === idType)
      return key as Key<K>;
  } catch {
    // Not JSON: the same complaint as for any other broken cursor.
  }
  throw new UsageError(`cursor ${JSON.stringify(cursor)} is broken: leave it out to begin at the first page`);
}

/** The condition for rows behind the cursor in an order by time and id, both descending. @throws UsageError for a broken one. */
export function behind(cursor: string | undefined, t: SQLiteColumn, id: SQLiteColumn): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [lastT, lastId] = parseCursor(cursor, id.dataType === 'number' ? 'number' : 'string');
  return or(lt(t, lastT), and(eq(t, lastT), lt(id, lastId)));
}

/** Makes a page of at most `limit` items from up to `limit + 1` rows. */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => Key<string | number>,
  itemOf: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const next = last === undefined ? null : Buffer.from(JSON.stringify(keyOf(last))).toString('base64url');
  return { items: shown.map(itemOf), next };
}
