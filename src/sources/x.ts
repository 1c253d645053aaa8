// Reads posts of X that match a query, by search or stream, for money, up to a budget.
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { day, floorTo, minute, parseInstant, toIso } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { compareIds } from './net/compare-ids.js';
import { readCursor } from './net/cursor.js';
import { tidyText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { readLines } from './net/lines.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';

const options = Type.Object({
  token: Type.String({
    description: 'Bearer token of an app with access to recent search.',
    default: '',
    minLength: 1,
  }),
  query: Type.String({
    description: 'What to search for, in the language of the API.',
    default: '(outage OR "is down" OR "not working" OR "server down") -is:retweet',
    minLength: 1,
    maxLength: 512,
  }),
  budgetPerDay: Type.Integer({
    description:
      'Posts that may be read in a day (UTC): each costs money, and at this number reading stops until the next.',
    default: 1_000,
    minimum: 0,
  }),
  stream: Type.Boolean({
    description:
      'Receive matches in real time (filtered stream, with a rule made of the query) instead of searching again and again.',
    default: false,
  }),
  minInterval: Duration('Least time between two looks.', '1m'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '5m'),
  api: Type.String({ description: 'Address of the API.', default: 'https://api.x.com' }),
});
type Options = Static<typeof options>;

export const x = defineKind({
  kind: 'x',
  description: 'Posts of X that match a query; every post read costs money.',
  onByDefault: false,
  options,
  create: createX,
});

const State = Type.Object({
  /** Id of the newest post read, or null. */
  newest: Type.Union([Type.String(), Type.Null()]),
  /** Start of the day that `spent` is of, epoch ms. */
  day: Type.Integer(),
  /** Posts read in that day. */
  spent: Type.Integer(),
});
type State = Static<typeof State>;

/** The API takes between 10 and 100. */
const leastPage = 10;
const largestPage = 100;
const maxPages = 10;
const fields = 'created_at,lang,author_id,edit_history_tweet_ids';
/** Marks the rule of the stream that is ours. */
const ruleTag = 'outcry';

function createX(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  const authorization = `Bearer ${given.token}`;
  /** What this process has spent, in case a cursor on its way to the database is overtaken by a restart of the source. */
  let purse = { day: 0, spent: 0 };

  async function* look(
    state: State,
    context: SourceContext,
    cursorOf: (state: State) => string,
  ): AsyncGenerator<SourceItem, Look<State>> {
    const today = floorTo(context.clock.now(), day);
    const next: State = { ...state, day: today, spent: spentIn(today, state) };
    let fresh = 0;
    const found: Json[] = [];
    for (let page = 0, token: string | null = null; page < maxPages; page++) {
      const left = given.budgetPerDay - next.spent;
      if (left < leastPage) {
        if (page > 0) {
          context.skipped('the budget of the day ends in the middle of a search: older matches are not read');
          break;
        }
        throw spentUp(today, context.clock.now());
      }
      const url = addressOf(state.newest, token, Math.min(left, largestPage), context.clock.now());
      let json: Json;
      try {
        json = objectOf((await fetchJson(http, { url, signal: context.signal, headers: { authorization } })).json);
      } catch (error) {
        if (state.newest !== null && error instanceof SourceError && error.options.code === 'http-400') {
          context.skipped('the last post read is older than the search reaches: it begins anew, some posts are lost');
          yield { post: null, cursor: cursorOf({ ...next, newest: null }) };
        }
        throw error;
      }
      context.alive();
      const rows = listOf(json.data);
      next.spent += rows.length;
      purse = { day: today, spent: next.spent };
      found.push(...rows);
      // What is spent is kept before anything else can fail.
      yield { post: null, cursor: cursorOf({ ...state, day: today, spent: next.spent }) };
      token = stringOf(objectOf(json.meta).next_token);
      if (token === null) break;
    }
    for (const row of found.sort((a, b) => compareIds(String(a.id), String(b.id)))) {
      const post = readRow(row, context);
      if (!post) continue;
      fresh++;
      next.newest = row.id as string;
      yield { post, edited: isEdited(row), cursor: null };
    }
    return { state: next, fresh };
  }

  /** Receives what matches for ever; what was missed before is searched for first. */
  async function* listen(context: SourceContext): AsyncGenerator<SourceItem> {
    const { signal, clock } = context;
    const cursorOf = (state: State) => JSON.stringify(state);
    let state = readCursor(State, context.cursor) ?? { newest: null, day: 0, spent: 0 };
    const today = floorTo(clock.now(), day);
    if (spentIn(today, state) >= given.budgetPerDay) throw spentUp(today, clock.now());
    try {
      await setRule(context);
      const lines = await http.open({
        url: `${given.api}/2/tweets/search/stream?tweet.fields=${fields}`,
        signal,
        headers: { authorization },
        idleMs: minute,
      });
      state = (yield* look(state, context, cursorOf)).state;
      yield { post: null, cursor: cursorOf(state) };
      for await (const line of readLines(lines)) {
        context.alive();
        if (line === '') continue;
        const row = objectOf(objectOf(parsed(line)).data);
        const date = floorTo(clock.now(), day);
        state = { ...state, day: date, spent: (state.day === date ? state.spent : 0) + 1 };
        purse = { day: date, spent: state.spent };
        const post = readRow(row, context);
        if (post && compareIds(row.id as string, state.newest ?? '') > 0)
          state = { ...state, newest: row.id as string };
        yield { post, edited: isEdited(row), cursor: cursorOf(state) };
        if (state.spent >= given.budgetPerDay) throw spentUp(date, clock.now());
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    if (!signal.aborted) throw new SourceError('X ended the stream', { code: 'closed', retry: true });
  }

  /** Makes the query the one rule of ours that the stream goes by. */
  async function setRule(context: SourceContext): Promise<void> {
    const url = `${given.api}/2/tweets/search/stream/rules`;
    const headers = { authorization, 'content-type': 'application/json' };
    const { json } = await fetchJson(http, { url, signal: context.signal, headers });
    const ours = listOf(objectOf(json).data).filter(({ tag }) => tag === ruleTag);
    const change = async (body: object) => {
      await fetchJson(http, { url, signal: context.signal, headers, method: 'POST', body: JSON.stringify(body) });
    };
    const old = ours.filter(({ value }) => value !== given.query).map(({ id }) => id);
    if (old.length > 0) await change({ delete: { ids: old } });
    if (old.length === ours.length) await change({ add: [{ value: given.query, tag: ruleTag }] });
  }

  function spentIn(today: number, state: State): number {
    return Math.max(...[state, purse].map((kept) => (kept.day === today ? kept.spent : 0)));
  }

  function spentUp(today: number, now: number): SourceError {
    return new SourceError(
      `the budget of ${given.budgetPerDay} posts a day is spent: it goes on at ${toIso(today + day)}`,
      {
        code: 'budget',
        retry: true,
        retryAfterMs: today + day - now,
      },
    );
  }

  function addressOf(newest: string | null, page: string | null, size: number, now: number): string {
    const url = new URL(`${given.api}/2/tweets/search/recent`);
    url.searchParams.set('query', given.query);
    url.searchParams.set('max_results', String(size));
    url.searchParams.set('tweet.fields', fields);
    if (newest !== null) url.searchParams.set('since_id', newest);
    else url.searchParams.set('start_time', `${toIso(now - 10 * minute).slice(0, 19)}Z`);
    if (page !== null) url.searchParams.set('next_token', page);
    return url.href;
  }

  function readRow(row: Json, context: SourceContext): Post | null {
    const id = stringOf(row.id);
    const at = parseInstant(row.created_at);
    if (id === null || !/^\d+$/.test(id) || at === null || typeof row.text !== 'string') {
      context.skipped('a post lacks id, created_at or text');
      return null;
    }
    const [first] = Array.isArray(row.edit_history_tweet_ids) ? row.edit_history_tweet_ids : [];
    const author = stringOf(row.author_id);
    const lang = stringOf(row.lang);
    const now = context.clock.now();
    return {
      // All versions of an edited post share the id of the first.
      id: `${name}:${typeof first === 'string' && /^\d+$/.test(first) ? first : id}`,
      source: name,
      platform: 'x',
      author: author === null ? null : context.hashAuthor('x', author),
      text: tidyText(row.text),
      lang: lang === 'und' ? null : lang,
      context: null,
      place: null,
      url: `https://x.com/i/web/status/${id}`,
      createdAt: Math.min(at, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'x',
    contactEveryMs: limits.maxMs,
    read: (context) =>
      given.stream
        ? listen(context)
        : pollForever(context, State, { newest: null, day: 0, spent: 0 }, limits, (state, cursorOf) =>
            look(state, context, cursorOf),
          ),
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** True for a later version of a post. */
function isEdited({ edit_history_tweet_ids: versions }: Json): boolean {
  return Array.isArray(versions) && versions.length > 1;
}
