// The bytes of a feed -> its entries, whatever its format and however broken it is.
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { SourceError } from '../../core/errors.js';
import { decodeText } from '../net/charset.js';
import { htmlToText } from '../net/html.js';
import { unpack } from '../net/unpack.js';
import { type FeedEntry, readEntry } from './feed-entry.js';
import type { RawFeed } from './raw-feed.js';
import { readJson } from './read-json.js';
import { readWithRssParser } from './read-rss-parser.js';
import { readXml } from './read-xml.js';

export interface Feed {
  title: string | null;
  lang: string | null;
  /** In the order of the feed. */
  entries: FeedEntry[];
  /** Ids of entries that were taken back. */
  deleted: string[];
}

export interface ParseFeedOptions {
  /** The HTTP header, for the charset. */
  contentType: string | null;
  /** Where the feed was fetched, for relative links; null when unknown. */
  url: string | null;
  /** Epoch ms. */
  now: number;
}

/** Above this, characters, rss-parser takes longer than a feed may. */
const maxForRssParser = 128_000;
/** Most that a packed file may unpack to, bytes. */
const maxBytes = 10 << 20;
const sliceMs = 8;

/**
 * Reads RSS (all versions), Atom, RDF, CDF and JSON Feed, also where the file itself is packed with gzip. One bad entry costs that entry; a feed without entries is
 * none of these or empty. Gives way to others every few milliseconds.
 * @throws SourceError `not-a-feed`.
 */
export async function parseFeed(bytes: Buffer, options: ParseFeedOptions): Promise<Feed> {
  const text = decodeText(await unpack(bytes, 'gzip', maxBytes), options.contentType).trimStart();
  const raw = /^[{[]/.test(text) ? readJson(text) : await readMarkup(text);
  if (!raw)
    throw new SourceError('this is JSON, but no JSON Feed: it has no list of items', {
      code: 'not-a-feed',
      retry: true,
    });
  if (raw.entries.length === 0 && raw.deleted.length === 0 && !looksLikeFeed(text)) {
    const what =
      text === '' ? 'nothing' : /<html|<!doctype html/i.test(text.slice(0, 2000)) ? 'an HTML page' : 'something else';
    throw new SourceError(`this is ${what}, not a feed: give the address of RSS, Atom or JSON Feed`, {
      code: 'not-a-feed',
      retry: true,
    });
  }
  const bases = [...raw.links, ...(options.url ? [options.url] : [])];
  const entries: FeedEntry[] = [];
  let startedAt = performance.now();
  for (const entry of raw.entries) {
    entries.push(readEntry(entry, bases, options.now));
    if (performance.now() - startedAt > sliceMs) {
      await breathe();
      startedAt = performance.now();
    }
  }
  tellApart(entries);
  return {
    title: raw.title ? htmlToText(raw.title.text).slice(0, 200) || null : null,
    lang: raw.lang,
    entries,
    deleted: raw.deleted,
  };
}

/** Entries that share an id but not their words are different ones of a feed that gives ids away twice. */
function tellApart(entries: FeedEntry[]): void {
  const times = new Map<string, number>();
  for (const { id } of entries) times.set(id, (times.get(id) ?? 0) + 1);
  for (const entry of entries) {
    if (times.get(entry.id) === 1) continue;
    const words = createHash('sha256').update(`${entry.url}\n${entry.text}`).digest('hex');
    entry.id = `${entry.id}#${words.slice(0, 12)}`;
  }
}

async function readMarkup(text: string): Promise<RawFeed> {
  const whole = text.length <= maxForRssParser ? await readWithRssParser(text) : null;
  return whole ?? readXml(text);
}

function looksLikeFeed(text: string): boolean {
  return /<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)[\s>]/i.test(text.slice(0, 20_000));
}
