// Reads new posts of forums that run on Discourse.
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { parseInstant } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { htmlToText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';
import { createTargets } from './net/targets.js';

const options = Type.Object({
  hosts: Type.Array(Type.String(), { description: 'Forums to read.', default: [], minItems: 1 }),
  minInterval: Duration('Least time between two looks.', '1m'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '5m'),
});
type Options = Static<typeof options>;

export const discourse = defineKind({
  kind: 'discourse',
  description: 'New posts of Discourse forums, as many vendors have for their customers; needs no key.',
  onByDefault: false,
  options,
  create: createDiscourse,
});

/** The highest number of a post read in each forum. */
const State = Type.Record(Type.String(), Type.Integer());
type State = Static<typeof State>;

const maxPages = 10;

function createDiscourse(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  const eachTarget = createTargets();
  const base = (host: string) => (/^https?:\/\//.test(host) ? host : `https://${host}`);
  const platformOf = (host: string) => new URL(base(host)).hostname;

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const next = { ...state };
    const fresh = yield* eachTarget(given.hosts, context, (host) => readForum(host, next, context));
    return { state: next, fresh };
  }

  /** Reads the posts of a forum, newest first, back to the last one known. */
  async function* readForum(host: string, next: State, context: SourceContext): AsyncGenerator<SourceItem, number> {
    const last = next[host];
    const found = new Map<number, Json>();
    const deleted: string[] = [];
    let before: number | null = null;
    for (let page = 0; page < maxPages; page++) {
      const url: string = `${base(host)}/posts.json${before === null ? '' : `?before=${before}`}`;
      const json = objectOf((await fetchJson(http, { url, signal: context.signal })).json);
      if (!Array.isArray(json.latest_posts))
        throw new SourceError(`${host} answers no list of posts`, { code: 'bad-answer', retry: true });
      context.alive();
      const rows = listOf(json.latest_posts).filter(({ id }) => Number.isSafeInteger(id));
      if (rows.length < json.latest_posts.length) context.skipped(`${host}: a post has no number`);
      const oldest = Math.min(...rows.map(({ id }) => id as number));
      for (const row of rows) {
        const id = row.id as number;
        const gone = row.deleted_at != null || row.user_deleted === true || row.hidden === true;
        if (gone) deleted.push(idOf(host, id));
        else if (last === undefined || id > last) found.set(id, row);
      }
      if (last === undefined || rows.length === 0 || oldest <= last + 1 || oldest === before) break;
      before = oldest;
    }
    for (const [, row] of [...found].sort(([a], [b]) => a - b)) {
      const post = readRow(row, host, context);
      if (post) yield { post, cursor: null };
    }
    if (deleted.length > 0) yield { post: null, deleted, cursor: null };
    next[host] = Math.max(last ?? 0, ...found.keys());
    return found.size;
  }

  function idOf(host: string, id: number): string {
    return `${name}:${platformOf(host)}/${id}`;
  }

  function readRow(row: Json, host: string, context: SourceContext): Post | null {
    const at = parseInstant(row.created_at);
    const html = stringOf(row.cooked);
    const username = stringOf(row.username);
    // Negative users are the forum's own voice.
    if (typeof row.user_id === 'number' && row.user_id < 0) return null;
    if (at === null || html === null || username === null || !Number.isSafeInteger(row.topic_id)) {
      context.skipped(`${host}: post ${row.id} lacks time, words, user or topic`);
      return null;
    }
    const now = context.clock.now();
    const topic = stringOf(row.topic_title);
    const body = htmlToText(html);
    const platform = platformOf(host);
    return {
      id: idOf(host, row.id as number),
      source: name,
      platform,
      author: context.hashAuthor(platform, username),
      text: row.post_number === 1 && topic ? `${topic}\n\n${body}` : body,
      lang: null,
      context: topic ? `${platform}: ${topic}` : platform,
      place: null,
      url: `${base(host)}/t/${row.topic_id}/${row.post_number ?? 1}`,
      createdAt: Math.min(at, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'discourse',
    contactEveryMs: limits.maxMs,
    read: (context) => pollForever(context, State, {}, limits, (state) => look(state, context)),
  };
}
