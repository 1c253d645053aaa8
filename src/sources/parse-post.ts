// Reads one post as people hand it in: a line of a file or of a request.
import { UsageError } from '../core/errors.js';
import type { Post } from '../core/post.js';
import { hour, parseInstant } from '../core/time.js';

/** What a post handed in is measured and completed by. */
export interface ParsePostContext {
  /** Source of a post that names none. */
  source: string;
  /** The machine's time, epoch ms: a post from later than an hour from now is wrong. */
  now: number;
  hashAuthor(platform: string, author: string): string;
}

const maxIdLength = 1_000;

/**
 * Reads `{id, text, createdAt}` and optionally `source, platform, author, lang, context, place, url, receivedAt`.
 * null means absent; other keys are ignored; a `url` that is not http(s) is left out. Without `receivedAt` the post
 * counts as received when it was made.
 * @param value the parsed JSON.
 * @throws UsageError that names the field, its value and the way out.
 */
export function parsePost(value: unknown, context: ParsePostContext): Post {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`a post is ${shown(value)}: give an object with id, text and createdAt`);
  }
  const fields = value as Record<string, unknown>;
  const id = nativeId(fields.id);
  const text = fields.text;
  if (typeof text !== 'string') throw wrong('text', text, 'give the words of the post as a string');
  const createdAt = instant('createdAt', fields.createdAt, context.now);
  const receivedAt = absent(fields.receivedAt) ? createdAt : instant('receivedAt', fields.receivedAt, context.now);
  const source = words('source', fields.source) ?? context.source;
  const platform = words('platform', fields.platform) ?? source;
  const author = words('author', fields.author, 'not a string');
  const url = words('url', fields.url);
  return {
    id: `${source}:${id}`,
    source,
    platform,
    author: author === null ? null : context.hashAuthor(platform, author),
    text: storable(text),
    lang: words('lang', fields.lang),
    context: words('context', fields.context),
    place: words('place', fields.place),
    url: url !== null && /^https?:\/\/[^\s]+$/i.test(url) ? url : null,
    createdAt,
    receivedAt,
  };
}

/** Reads a line of NDJSON as a post. @throws UsageError as `parsePost` does, or that the line is no JSON. */
export function parsePostLine(line: string, context: ParsePostContext): Post {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The line itself is not shown: it may hold a handle.
    throw new UsageError(
      `the line is not JSON: give one object a line, as in {"id":"1","text":"...","createdAt":"2026-07-12T09:13:00Z"}`,
    );
  }
  return parsePost(value, context);
}

function nativeId(value: unknown): string {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== 'string' || id.trim() === '')
    throw wrong('id', value, 'give the id that the post has at its source');
  if (id.length > maxIdLength) throw wrong('id', value, `give at most ${maxIdLength} characters`);
  return storable(id);
}

/** Reads an optional string; a number stands for its digits, an empty string for nothing. `secret` is said in place of a value that may name a person. */
function words(field: string, value: unknown, secret?: string): string | null {
  if (absent(value)) return null;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') throw wrong(field, value, 'give a string, or leave it out', secret);
  return text.trim() === '' ? null : storable(text);
}

function instant(field: string, value: unknown, now: number): number {
  const t = parseInstant(value);
  if (t === null || t < 0) {
    throw wrong(field, value, 'give ISO 8601 as in 2026-07-12T09:13:00Z, epoch seconds or epoch milliseconds');
  }
  if (t > now + hour) {
    throw wrong(
      field,
      value,
      'it is more than an hour ahead of the clock here; give the time the post was made, in UTC',
    );
  }
  return t;
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Text that every store and every JSON reader takes: no NUL, no half of a surrogate pair. */
function storable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').replaceAll('\0', '');
}

function wrong(field: string, value: unknown, wayOut: string, secret?: string): UsageError {
  return new UsageError(`${field} is ${absent(value) ? 'missing' : (secret ?? shown(value))}: ${wayOut}`);
}

/** A value for a message: short, on one line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
