// Pages of what passes, where the store cannot tell: read on until a page is full.
import type { Page } from '../core/ports.js';

export type ReadPage<T> = (page: { limit: number; cursor?: string }) => Promise<Page<T>>;
export type Accept<T> = (item: T) => boolean | Promise<boolean>;

/** Reads of the store for one answer at most. */
const maxReads = 40;

/**
 * Fills a page with what passes. It asks the store only for as many as are missing, so its cursor stays true; a page may
 * hold fewer than `limit` although `next` is set.
 */
export async function filteredPage<T>(
  read: ReadPage<T>,
  accept: Accept<T>,
  page: { limit: number; cursor?: string },
): Promise<Page<T>> {
  const items: T[] = [];
  let { cursor } = page;
  for (let i = 0; i < maxReads; i++) {
    const found = await read({ limit: page.limit - items.length, cursor });
    for (const item of found.items) if (await accept(item)) items.push(item);
    if (found.next === null) return { items, next: null };
    cursor = found.next;
    if (items.length >= page.limit) break;
  }
  return { items, next: cursor ?? null };
}

/** All items that pass, page after page: what an export sends, without ever holding more than a page. */
export async function* everyItem<T>(
  read: ReadPage<T>,
  accept: Accept<T>,
  page: { limit?: number; cursor?: string },
): AsyncGenerator<T> {
  let left = page.limit ?? Number.POSITIVE_INFINITY;
  let { cursor } = page;
  while (left > 0) {
    const found = await read({ limit: Math.min(left, 500), cursor });
    for (const item of found.items) {
      if (!(await accept(item))) continue;
      yield item;
      if (--left <= 0) return;
    }
    if (found.next === null) return;
    cursor = found.next;
  }
}

/** Rows read for an answer to HEAD at most. */
const maxRowsOfHead = 500;

/** A read that ends after the first rows, and whether there were more: for those who do not ask for rows. */
export function firstRows<T>(read: ReadPage<T>): { read: ReadPage<T>; isCut(): boolean } {
  let rows = 0;
  let cut = false;
  return {
    isCut: () => cut,
    async read({ limit, cursor }) {
      if (rows >= maxRowsOfHead) {
        cut = true;
        return { items: [], next: null };
      }
      const found = await read({ limit: Math.min(limit, maxRowsOfHead - rows), cursor });
      rows += found.items.length;
      return found;
    },
  };
}
