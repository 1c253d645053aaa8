// Reads tag or public timelines of Mastodon servers, asked or streamed; a post that several of them hold counts once.
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { messageOf, SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { hour, minute, parseInstant } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { backoffMs } from './net/backoff.js';
import { compareIds } from './net/compare-ids.js';
import { readCursor } from './net/cursor.js';
import { readEvents } from './net/events.js';
import { htmlToText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { merge } from './net/merge.js';
import { Duration, durationMs, type Look, pauseUntil, pollForever } from './net/poll.js';
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
    description:
      'Access tokens by host (scope read:statuses): such a host is listened to in real time instead of asked.',
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
/** The cursor where some servers are listened to: that of the asking, and the state of the listening. */
const Place = Type.Object({ polled: Type.Union([Type.String(), Type.Null()]), streamed: State });

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
  /** Post ids by host and local id, to know what a deletion means. */
  const local = new Map<string, string>();
  /** Where each server that was probed streams from. */
  const probed = new Map<string, string>();
  const asked = given.hosts.filter((host) => !given.tokens[host]);
  const listened = given.hosts.filter((host) => given.tokens[host]);
  const base = (host: string) => (/^https?:\/\//.test(host) ? host : `https://${host}`);

  const get = async (host: string, path: string, context: SourceContext) => {
    const token = given.tokens[host];
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    return (await fetchJson(http, { url: `${base(host)}${path}`, signal: context.signal, headers })).json;
  };

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const next = { ...state };
    const fresh = yield* eachTarget(asked, context, async function* (host) {
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
        if (post && isFirst(post)) {
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

  /** False for a copy of a post that another server, or another timeline, gave before. */
  function isFirst({ id }: Post): boolean {
    if (copies.has(id)) return false;
    copies.add(id);
    if (copies.size > remembered) copies.delete(copies.values().next().value as string);
    return true;
  }

  /** Listens to one timeline of a server for ever; what was missed before is read first. */
  async function* listen(
    host: string,
    { timeline, stream }: { timeline: string; stream: string },
    next: State,
    context: SourceContext,
    cursorOf: () => string,
  ): AsyncGenerator<SourceItem> {
    const { signal, clock } = context;
    for (let failures = 0; !signal.aborted; failures++) {
      let startedAt = clock.now();
      try {
        const origin = probed.get(host) ?? (await probe(host, context));
        const events = await http.open({
          url: `${origin}/api/v1/streaming/${stream}`,
          signal,
          headers: { authorization: `Bearer ${given.tokens[host]}`, accept: 'text/event-stream' },
          idleMs: minute,
        });
        startedAt = clock.now();
        yield* readTimeline(host, timeline, next, context);
        yield { post: null, cursor: cursorOf() };
        for await (const { event, data } of readEvents(events)) {
          context.alive();
          const item = readEvent(event, data, host, timeline, next, context);
          if (item) yield { ...item, cursor: cursorOf() };
        }
      } catch (error) {
        if (signal.aborted) return;
        if (clock.now() - startedAt > minute) failures = 0;
        context.skipped(messageOf(error));
        const told = error instanceof SourceError ? (error.options.retryAfterMs ?? 0) : 0;
        await pauseUntil(clock.now() + Math.max(told, backoffMs(failures)), clock.now(), signal);
      }
    }
  }

  function readEvent(
    event: string,
    data: string,
    host: string,
    timeline: string,
    next: State,
    context: SourceContext,
  ): Omit<SourceItem, 'cursor'> | null {
    if (event === 'delete') {
      const id = local.get(`${host} ${data.trim()}`);
      return id ? { post: null, deleted: [id] } : null;
    }
    if (event !== 'update' && event !== 'status.update') return null;
    let status: Json;
    try {
      status = objectOf(JSON.parse(data));
    } catch {
      context.skipped(`${host}: an event holds no JSON`);
      return null;
    }
    const post = readStatus(status, host, timeline, context);
    if (!post) return null;
    const key = `${host} ${timeline}`;
    const id = String(status.id);
    if (event === 'update' && compareIds(id, next[key] ?? '') > 0) next[key] = id;
    // An edit comes again under the id that the post has.
    const first = isFirst(post);
    if (event === 'status.update') return { post, edited: true };
    return first ? { post } : null;
  }

  async function* read(context: SourceContext): AsyncGenerator<SourceItem> {
    if (listened.length === 0) {
      yield* pollForever(context, State, {}, limits, (state) => look(state, context));
      return;
    }
    const place = readCursor(Place, context.cursor) ?? { polled: null, streamed: {} };
    const cursorOf = () => JSON.stringify(place);
    async function* ask(): AsyncGenerator<SourceItem> {
      const asking = { ...context, cursor: place.polled };
      for await (const item of pollForever(asking, State, {}, limits, (state) => look(state, context))) {
        if (item.cursor !== null) place.polled = item.cursor;
        yield item.cursor === null ? item : { ...item, cursor: cursorOf() };
      }
    }
    const listening = listened.flatMap((host) =>
      streamsOf(given.tags).map((stream) => listen(host, stream, place.streamed, context, cursorOf)),
    );
    yield* merge([...listening, ...(asked.length > 0 ? [ask()] : [])]);
  }

  /** Asks once what a server shows to whom: some answer with an empty list where they mean no. */
  async function probe(host: string, context: SourceContext): Promise<string> {
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
    const told = stringOf(objectOf(objectOf(instance.configuration).urls).streaming);
    const origin =
      told && URL.canParse(told)
        ? `http${told.startsWith('wss') || told.startsWith('https') ? 's' : ''}://${new URL(told).host}`
        : base(host);
    probed.set(host, origin);
    return origin;
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
    // The uri is the same on every server, and holds the author's name.
    const id = `${name}:${createHash('sha256').update(uri).digest('hex').slice(0, 32)}`;
    if (given.tokens[host]) {
      local.set(`${host} ${status.id}`, id);
      if (local.size > remembered) local.delete(local.keys().next().value as string);
    }
    return {
      id,
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
    read,
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

/** What to listen to: the server streams one tag at a time; the timeline of the same is read for what was missed. */
function streamsOf(tags: readonly string[]): { timeline: string; stream: string }[] {
  if (tags.length === 0) return [{ timeline: 'public', stream: 'public' }];
  return tags.map((tag) => {
    const name = encodeURIComponent(tag.replace(/^#/, ''));
    return { timeline: `tag/${name}`, stream: `hashtag?tag=${name}` };
  });
}
