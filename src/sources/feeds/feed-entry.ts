// One entry of a feed -> what a post is made of.
import { createHash } from 'node:crypto';
import { hour } from '../../core/time.js';
import { htmlToText, tidyText } from '../net/html.js';
import { parseFeedDate } from './parse-date.js';
import type { RawEntry, RawField } from './raw-feed.js';

/** What a feed says in one entry. */
export interface FeedEntry {
  /** Stable within the feed: its guid, else its link, else a hash of its words. */
  id: string;
  title: string | null;
  /** Title and body, as a reader would see them. */
  text: string;
  url: string | null;
  /** Epoch ms; null when it tells no sane time. */
  createdAt: number | null;
  author: string | null;
  lang: string | null;
}

/** Earliest time that a feed's date can mean: before it there was no web. */
const earliest = Date.UTC(1990, 0, 1);

/**
 * @param bases what relative links are relative to: the feed's own address, then its links.
 * @param now epoch ms; a date more than an hour later is not believed.
 */
export function readEntry(raw: RawEntry, bases: readonly string[], now: number): FeedEntry {
  const first = (...names: string[]): RawField | undefined => {
    for (const name of names) {
      const found = raw.fields.get(name)?.find(({ text }) => text.trim() !== '');
      if (found) return found;
    }
    return undefined;
  };
  const title = proseOf(first('title', 'dc:title', 'media:title')) || null;
  const body = bodyOf(raw);
  const text =
    title === null
      ? body
      : body === '' || body === title
        ? title
        : body.startsWith(title)
          ? body
          : `${title}\n\n${body}`;

  const guid = first('guid', 'id')?.text.trim();
  const url = linkOf(raw, [...raw.bases].reverse().concat(bases));
  const createdAt = dateOf(raw, now);
  const author = first('author', 'dc:creator');
  return {
    id: guid || raw.fields.get('rdf:about')?.[0]?.text || url || hashOf(`${text}\n${createdAt ?? ''}`),
    title,
    text,
    url,
    createdAt,
    author: author ? authorOf(author) : null,
    lang: first('dc:language', 'language')?.text.trim() || raw.lang,
  };
}

/** The fullest of the fields that hold the body, in order of trust. */
function bodyOf(raw: RawEntry): string {
  for (const name of [
    'content:encoded',
    'content',
    'xhtml:body',
    'body',
    'fullitem',
    'description',
    'summary',
    'abstract',
    'dc:description',
    'dcterms:abstract',
    'media:description',
    'itunes:summary',
  ]) {
    for (const field of raw.fields.get(name) ?? []) {
      const text = proseOf(field);
      if (text !== '') return text;
    }
  }
  return '';
}

/** A field's words: HTML, plain text or packed, as its attributes say. */
function proseOf(field: RawField | undefined): string {
  if (!field) return '';
  const { text, attrs, markup } = field;
  const type = (attrs.type ?? '').toLowerCase();
  if (markup) return htmlToText(text);
  if (attrs.mode === 'base64' || (/^application\//.test(type) && !/xml|json/.test(type))) {
    const packed = text.trim();
    if (/^[A-Za-z0-9+/\s]+={0,2}$/.test(packed)) return htmlToText(Buffer.from(packed, 'base64').toString('utf8'));
  }
  // Escaped CDATA is a common slip.
  const plain = text.includes('<![CDATA[') ? text.replaceAll('<![CDATA[', '').replaceAll(']]>', '') : text;
  return type === 'text' || type === 'text/plain' ? tidyText(plain) : htmlToText(plain);
}

/** The entry's permalink: its alternate link, else any other of its own, else a guid that is one, else what is attached to it. */
function linkOf(raw: RawEntry, bases: readonly string[]): string | null {
  for (const candidate of candidatesOf(raw)) {
    const url = resolve(candidate.trim(), bases);
    if (url) return url;
  }
  return null;
}

function* candidatesOf({ fields }: RawEntry): Generator<string> {
  const ranked = (fields.get('link') ?? [])
    .map((link) => ({ link, rank: rankOf(link) }))
    .sort((a, b) => a.rank - b.rank);
  for (const { link, rank } of ranked) if (rank < 5) yield link.attrs.href ?? link.text;
  const guid = fields.get('guid')?.[0];
  if (guid && guid.attrs.ispermalink !== 'false' && guid.attrs.isPermaLink !== 'false') yield absolute(guid.text);
  yield absolute(fields.get('id')?.[0]?.text ?? '');
  yield absolute(fields.get('rdf:about')?.[0]?.text ?? '');
  yield fields.get('comments')?.[0]?.text ?? '';
  yield fields.get('enclosure')?.[0]?.attrs.url ?? '';
}

/** How far a link is from being the entry's own page, 0..5; 5 is something else. */
function rankOf({ attrs: { rel, type }, text }: RawField): number {
  if (rel === undefined) return text.trim() !== '' ? 0 : 1;
  if (/^(http:\/\/www\.iana\.org\/assignments\/relation\/)?alternate$/.test(rel))
    return !type || /html/.test(type) ? 0 : 1;
  return rel === 'via' || rel === 'related' ? 3 : rel === 'self' ? 4 : 5;
}

/** An identifier counts as a link only when it is one by itself. */
function absolute(text: string): string {
  return /^https?:\/\//i.test(text.trim()) ? text : '';
}

/** Makes a link whole. @returns null for what is none of the web, or is relative to nothing known. */
function resolve(link: string, bases: readonly string[]): string | null {
  if (link === '') return null;
  if (/^https?:\/\//i.test(link)) return withoutCredentials(link);
  let base: string | undefined;
  for (const candidate of [...bases].reverse()) {
    if (URL.canParse(candidate, base)) base = new URL(candidate, base).href;
  }
  return withoutCredentials(link, base);
}

function withoutCredentials(link: string, base?: string): string | null {
  if (!URL.canParse(link, base)) return null;
  const url = new URL(link, base);
  if (!/^https?:$/.test(url.protocol)) return null;
  if (url.username || url.password) {
    url.username = '';
    url.password = '';
  }
  return url.href;
}

/** When it was made, else when it was changed. */
function dateOf(raw: RawEntry, now: number): number | null {
  for (const name of [
    'published',
    'pubdate',
    'issued',
    'dcterms:issued',
    'dc:date',
    'dcterms:created',
    'created',
    'dcterms:date',
    'date',
    'updated',
    'modified',
    'dcterms:modified',
  ]) {
    for (const { text } of raw.fields.get(name) ?? []) {
      const at = parseFeedDate(text);
      if (at !== null && at >= earliest && at <= now + hour) return at;
    }
  }
  return null;
}

function authorOf({ text, markup }: RawField): string | null {
  const name = markup ? (/<(?:[\w.-]+:)?name\b[^>]*>([^<]*)</.exec(text)?.[1] ?? '') : text;
  return htmlToText(name).slice(0, 200) || null;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
