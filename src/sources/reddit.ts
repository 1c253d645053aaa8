// Reads new posts of subreddits: from the public feeds, slowly, or from the API with an app's credentials.
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { hour, minute, second } from '../core/time.js';
import { parseFeed } from './feeds/parse-feed.js';
import { defineKind, type SourceTools } from './kind.js';
import { htmlToText, tidyText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';

const options = Type.Object({
  subreddits: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_]{2,21}$' }), {
    description: 'Subreddits to follow, without r/; they are asked for together.',
    default: ['outages', 'sysadmin'],
    minItems: 1,
  }),
  feedUser: Type.String({ description: 'User of a private feed token; with it Reddit allows more.', default: '' }),
  feedToken: Type.String({ description: 'Feed token of that user, from reddit.com/prefs/feeds.', default: '' }),
  clientId: Type.String({
    description: 'Id of an approved API app; with it the API is used instead of feeds.',
    default: '',
  }),
  clientSecret: Type.String({ description: 'Secret of that app.', default: '' }),
  minInterval: Duration(
    'Least time between two looks, of all Reddit sources together: about one a minute is let through.',
    '65s',
  ),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '5m'),
  site: Type.String({ description: 'Address of the site.', default: 'https://www.reddit.com' }),
  api: Type.String({ description: 'Address of the API.', default: 'https://oauth.reddit.com' }),
});
type Options = Static<typeof options>;

export const reddit = defineKind({
  kind: 'reddit',
  description: 'New posts of subreddits; fragile without credentials, since Reddit allows about one request a minute.',
  onByDefault: false,
  options,
  create: createReddit,
});

const State = Type.Object({
  /** Ids read of late, newest last. */
  seen: Type.Array(Type.String()),
});
type State = Static<typeof State>;

const remembered = 500;
/** Entries in a feed, and posts in an answer of the API. */
const feedSize = 25;
const listingSize = 100;

interface Found {
  id: string;
  title: string;
  body: string;
  author: string | null;
  subreddit: string | null;
  url: string | null;
  createdAt: number | null;
}

function createReddit(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  const together = given.subreddits.join('+');
  let access: { token: string; until: number } | null = null;

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const byApi = given.clientId !== '';
    const found = byApi ? await readListing(context) : await readFeed(context);
    context.alive();
    const seen = new Set(state.seen);
    const fresh = found.filter(({ id }) => !seen.has(id)).sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
    if (state.seen.length > 0 && fresh.length >= (byApi ? listingSize : feedSize)) {
      context.skipped(`all of the ${fresh.length} newest posts are new: some before them were missed`);
    }
    const deleted: string[] = [];
    for (const post of found) {
      if (/^\[(removed|deleted)[^\]]*\]$/.test(post.body) && seen.has(post.id)) deleted.push(`${name}:${post.id}`);
    }
    for (const post of fresh) yield { post: postOf(post, context), cursor: null };
    if (deleted.length > 0) yield { post: null, deleted, cursor: null };
    return { state: { seen: [...state.seen, ...fresh.map(({ id }) => id)].slice(-remembered) }, fresh: fresh.length };
  }

  async function readFeed(context: SourceContext): Promise<Found[]> {
    const url = new URL(`${given.site}/r/${together}/new/.rss`);
    if (given.feedToken) {
      url.searchParams.set('feed', given.feedToken);
      url.searchParams.set('user', given.feedUser);
    }
    const answer = await http.fetch({ url: url.href, signal: context.signal, paceMs: limits.minMs });
    const feed = await parseFeed(answer.body, {
      contentType: answer.headers['content-type'] ?? null,
      url: given.site,
      now: context.clock.now(),
    });
    return feed.entries.flatMap((entry) => {
      const id = /t3_[a-z0-9]+/.exec(entry.id)?.[0];
      if (!id || !entry.title) {
        context.skipped('an entry has no id of a post (t3_...) or no title');
        return [];
      }
      // What Reddit adds to the words: "submitted by /u/name [link] [comments]".
      const body = entry.text
        .slice(entry.title.length)
        .replace(/\bsubmitted by\s+\/u\/\S+[\s\S]*$/, '')
        .trim();
      return [
        {
          id,
          title: entry.title,
          body,
          author: entry.author?.replace(/^\/u\//, '') ?? null,
          subreddit: subredditOf(entry.url),
          url: entry.url,
          createdAt: entry.createdAt,
        },
      ];
    });
  }

  async function readListing(context: SourceContext): Promise<Found[]> {
    const token = await accessToken(context);
    const url = `${given.api}/r/${together}/new?limit=${listingSize}&raw_json=1`;
    const { json } = await fetchJson(http, {
      url,
      signal: context.signal,
      headers: { authorization: `Bearer ${token}` },
    });
    return listOf(objectOf(objectOf(json).data).children).flatMap((child) => {
      const found = foundOf(objectOf(child.data), given.site);
      if (!found) context.skipped('a post of the listing lacks name, title or time');
      return found ?? [];
    });
  }

  async function accessToken(context: SourceContext): Promise<string> {
    const now = context.clock.now();
    if (access && access.until > now + minute) return access.token;
    const { json } = await fetchJson(http, {
      url: `${given.site}/api/v1/access_token`,
      method: 'POST',
      body: 'grant_type=client_credentials',
      signal: context.signal,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${given.clientId}:${given.clientSecret}`).toString('base64')}`,
      },
    });
    const { access_token: token, expires_in: expires } = objectOf(json);
    if (typeof token !== 'string') {
      throw new SourceError('Reddit gives no access token: check clientId and clientSecret', {
        code: 'no-token',
        retry: true,
        retryAfterMs: hour,
      });
    }
    access = { token, until: now + (typeof expires === 'number' ? expires * second : hour) };
    return token;
  }

  function postOf({ id, title, body, author, subreddit, url, createdAt }: Found, context: SourceContext): Post {
    const now = context.clock.now();
    return {
      id: `${name}:${id}`,
      source: name,
      platform: 'reddit',
      author: author === null || author === '[deleted]' ? null : context.hashAuthor('reddit', author),
      text: body && !/^\[(removed|deleted)/.test(body) ? `${title}\n\n${body}` : title,
      lang: null,
      context: subreddit === null ? null : `r/${subreddit}`,
      place: null,
      url,
      createdAt: Math.min(createdAt ?? now, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'reddit',
    contactEveryMs: limits.maxMs,
    read: (context) => pollForever(context, State, { seen: [] }, limits, (state) => look(state, context)),
  };
}

function subredditOf(url: string | null): string | null {
  return /\/r\/(\w+)\//.exec(url ?? '')?.[1] ?? null;
}

function foundOf(data: Json, site: string): Found | null {
  const id = stringOf(data.name);
  const title = stringOf(data.title);
  if (id === null || !/^t3_[a-z0-9]+$/.test(id) || title === null || typeof data.created_utc !== 'number') return null;
  const path = stringOf(data.permalink);
  return {
    id,
    title: htmlToText(title),
    body: tidyText(stringOf(data.selftext) ?? ''),
    author: stringOf(data.author),
    subreddit: stringOf(data.subreddit),
    url: path?.startsWith('/r/') ? `${site}${path}` : null,
    createdAt: data.created_utc * second,
  };
}
