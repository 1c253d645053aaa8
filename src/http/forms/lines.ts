// Items as CSV or NDJSON, gathered into chunks so that a million rows are not a million writes.
import { pick } from './pick.js';

/** One cell of CSV. A string that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const flat = Array.isArray(value) && value.every((v) => typeof v === 'string');
  let text = typeof value === 'string' ? value : flat ? value.join(' ') : JSON.stringify(value);
  if (/^[\s]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text)) text = `'${text}`;
  return /[",\r\n;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const chunkLength = 32_768;

async function* inChunks(
  head: string,
  items: AsyncIterable<object> | Iterable<object>,
  line: (item: object) => string,
) {
  let chunk = head;
  for await (const item of items) {
    chunk += line(item);
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}

/** A head and a line for each item. */
export function csvLines(items: AsyncIterable<object> | Iterable<object>, fields: readonly string[]) {
  const row = (item: object) => fields.map((f) => csvCell((item as Record<string, unknown>)[f])).join(',');
  return inChunks(`${fields.join(',')}\r\n`, items, (item) => `${row(item)}\r\n`);
}

/** An object a line. */
export function ndjsonLines(items: AsyncIterable<object> | Iterable<object>, fields: readonly string[]) {
  return inChunks('', items, (item) => `${JSON.stringify(pick(item, fields))}\n`);
}
