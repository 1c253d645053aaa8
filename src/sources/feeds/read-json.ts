// Reads JSON Feed, versions 1 and 1.1, and what is close to it.
import type { RawEntry, RawFeed, RawField } from './raw-feed.js';

type Json = Record<string, unknown>;

/** @returns null when the text is no JSON with a list of items. */
export function readJson(text: string): RawFeed | null {
  let feed: Json;
  try {
    feed = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const items = Array.isArray(feed) ? feed : feed?.items;
  if (!Array.isArray(items)) return null;
  return {
    title: field(feed.title),
    links: [feed.home_page_url, feed.feed_url].flatMap((url) => (typeof url === 'string' ? [url] : [])),
    lang: typeof feed.language === 'string' ? feed.language : null,
    entries: items.flatMap((item) => (typeof item === 'object' && item !== null ? [entryOf(item as Json)] : [])),
    deleted: [],
  };
}

function entryOf(item: Json): RawEntry {
  const authors = Array.isArray(item.authors) ? item.authors : [item.author];
  const author = authors[0] as Json | string | null | undefined;
  const found: [string, RawField | null][] = [
    ['guid', field(item.id)],
    ['link', field(item.url) ?? field(item.external_url)],
    ['title', field(item.title, 'text')],
    ['content', field(item.content_html, 'html') ?? field(item.content_text, 'text')],
    ['summary', field(item.summary, 'text')],
    ['published', field(item.date_published)],
    ['updated', field(item.date_modified)],
    ['author', field(typeof author === 'object' ? (author?.name ?? author?.url) : author)],
  ];
  return {
    fields: new Map(found.flatMap(([name, value]) => (value ? [[name, [value]]] : []))),
    bases: [],
    lang: typeof item.language === 'string' ? item.language : null,
  };
}

function field(value: unknown, type?: string): RawField | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return { text: String(value), attrs: type ? { type } : {}, markup: false };
}
