// Reads new questions of Stack Exchange sites.
import Type, { type Static } from 'typebox';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { day, hour, second } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { htmlToText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';
import { createTargets } from './net/targets.js';

const options = Type.Object({
  sites: Type.Array(Type.String(), {
    description: 'Sites to ask, by the names of the API.',
    default: ['serverfault', 'superuser', 'webapps'],
    minItems: 1,
  }),
  tagged: Type.String({
    description: 'Only questions with these tags, separated by semicolons; empty = all.',
    default: '',
  }),
  key: Type.String({
    description: 'API key; without one 300 requests a day are allowed, with one 10,000.',
    default: '',
  }),
  minInterval: Duration('Least time between two looks.', '15m'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '30m'),
  api: Type.String({ description: 'Address of the API.', default: 'https://api.stackexchange.com/2.3' }),
});
type Options = Static<typeof options>;

export const stackexchange = defineKind({
  kind: 'stackexchange',
  description: 'New questions of Stack Exchange sites; slow, so it confirms rather than warns.',
  onByDefault: false,
  options,
  create: createStackExchange,
});

const Site = Type.Object({
  /** Creation of the newest question read, epoch s. */
  newest: Type.Integer(),
  /** Numbers of the questions created in that second. */
  seen: Type.Array(Type.Integer()),
});
const State = Type.Record(Type.String(), Site);
type State = Static<typeof State>;

const pageSize = 100;
const maxPages = 5;

function createStackExchange(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  const eachTarget = createTargets();
  /** Epoch ms until which the API wants to be left alone. */
  let quietUntil = 0;

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    const next = { ...state };
    const fresh = yield* eachTarget(given.sites, context, (site) => readSite(site, next, context));
    return { state: next, fresh };
  }

  async function* readSite(site: string, next: State, context: SourceContext): AsyncGenerator<SourceItem, number> {
    const since = next[site] ?? { newest: Math.floor((context.clock.now() - hour) / second), seen: [] };
    let { newest } = since;
    const seen = new Map(since.seen.map((id) => [id, since.newest]));
    let fresh = 0;
    for (let page = 1; page <= maxPages; page++) {
      if (context.clock.now() < quietUntil) return fresh;
      const { json } = await fetchJson(http, { url: addressOf(site, since.newest, page), signal: context.signal });
      const { items, has_more: more, backoff, quota_remaining: quota } = objectOf(json);
      context.alive();
      if (typeof backoff === 'number') quietUntil = context.clock.now() + backoff * second;
      if (quota === 0) quietUntil = context.clock.now() + day / 4;
      for (const row of listOf(items)) {
        const id = row.question_id;
        if (typeof id === 'number' && seen.has(id)) continue;
        const post = readRow(row, site, context);
        if (!post) continue;
        fresh++;
        seen.set(id as number, row.creation_date as number);
        newest = Math.max(newest, row.creation_date as number);
        next[site] = { newest, seen: [...seen].flatMap(([number, at]) => (at === newest ? [number] : [])) };
        yield { post, cursor: null };
      }
      if (more !== true) break;
    }
    next[site] ??= since;
    return fresh;
  }

  function addressOf(site: string, from: number, page: number): string {
    const url = new URL(`${given.api}/questions`);
    const query = {
      site,
      fromdate: String(from),
      page: String(page),
      pagesize: String(pageSize),
      sort: 'creation',
      order: 'asc',
      filter: 'withbody',
    };
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    if (given.tagged) url.searchParams.set('tagged', given.tagged);
    if (given.key) url.searchParams.set('key', given.key);
    return url.href;
  }

  function readRow(row: Json, site: string, context: SourceContext): Post | null {
    const { question_id: id, creation_date: at } = row;
    const title = stringOf(row.title);
    if (typeof id !== 'number' || typeof at !== 'number' || title === null) {
      context.skipped(`${site}: a question lacks question_id, creation_date or title`);
      return null;
    }
    const owner = objectOf(row.owner);
    const author =
      stringOf(owner.user_id) ??
      (typeof owner.user_id === 'number' ? String(owner.user_id) : stringOf(owner.display_name));
    const link = stringOf(row.link);
    const now = context.clock.now();
    return {
      id: `${name}:${site}/${id}`,
      source: name,
      platform: site,
      author: author === null ? null : context.hashAuthor('stackexchange', author),
      text: [htmlToText(title), htmlToText(stringOf(row.body) ?? '')].filter(Boolean).join('\n\n'),
      lang: null,
      context: null,
      place: null,
      url: link && /^https?:\/\//.test(link) ? link : null,
      createdAt: Math.min(at * second, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'stackexchange',
    contactEveryMs: limits.maxMs,
    read: (context) => pollForever(context, State, {}, limits, (state) => look(state, context)),
  };
}
