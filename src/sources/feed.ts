// Reads one feed of a forum, blog or status page: RSS, Atom, RDF, JSON Feed.
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import type { FeedEntry } from './feeds/feed-entry.js';
import { type Feed, parseFeed } from './feeds/parse-feed.js';
import { defineKind, type SourceTools } from './kind.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';

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
  onByDefault: false,
  options,
  create: createFeed,
});

/** What is kept between two looks. */
const State = Type.Object({
  etag: Type.Union([Type.String(), Type.Null()]),
  lastModified: Type.Union([Type.String(), Type.Null()]),
  /** Of each entry read a short hash of its id, and behind it one of its text; newest last. */
  seen: Type.Array(Type.String()),
});
type State = Static<typeof State>;

/** Entries remembered beyond those that the feed holds now: entries come back when others go. */
const remembered = 500;
/** Letters of the hashes of an id and of a text. */
const idLength = 12;
const textLength = 6;
const accept = 'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5';

function createFeed(name: string, given: Options, { http }: SourceTools): Source {
  const { url, context: brand, minInterval, maxInterval } = given;
  const platform = given.platform || new URL(url).hostname.replace(/^www\./, '');
  const limits = { minMs: durationMs(minInterval), maxMs: durationMs(maxInterval) };

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const answer = await http.fetch({ url, signal: context.signal, headers: { accept }, validators: state });
    if (answer.status === 304) {
      context.alive();
      return { state, fresh: 0 };
    }
    const now = context.clock.now();
    const contentType = answer.headers['content-type'] ?? null;
    const feed = await parseFeed(answer.body, { contentType, url: answer.url, now });
    context.alive();
    if (!answer.complete) context.skipped('the connection broke before the end of the feed: the rest comes next time');
    const seen = new Map(state.seen.map((mark) => [mark.slice(0, idLength), mark]));
    const fresh = feed.entries
      .filter(({ id }) => !seen.has(hashOf(id, idLength)))
      .sort((a, b) => (a.createdAt ?? now) - (b.createdAt ?? now));
    for (const entry of fresh) {
      if (entry.text === '') context.skipped(`entry ${entry.id.slice(0, 80)} has no words: neither title nor body`);
      else yield { post: postOf(entry, feed, now, context), cursor: null };
    }
    for (const entry of feed.entries) {
      const mark = seen.get(hashOf(entry.id, idLength));
      // Without a date of its own an edited entry would pass for a new one.
      if (mark === undefined || mark === markOf(entry) || entry.text === '' || entry.createdAt === null) continue;
      yield { post: postOf(entry, feed, now, context), edited: true, cursor: null };
    }
    if (feed.deleted.length > 0) yield { post: null, deleted: feed.deleted.map((id) => `${name}:${id}`), cursor: null };
    return {
      state: {
        // The half that is missing must not be taken for unchanged.
        ...(answer.complete ? answer.validators : { etag: null, lastModified: null }),
        seen: remember(state.seen, feed.entries),
      },
      fresh: fresh.length,
    };
  }

  function postOf(entry: FeedEntry, { title, lang }: Feed, now: number, context: SourceContext): Post {
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

  return {
    name,
    kind: 'feed',
    contactEveryMs: limits.maxMs,
    read: (context) =>
      pollForever(context, State, { etag: null, lastModified: null, seen: [] }, limits, (state) =>
        look(state, context),
      ),
  };
}

/** The entries of a feed behind those known, the oldest beyond the limit forgotten. */
function remember(seen: string[], entries: FeedEntry[]): string[] {
  const held = new Map(entries.map((entry) => [hashOf(entry.id, idLength), markOf(entry)]));
  return [...seen.filter((mark) => !held.has(mark.slice(0, idLength))).slice(-remembered), ...held.values()];
}

function markOf({ id, text }: FeedEntry): string {
  return hashOf(id, idLength) + hashOf(text, textLength);
}

function hashOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}
