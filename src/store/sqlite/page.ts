// Pages by keyset: the cursor is the sort key of the last item, so rows that come in between shift nothing.
import { and, asc, desc, eq, gt, gte, lt, lte, or, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { UsageError } from '../../core/errors.js';
import type { Order } from '../../core/lists.js';
import type { Page } from '../../core/ports.js';

type Id = string | number;

/** The keyset of one order over a table. */
export interface Keyset {
  orderBy: SQL[];
  /** The condition for rows behind a cursor. @throws UsageError for a broken one and one of another order. */
  behind(cursor: string | undefined): SQL | undefined;
  /** The same for a window over the ordering value: the part of [from, to) that a cursor leaves, still to be put through `behind`. */
  left(window: { from: number; to: number }, cursor: string | undefined): { from: number; to: number };
  /** Makes a page of at most `limit` items from up to `limit + 1` rows; `keyOf` gives a row's ordering value and id. */
  toPage<Row, T>(rows: Row[], limit: number, keyOf: (row: Row) => [number, Id], itemOf: (row: Row) => T): Page<T>;
}

/** @param columns the columns that can be ordered by, under the names of the order's keys; none holds null. */
export function keysetOf<Key extends string>(
  order: Order<Key>,
  columns: Record<Key, SQLiteColumn>,
  id: SQLiteColumn,
): Keyset {
  const name = `${order.descending ? '-' : ''}${order.by}`;
  const column = columns[order.by];
  const [beyond, upTo, direction] = order.descending ? [lt, lte, desc] : [gt, gte, asc];
  const idType = id.dataType === 'number' ? 'number' : 'string';

  function parse(cursor: string): { value: number; lastId: Id } {
    try {
      const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      if (Array.isArray(key) && key.length === 3) {
        const [value, lastId, of] = key;
        if (of === name && Number.isFinite(value) && typeof lastId === idType) return { value, lastId };
      }
    } catch {
      // Not JSON: the same complaint as for any other broken cursor.
    }
    throw new UsageError(
      `cursor ${JSON.stringify(cursor)} is broken or of another order: leave it out to begin at the first page`,
    );
  }

  return {
    orderBy: [direction(column), direction(id)],
    behind(cursor) {
      if (cursor === undefined) return undefined;
      const { value, lastId } = parse(cursor);
      // The first condition follows from the others, but only by it is the index entered where the last page ended.
      return and(upTo(column, value), or(beyond(column, value), and(eq(column, value), beyond(id, lastId))));
    },
    left({ from, to }, cursor) {
      if (cursor === undefined) return { from, to };
      const { value } = parse(cursor);
      return order.descending ? { from, to: Math.min(to, value + 1) } : { from: Math.max(from, value), to };
    },
    toPage(rows, limit, keyOf, itemOf) {
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const key = last && [...keyOf(last), name];
      return { items: shown.map(itemOf), next: key ? Buffer.from(JSON.stringify(key)).toString('base64url') : null };
    },
  };
}
