// Answers a list in the form that was asked for: a page of JSON, or all of it as CSV or NDJSON, streamed.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type, { type TSchema } from 'typebox';
import type { Page } from '../core/ports.js';
import type { ServerDeps } from './deps.js';
import { badField } from './errors.js';
import { everyItem, filteredPage } from './filters.js';
import { freshness } from './freshness.js';
import { nextLink } from './link.js';

export const formats = ['json', 'csv', 'ndjson'] as const;
export type Format = (typeof formats)[number];

const types: Record<Exclude<Format, 'json'>, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** Query keys of every list. */
export const listKeys = {
  format: Type.Optional(
    Type.Enum([...formats], {
      type: 'string',
      description:
        'json = a page; csv and ndjson = all that passes (or `limit` items), streamed. Left out = as the Accept header says.',
      examples: ['csv'],
    }),
  ),
  fields: Type.Optional(
    Type.String({ description: 'Only these fields of each item, by comma.', examples: ['id,service,authors'] }),
  ),
};

/** The form wanted: `format`, else the first type of Accept that is known, else JSON. */
export function formatOf(request: FastifyRequest, format: Format | undefined): Format {
  if (format) return format;
  const accept = request.headers.accept ?? '';
  const wanted = accept.split(',').map((part) => part.split(';')[0]?.trim());
  for (const type of wanted) {
    if (type === 'text/csv') return 'csv';
    if (type === 'application/x-ndjson' || type === 'application/ndjson') return 'ndjson';
    if (type === 'application/json') return 'json';
  }
  return 'json';
}

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

/** One cell of CSV. A string that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const flat = Array.isArray(value) && value.every((v) => typeof v === 'string');
  let text = typeof value === 'string' ? value : flat ? value.join(' ') : JSON.stringify(value);
  if (/^[\s]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text)) text = `'${text}`;
  return /[",\r\n;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines of CSV or NDJSON, gathered into chunks so that a million rows are not a million writes. */
async function* lines(
  items: AsyncIterable<object> | Iterable<object>,
  format: Exclude<Format, 'json'>,
  fields: readonly string[],
): AsyncGenerator<string> {
  let chunk = format === 'csv' ? `${fields.join(',')}\r\n` : '';
  for await (const item of items) {
    const row = item as Record<string, unknown>;
    chunk +=
      format === 'csv'
        ? `${fields.map((f) => csvCell(row[f])).join(',')}\r\n`
        : `${JSON.stringify(Object.fromEntries(fields.map((f) => [f, row[f]])))}\n`;
    if (chunk.length < 32_768) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}

/** Sends items as CSV or NDJSON. */
export function sendLines(
  reply: FastifyReply,
  items: AsyncIterable<object> | Iterable<object>,
  { format, fields, name }: { format: Exclude<Format, 'json'>; fields: readonly string[]; name: string },
): FastifyReply {
  if (format === 'csv') reply.header('content-disposition', `inline; filename="outcry-${name}.csv"`);
  return reply
    .type(types[format])
    .header('vary', 'Accept')
    .send(Readable.from(lines(items, format, fields)));
}

/** Sends an answer that has only the fields asked for: the schema of the route, which asks for all, is left aside. */
export function sendJson(reply: FastifyReply, answer: object): FastifyReply {
  return reply.serializer(JSON.stringify).type('application/json; charset=utf-8').send(answer);
}

export interface ListOptions<T> {
  /** Schema of an item as it leaves. */
  schema: TSchema;
  /** Name of the file that a browser saves. */
  name: string;
  read(page: { limit: number; cursor?: string }): Promise<Page<T>>;
  accept?(item: T): boolean;
  present(item: T): object;
}

export interface ListQuery {
  format?: Format;
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
  const { read, present, accept = () => true, name } = options;
  const fields = fieldsOf(options.schema, query.fields);
  const format = formatOf(request, query.format);
  if (format !== 'json') {
    const { limit, cursor } = query;
    const all = everyItem(read, accept, { limit, cursor });
    const presented = (async function* () {
      for await (const item of all) yield present(item);
    })();
    return sendLines(reply, presented, { format, fields, name });
  }
  const page = await filteredPage(read, accept, { limit: query.limit ?? defaultLimit, cursor: query.cursor });
  nextLink(request, reply, page.next);
  const items = page.items.map(present) as Record<string, unknown>[];
  const answer = { ...(await freshness(deps)), items, next: page.next };
  if (query.fields === undefined) return reply.send(answer);
  const picked = items.map((item) => Object.fromEntries(fields.map((f) => [f, item[f]])));
  return sendJson(reply, { ...answer, items: picked });
}

/** A list that is held in memory, page by page: the cursor is the key of the last item. */
export function pagesOf<T>(
  all: readonly T[],
  key: (item: T) => string,
): (page: { limit: number; cursor?: string }) => Promise<Page<T>> {
  return async ({ limit, cursor }) => {
    let from = 0;
    if (cursor !== undefined) {
      const last = Buffer.from(cursor, 'base64url').toString();
      from = all.findIndex((item) => key(item) === last) + 1;
      if (from === 0) {
        const message = 'this cursor is not one of ours: give the `next` of the page before, unchanged';
        throw badField({ field: 'query.cursor', value: cursor, message });
      }
    }
    const items = all.slice(from, from + limit);
    const last = items.at(-1);
    const more = from + limit < all.length && last !== undefined;
    return { items, next: more ? Buffer.from(key(last)).toString('base64url') : null };
  };
}
