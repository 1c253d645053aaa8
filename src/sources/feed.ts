// Reads one feed of a forum, blog or status page: RSS, Atom, RDF, JSON Feed.
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { day } from '../core/time.js';
import type { FeedEntry } from './feeds/feed-entry.js';
import { type Feed, parseFeed } from './feeds/parse-feed.js';
import { defineKind, type SourceTools } from './kind.js';
import { readCursor } from './net/cursor.js';
import { Duration, durationMs, nextIntervalMs, pauseUntil } from './net/poll.js';

const options = Type.Object({
  url: Type.String({ description: 'Address of the feed.', default: '', pattern: '^https?://' }),
  context: Type.String({
    description: 'Brand or forum that its posts are addressed to; empty = the title of the feed.',
    default: '',
  }),
  platform: Type.String({
    description: 'Name shown as where it was posted; empty = the host of the feed.',
    default: '',
  }),
  minInterval: Duration('Least time between two looks.', '1m'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '8m'),
});
type Options = Static<typeof options>;

export const feed = defineKind({
  kind: 'feed',
  description: 'A feed of a forum, blog or page: RSS, Atom, RDF or JSON Feed.',
  use: 'opt-in',
  options,
  create: (name: string, given: Options, { http }: SourceTools): Source => ({
    name,
    kind: 'feed',
    read: (context) => readFeed(name, given, http, context),
  }),
});

/** What is kept between two looks. */
const Cursor = Type.Object({
  etag: Type.Union([Type.String(), Type.Null()]),
  lastModified: Type.Union([Type.String(), Type.Null()]),
  intervalMs: Type.Union([Type.Number(), Type.Null()]),
  /** Epoch ms of the next look. */
  nextAt: Type.Number(),
  /** Short hashes of the ids read, newest last. */
  seen: Type.Array(Type.String()),
});

/** Ids remembered beyond those that the feed holds now: entries come back when others go. */
const remembered = 500;
const accept = 'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5';

async function* readFeed(
  name: string,
  { url, context: brand, platform: given, minInterval, maxInterval }: Options,
  http: SourceTools['http'],
  context: SourceContext,
): AsyncGenerator<SourceItem> {
  const { signal, clock } = context;
  const platform = given || new URL(url).hostname.replace(/^www\./, '');
  const [minMs, maxMs] = [durationMs(minInterval), durationMs(maxInterval)];
  let state: Static<typeof Cursor> = readCursor(Cursor, context.cursor) ?? {
    etag: null,
    lastModified: null,
    intervalMs: null,
    nextAt: 0,
    seen: [],
  };

  while (true) {
    // A saved time may be of a clock that has been set back since.
    await pauseUntil(Math.min(state.nextAt, clock.now() + Math.max(maxMs, day)), clock.now(), signal);
    if (signal.aborted) return;
    let fresh: FeedEntry[] = [];
    let deleted: string[] = [];
    try {
      const answer = await http.fetch({ url, signal, headers: { accept }, validators: state });
      const now = clock.now();
      if (answer.status !== 304) {
        const feed = await parseFeed(answer.body, {
          contentType: answer.headers['content-type'] ?? null,
          url: answer.url,
          now,
        });
        context.alive();
        if (!answer.complete)
          context.skipped('the connection broke before the end of the feed: the rest comes next time');
        const seen = new Set(state.seen);
        fresh = feed.entries
          .filter(({ id }) => !seen.has(hashOf(id)))
          .sort((a, b) => (a.createdAt ?? now) - (b.createdAt ?? now));
        deleted = feed.deleted.map((id) => `${name}:${id}`);
        for (const entry of fresh) {
          if (entry.text === '') context.skipped(`entry ${entry.id.slice(0, 80)} has no words: neither title nor body`);
          else yield { post: postOf(entry, feed, now), cursor: null };
          if (signal.aborted) return;
        }
        state = {
          ...state,
          // The half that is missing must not be taken for unchanged.
          ...(answer.complete ? answer.validators : { etag: null, lastModified: null }),
          seen: remember(state.seen, feed.entries),
        };
      }
      context.alive();
      const intervalMs = nextIntervalMs(state.intervalMs, fresh.length, minMs, maxMs);
      state = { ...state, intervalMs, nextAt: clock.now() + intervalMs };
    } catch (error) {
      if (signal.aborted) return;
      const waitMs = error instanceof SourceError ? error.options.retryAfterMs : undefined;
      // Kept, so that a restart does not ask a server that wants to be left alone.
      if (waitMs) yield { post: null, cursor: JSON.stringify({ ...state, nextAt: clock.now() + waitMs }) };
      throw error;
    }
    yield { post: null, ...(deleted.length > 0 && { deleted }), cursor: JSON.stringify(state) };
  }

  function postOf(entry: FeedEntry, { title, lang }: Feed, now: number): Post {
    return {
      id: `${name}:${entry.id}`,
      source: name,
      platform,
      author: entry.author === null ? null : context.hashAuthor(platform, entry.author),
      text: entry.text,
      lang: entry.lang ?? lang,
      context: brand || title,
      place: null,
      url: entry.url,
      createdAt: entry.createdAt ?? now,
      receivedAt: now,
    };
  }
}

/** The ids of a feed behind those known, the oldest beyond the limit forgotten. */
function remember(seen: string[], entries: FeedEntry[]): string[] {
  const held = new Set(entries.map(({ id }) => hashOf(id)));
  return [...seen.filter((hash) => !held.has(hash)).slice(-remembered), ...held];
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 12);
}
