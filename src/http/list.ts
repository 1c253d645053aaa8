// Answers a list in the form that was asked for: a page of JSON or GeoJSON, or all of it as CSV, NDJSON or Parquet, streamed.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { Order } from '../core/lists.js';
import type { ServerDeps } from './deps.js';
import { badField } from './errors.js';
import { type Format, formatOf, formKeys, mediaTypes } from './forms/formats.js';
import { featureOf } from './forms/geojson.js';
import { csvLines, ndjsonLines } from './forms/lines.js';
import { parquetChunks } from './forms/parquet.js';
import { fieldsOf, pick } from './forms/pick.js';
import { freshness, tellFreshness } from './freshness.js';
import { nextLink } from './link.js';
import { type Accept, everyItem, filteredPage, firstRows, type ReadPage } from './paging.js';
import { keys } from './query.js';

/** Query keys of every list: form, fields, page and order. */
export function listKeys(options: { formats?: readonly Format[]; sort: readonly string[]; byDefault: string }) {
  return {
    ...formKeys(options.formats),
    sort: Type.Optional(
      Type.Enum(
        options.sort.flatMap((key) => [key, `-${key}`]),
        {
          type: 'string',
          description: `Order; a minus means descending, ties are settled by id. Left out: ${options.byDefault}.`,
          examples: [`-${options.sort[0]}`],
        },
      ),
    ),
    limit: keys.limit,
    cursor: keys.cursor,
  };
}

/** The order that `sort` names; undefined where it was left out. */
export function orderOf<Key extends string>(sort: string | undefined): Order<Key> | undefined {
  if (sort === undefined) return undefined;
  const descending = sort.startsWith('-');
  return { by: (descending ? sort.slice(1) : sort) as Key, descending };
}

export interface Streamed {
  format: 'csv' | 'ndjson' | 'parquet';
  /** Schema of an item as it leaves. */
  schema: TSchema;
  fields: readonly string[];
  /** Name of the file that a browser saves. */
  name: string;
  /** True when the items ended early, because nobody asked for the rest. */
  isCut?(): boolean;
}

/** An export up to about this many bytes is sent as a whole, with its ETag; a longer one as it is read. */
const wholeUpTo = 256 * 1024;

