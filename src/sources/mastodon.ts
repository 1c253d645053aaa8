// Reads tag or public timelines of Mastodon servers; a post that several of them hold counts once.
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { hour, parseInstant } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { htmlToText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';
import { createTargets } from './net/targets.js';

const options = Type.Object({
  hosts: Type.Array(Type.String(), {
    description: 'Servers to ask; each sees only what reaches it.',
    default: ['mastodon.social', 'mas.to'],
    minItems: 1,
  }),
  tags: Type.Array(Type.String(), {
    description: 'Tags to follow, without #; none = the public timeline with everything.',
    default: ['outage', 'outages', 'downtime', 'isitdown'],
  }),
  tokens: Type.Record(Type.String(), Type.String(), {
    description: 'Access tokens by host, for servers that show their timelines to members only.',
    default: {},
  }),
  minInterval: Duration('Least time between two looks.', '30s'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '5m'),
});
type Options = Static<typeof options>;

export const mastodon = defineKind({
  kind: 'mastodon',
  description:
    'Posts with certain tags, or all public ones, on Mastodon servers; needs no key where timelines are open.',
  onByDefault: true,
  options,
  create: createMastodon,
});

/** The newest id read of each timeline. */
const State = Type.Record(Type.String(), Type.String());
type State = Static<typeof State>;

/** Posts in an answer, and answers read in one look at a timeline. */
const pageSize = 40;
const maxPages = 20;
/** Tags that one request takes: the one in its path and three beside it. */
const tagsPerRequest = 4;
/** Uris remembered to tell copies that other servers hold. */
const remembered = 20_000;

function createMastodon(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  const eachTarget = createTargets();
  const copies = new Set<string>();
  const probed = new Set<string>();
  const base = (host: string) => (/^https?:\/\//.test(host) ? host : `https://${host}`);

  const get = async (host: string, path: string, context: SourceContext) => {
    const token = given.tokens[host];
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    return (await fetchJson(http, { url: `${base(host)}${path}`, signal: context.signal, headers })).json;
  };

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const next = { ...state };
    const fresh = yield* eachTarget(given.hosts, context, async function* (host) {
      if (!probed.has(host)) await probe(host, context);
      let found = 0;
      for (const timeline of timelinesOf(given.tags)) found += yield* readTimeline(host, timeline, next, context);
      return found;
    });
    return { state: next, fresh };
  }

  /** Reads a timeline forward from the last id; at the first look the newest page only. */
  async function* readTimeline(
    host: string,
    timeline: string,
    next: State,
    context: SourceContext,
  ): AsyncGenerator<SourceItem, number> {
    const key = `${host} ${timeline}`;
    let fresh = 0;
    for (let page = 0; page < maxPages; page++) {
      const last = next[key];
      const path = `/api/v1/timelines/${timeline}${timeline.includes('?') ? '&' : '?'}limit=${pageSize}`;
      const answer = await get(host, last === undefined ? path : `${path}&min_id=${last}`, context);
      if (!Array.isArray(answer))
        throw new SourceError(`${host} answers no list of posts`, { code: 'bad-answer', retry: true });
      context.alive();
      const statuses = listOf(answer).sort((a, b) => compareIds(String(a.id), String(b.id)));
      for (const status of statuses) {
        const post = readStatus(status, host, timeline, context);
        if (post && !copies.has(post.id)) {
          copies.add(post.id);
          if (copies.size > remembered) copies.delete(copies.values().next().value as string);
          fresh++;
          yield { post, cursor: null };
        }
      }
      const newest = statuses
        .map(({ id }) => String(id))
        .filter((id) => /^\d+$/.test(id))
        .at(-1);
      if (newest === undefined || (last !== undefined && compareIds(newest, last) <= 0)) return fresh;
      next[key] = newest;
      if (statuses.length < pageSize || last === undefined) return fresh;
    }
    return fresh;
  }

  /** Asks once what a server shows to whom: some answer with an empty list where they mean no. */
  async function probe(host: string, context: SourceContext): Promise<void> {
    const instance = objectOf(
      await get(host, '/api/v2/instance', context).catch((error: unknown) => {
        // Servers before 4.0, and others that speak the same timelines, have no such page.
        if (error instanceof SourceError && error.options.code === 'http-404') return {};
        throw error;
      }),
    );
    const access = objectOf(
      objectOf(objectOf(instance.configuration).timelines_access)[
        given.tags.length > 0 ? 'hashtag_feeds' : 'live_feeds'
      ],
    );
    const local = stringOf(access.local);
    if (local === 'disabled' || (local === 'authenticated' && !given.tokens[host])) {
      const wayOut = local === 'disabled' ? 'take another host' : 'add a token for it, or take another host';
      throw new SourceError(`${host} does not show its timelines to everybody: ${wayOut}`, {
        code: 'not-allowed',
        retry: true,
        retryAfterMs: hour,
      });
    }
    probed.add(host);
  }

  /** @returns null for what is not to be kept: boosts, what is not public, whose author does not want to be found. */
  function readStatus(status: Json, host: string, timeline: string, context: SourceContext): Post | null {
    const account = objectOf(status.account);
    const unwilling = account.noindex === true || (timeline.startsWith('public') && account.indexable === false);
    if (objectOf(status.reblog).id !== undefined || (status.visibility ?? 'public') !== 'public' || unwilling)
      return null;
    const at = parseInstant(status.created_at);
    const acct = stringOf(account.acct);
    const uri = stringOf(status.uri);
    if (
      at === null ||
      acct === null ||
      uri === null ||
      typeof status.content !== 'string' ||
      !/^\d+$/.test(String(status.id))
    ) {
      context.skipped(`${host}: a post lacks id, uri, account, created_at or content`);
      return null;
    }
    const now = context.clock.now();
    const hostname = new URL(base(host)).hostname;
    const warning = stringOf(status.spoiler_text);
    return {
      // The uri is the same on every server, and holds the author's name.
      id: `${name}:${createHash('sha256').update(uri).digest('hex').slice(0, 32)}`,
      source: name,
      platform: 'mastodon',
      author: context.hashAuthor('mastodon', acct.includes('@') ? acct : `${acct}@${hostname}`),
      text: [warning ? htmlToText(warning) : '', htmlToText(status.content)].filter(Boolean).join('\n\n'),
      lang: stringOf(status.language),
      context: null,
      place: null,
      url: `${base(host)}/statuses/${status.id}`,
      createdAt: Math.min(at, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'mastodon',
    contactEveryMs: limits.maxMs,
    read: (context) => pollForever(context, State, {}, limits, (state) => look(state, context)),
  };
}

/** The timelines that cover all tags in as few requests as possible. */
function timelinesOf(tags: readonly string[]): string[] {
  if (tags.length === 0) return ['public'];
  const timelines: string[] = [];
  for (let at = 0; at < tags.length; at += tagsPerRequest) {
    const [first = '', ...more] = tags
      .slice(at, at + tagsPerRequest)
      .map((tag) => encodeURIComponent(tag.replace(/^#/, '')));
    timelines.push(`tag/${first}${more.map((tag, i) => `${i === 0 ? '?' : '&'}any[]=${tag}`).join('')}`);
  }
  return timelines;
}

/** Ids are numbers too long for numbers. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
