// Reads new posts and comments of Lemmy servers, of both API versions.
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { parseInstant } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { tidyText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';
import { createTargets } from './net/targets.js';

const options = Type.Object({
  hosts: Type.Array(Type.String(), { description: 'Servers to ask.', default: ['lemmy.world'], minItems: 1 }),
  scope: Type.Union([Type.Literal('All'), Type.Literal('Local')], {
    description: 'All that reaches the server, or what is posted on it.',
    default: 'All',
  }),
  comments: Type.Boolean({ description: 'Read comments too.', default: true }),
  minInterval: Duration('Least time between two looks.', '1m'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '5m'),
});
type Options = Static<typeof options>;

export const lemmy = defineKind({
  kind: 'lemmy',
  description: 'New posts and comments on Lemmy servers; needs no key.',
  onByDefault: false,
  options,
  create: createLemmy,
});

const State = Type.Object({
  /** Short hashes of the ids read of late in each list, newest last. */
  seen: Type.Record(Type.String(), Type.Array(Type.String())),
});
type State = Static<typeof State>;

const pageSize = 50;
const maxPages = 5;
const remembered = 500;

type List = 'post' | 'comment';

function createLemmy(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  const eachTarget = createTargets();
  const versions = new Map<string, 'v3' | 'v4'>();
  const base = (host: string) => (/^https?:\/\//.test(host) ? host : `https://${host}`);
  const idOf = (apId: string) => `${name}:${apId}`;

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const next = { ...state.seen };
    const lists: List[] = given.comments ? ['post', 'comment'] : ['post'];
    const fresh = yield* eachTarget(given.hosts, context, async function* (host) {
      let found = 0;
      for (const list of lists) found += yield* readList(host, list, next, context);
      return found;
    });
    return { state: { seen: next }, fresh };
  }

  /** Reads a list, newest first, back to what is known. */
  async function* readList(
    host: string,
    list: List,
    next: State['seen'],
    context: SourceContext,
  ): AsyncGenerator<SourceItem, number> {
    const key = `${host} ${list}`;
    const known = new Set(next[key]);
    const fresh: Json[] = [];
    const deleted: string[] = [];
    const version = await versionOf(host, context);
    for (let page = 0, cursor: string | null = null; page < maxPages; page++) {
      const url = new URL(`${base(host)}/api/${version}/${list}/list`);
      url.searchParams.set('type_', given.scope);
      url.searchParams.set('sort', 'New');
      url.searchParams.set('limit', String(pageSize));
      if (cursor !== null) url.searchParams.set('page_cursor', cursor);
      const json = objectOf((await fetchJson(http, { url: url.href, signal: context.signal })).json);
      // Some servers say so with status 200.
      if (typeof json.error === 'string')
        throw new SourceError(`${host} says ${json.error.slice(0, 80)}`, { code: 'api-error', retry: true });
      context.alive();
      const rows = listOf(json.posts ?? json.comments ?? json.items);
      let reached = rows.length < pageSize;
      for (const row of rows) {
        const item = objectOf(row[list]);
        const apId = stringOf(item.ap_id);
        const hash = hashOf(apId ?? '');
        if (apId !== null && known.has(hash)) {
          reached = true;
          if (item.deleted === true || item.removed === true) deleted.push(idOf(apId));
        } else if (item.deleted !== true && item.removed !== true) {
          known.add(hash);
          fresh.push(row);
        }
      }
      cursor = stringOf(json.next_page);
      if (reached || cursor === null || next[key] === undefined) break;
    }
    for (const row of fresh.reverse()) {
      const post = readRow(row, list, host, context);
      if (post) yield { post, cursor: null };
    }
    if (deleted.length > 0) yield { post: null, deleted, cursor: null };
    next[key] = [...known].slice(-remembered);
    return fresh.length;
  }

  /** Version 1.0 of Lemmy brings API v4 and keeps v3 for a while. */
  async function versionOf(host: string, context: SourceContext): Promise<'v3' | 'v4'> {
    const known = versions.get(host);
    if (known) return known;
    const version = await fetchJson(http, { url: `${base(host)}/api/v4/site`, signal: context.signal }).then(
      () => 'v4' as const,
      (error: unknown) => {
        if (error instanceof SourceError && /^(http-4|not-json)/.test(error.options.code)) return 'v3' as const;
        throw error;
      },
    );
    versions.set(host, version);
    return version;
  }

  function readRow(row: Json, list: List, host: string, context: SourceContext): Post | null {
    const item = objectOf(row[list]);
    const creator = objectOf(row.creator);
    const community = objectOf(row.community);
    const apId = stringOf(item.ap_id);
    const at = parseInstant(item.published_at ?? item.published);
    const author = stringOf(creator.ap_id) ?? stringOf(creator.actor_id) ?? stringOf(creator.name);
    const title = list === 'post' ? stringOf(item.name) : null;
    const body = stringOf(list === 'post' ? item.body : item.content);
    if (apId === null || !/^https?:\/\//.test(apId) || at === null || (title === null && body === null)) {
      context.skipped(`${host}: a ${list} lacks ap_id, time or words`);
      return null;
    }
    const now = context.clock.now();
    const thread = list === 'comment' ? stringOf(objectOf(row.post).name) : null;
    return {
      id: idOf(apId),
      source: name,
      platform: 'lemmy',
      author: author === null ? null : context.hashAuthor('lemmy', author),
      text: tidyText([title, body].filter(Boolean).join('\n\n')),
      lang: null,
      context: thread ?? stringOf(community.title) ?? stringOf(community.name),
      place: null,
      url: apId,
      createdAt: Math.min(at, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'lemmy',
    contactEveryMs: limits.maxMs,
    read: (context) => pollForever(context, State, { seen: {} }, limits, (state) => look(state, context)),
  };
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 12);
}