/** What was read of an export already, and then the rest of it. */
async function* joined<T>(head: readonly T[], rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** Sends items as CSV, NDJSON or Parquet; to a HEAD what is told of them, without reading on. */
export async function sendStream(
  reply: FastifyReply,
  deps: ServerDeps,
  items: AsyncIterable<object> | Iterable<object>,
  { format, schema, fields, name, isCut }: Streamed,
): Promise<FastifyReply> {
  const chunks: AsyncGenerator<string | Uint8Array> =
    format === 'parquet'
      ? parquetChunks(items, schema, fields)
      : (format === 'csv' ? csvLines : ndjsonLines)(items, fields);
  const head: (string | Uint8Array)[] = [];
  let isWhole = false;
  for (let size = 0; size <= wholeUpTo && !isWhole; ) {
    const { value, done } = await chunks.next();
    if (done) isWhole = true;
    else {
      head.push(value);
      size += value.length;
    }
  }
  await tellFreshness(reply, deps);
  if (format !== 'ndjson') reply.header('content-disposition', `inline; filename="outcry-${name}.${format}"`);
  reply.type(mediaTypes[format]).header('vary', 'Accept');
  if (isCut?.()) isWhole = false;
  if (!isWhole && reply.request.method === 'HEAD') {
    await chunks.return(undefined);
    // No text, so that neither a length nor an ETag is told of it.
    return reply.send(Readable.from([]));
  }
  if (!isWhole) return reply.send(Readable.from(joined(head, chunks), { objectMode: format !== 'parquet' }));
  return reply.send(format === 'parquet' ? Buffer.concat(head as Uint8Array[]) : head.join(''));
}

/** Sends an answer that has only the fields asked for: the schema of the route, which asks for all, is left aside. */
export function sendJson(reply: FastifyReply, answer: object, format: 'json' | 'geojson' = 'json'): FastifyReply {
  return reply.serializer(JSON.stringify).type(mediaTypes[format]).header('vary', 'Accept').send(answer);
}

export interface ListOptions<T> {
  /** Schema of an item as it leaves. */
  schema: TSchema;
  /** Name of the file that a browser saves. */
  name: string;
  read: ReadPage<T>;
  accept?: Accept<T>;
  present(item: T): object | Promise<object>;
  formats?: readonly Format[];
  /** Regions of an item, where it lies somewhere. */
  regionsOf?(item: T): readonly string[];
}

interface ListQuery {
  format?: string;
  fields?: string;
  limit?: number;
  cursor?: string;
}

/** Page of JSON when none is asked for. */
const defaultLimit = 50;

/** Answers a list. */
export async function sendList<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDeps,
  options: ListOptions<T>,
): Promise<FastifyReply> {
  const query = request.query as ListQuery;
  const { limit, cursor } = query;
  const { read, present, accept = () => true, schema, name, regionsOf } = options;
  const fields = fieldsOf(schema, query.fields);
  const format = formatOf(request, query.format, options.formats);
  if (format !== 'json' && format !== 'geojson') {
    const first = request.method === 'HEAD' ? firstRows(read) : null;
    const all = everyItem(first?.read ?? read, accept, { limit, cursor });
    const presented = (async function* () {
      for await (const item of all) yield present(item);
    })();
    return sendStream(reply, deps, presented, { format, schema, fields, name, isCut: first?.isCut });
  }
  const page = await filteredPage(read, accept, { limit: limit ?? defaultLimit, cursor });
  nextLink(request, reply, page.next);
  const items = await Promise.all(page.items.map(present));
  const fresh = await freshness(deps);
  if (format === 'geojson') {
    const features = page.items.map((item, i) =>
      featureOf(items[i] as { id: string }, regionsOf?.(item) ?? [], fields, deps.catalog),
    );
    return sendJson(reply, { type: 'FeatureCollection', ...fresh, features, next: page.next }, 'geojson');
  }
  if (query.fields === undefined) return reply.header('vary', 'Accept').send({ ...fresh, items, next: page.next });
  return sendJson(reply, { ...fresh, items: items.map((item) => pick(item, fields)), next: page.next });
}

/**
 * A list that is held in memory, page by page, in the order given or as it stands. The cursor is the order and the key of
 * the last item.
 */
export function pagesOf<T>(all: readonly T[], key: (item: T) => string, order?: Order<string & keyof T>): ReadPage<T> {
  const name = order ? `${order.descending ? '-' : ''}${order.by}` : '';
  const idOf = (item: T) => `${name}\n${key(item)}`;
  const items = order ? inOrder(all, key, order) : all;
  return async ({ limit, cursor }) => {
    let from = 0;
    if (cursor !== undefined) {
      const last = Buffer.from(cursor, 'base64url').toString();
      from = items.findIndex((item) => idOf(item) === last) + 1;
      if (from === 0) {
        const message =
          'this cursor is not one of ours, or of another order: give the `next` of the page before, unchanged';
        throw badField({ field: 'query.cursor', value: cursor, message });
      }
    }
    const page = items.slice(from, from + limit);
    const last = page.at(-1);
    const more = from + limit < items.length && last !== undefined;
    return { items: page, next: more ? Buffer.from(idOf(last)).toString('base64url') : null };
  };
}

function inOrder<T>(all: readonly T[], key: (item: T) => string, order: Order<string & keyof T>): T[] {
  const sign = order.descending ? -1 : 1;
  const compare = (a: unknown, b: unknown) => ((a as number) < (b as number) ? -1 : a === b ? 0 : 1);
  return [...all].sort((a, b) => sign * (compare(a[order.by], b[order.by]) || compare(key(a), key(b))));
}
