// Reads all stories and comments of Hacker News: from its search index, or item by item where that stands still.
import Type, { type Static } from 'typebox';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { day, minute, second } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { htmlToText } from './net/html.js';
import { fetchJson, type Json, listOf, objectOf, stringOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';

const options = Type.Object({
  search: Type.String({
    description: 'Address of the search API (Algolia).',
    default: 'https://hn.algolia.com/api/v1',
  }),
  items: Type.String({
    description: 'Address of the item API (Firebase), used while the search index stands still or fails.',
    default: 'https://hacker-news.firebaseio.com/v0',
  }),
  rewind: Duration('How far back to begin at the first start.', '10m'),
  minInterval: Duration('Least time between two looks.', '30s'),
  maxInterval: Duration('Most time between two looks.', '2m'),
});
type Options = Static<typeof options>;

export const hackernews = defineKind({
  kind: 'hackernews',
  description: 'All stories and comments of Hacker News; needs no key.',
  onByDefault: true,
  options,
  create: createHackerNews,
});

const State = Type.Object({
  /** Time of the newest post read, epoch s. */
  newest: Type.Integer(),
  /** Highest number of a post read; null = none yet. */
  maxItem: Type.Union([Type.Integer(), Type.Null()]),
  /** Numbers read whose time lies in the overlap. */
  seen: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()])),
});
type State = Static<typeof State>;

/** The index files posts late and not in order. */
const overlapS = 600;
/** Most hits that a query gives, whatever it asks for. */
const maxHits = 1_000;
/** Hacker News is never silent for so long: an index without newer posts stands still. */
const stalledMs = 20 * minute;
/** Items walked in one look. */
const maxWalk = 500;
/** Gap between the small requests for single items, ms. */
const itemPaceMs = 50;

interface Item {
  number: number;
  /** Epoch s. */
  time: number;
  author: string | null;
  title: string | null;
  html: string;
  thread: string | null;
}

function createHackerNews(name: string, given: Options, { http }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    let items: Item[] | null;
    let problem: unknown = null;
    try {
      items = await search(state, context);
    } catch (error) {
      if (context.signal.aborted) throw error;
      items = null;
      problem = error;
    }
    const newest = Math.max(0, ...(items ?? []).map(({ time }) => time));
    if (items === null || context.clock.now() - newest * second > stalledMs) {
      try {
        items = [...(items ?? []), ...(await walk(state, context))];
      } catch (error) {
        throw problem ?? error;
      }
    }
    context.alive();
    const seen = new Set(state.seen.map(([number]) => number));
    const fresh = new Map(items.filter(({ number }) => !seen.has(number)).map((item) => [item.number, item]));
    for (const item of [...fresh.values()].sort((a, b) => a.time - b.time || a.number - b.number)) {
      yield { post: postOf(item, context), cursor: null };
    }
    return { state: advance(state, [...fresh.values()]), fresh: fresh.size };
  }

  /** All posts of the index since the last look, overlapping it. */
  async function search(state: State, context: SourceContext): Promise<Item[]> {
    const since = Math.max(state.newest - overlapS, Math.floor((context.clock.now() - day) / second));
    const found = new Map<number, Item>();
    for (let before: number | null = null; ; ) {
      const url = new URL(`${given.search}/search_by_date`);
      url.searchParams.set('tags', '(story,comment)');
      url.searchParams.set(
        'numericFilters',
        `created_at_i>${since}${before === null ? '' : `,created_at_i<${before}`}`,
      );
      url.searchParams.set('hitsPerPage', String(maxHits));
      const { json } = await fetchJson(http, { url: url.href, signal: context.signal });
      const hits = listOf(objectOf(json).hits);
      for (const hit of hits) {
        const item = itemOfHit(hit);
        if (item) found.set(item.number, item);
        else context.skipped(`a hit has no number, time or words: ${String(hit.objectID).slice(0, 40)}`);
      }
      const oldest = Math.min(
        ...hits.map(({ created_at_i: time }) => (typeof time === 'number' ? time : Number.POSITIVE_INFINITY)),
      );
      // The last second of a full answer may be cut, so it is asked for again; a second that fills one cannot be.
      if (hits.length < maxHits || !Number.isFinite(oldest) || oldest + 1 === before) return [...found.values()];
      before = oldest + 1;
    }
  }

  /** Posts by number, from the last one read on. */
  async function walk(state: State, context: SourceContext): Promise<Item[]> {
    const get = async (path: string) =>
      (await fetchJson(http, { url: `${given.items}/${path}.json`, signal: context.signal, paceMs: itemPaceMs })).json;
    const last = Number(await get('maxitem'));
    const from = state.maxItem === null ? last - 100 : Math.max(state.maxItem + 1, last - maxWalk);
    if (state.maxItem !== null && from > state.maxItem + 1) {
      context.skipped(`${from - state.maxItem - 1} items were passed over: more came than are walked in one look`);
    }
    const items: Item[] = [];
    for (let number = from; number <= last; number++) {
      const item = objectOf(await get(`item/${number}`));
      // A number without an item is one that was never made public.
      if (item.deleted === true || item.dead === true || item.id === undefined) continue;
      const read = itemOfFirebase(item);
      if (read) items.push(read);
    }
    return items;
  }

  function postOf({ number, time, author, title, html, thread }: Item, context: SourceContext): Post {
    const now = context.clock.now();
    const body = htmlToText(html);
    return {
      id: `${name}:${number}`,
      source: name,
      platform: 'hackernews',
      author: author === null ? null : context.hashAuthor('hackernews', author),
      text: title && body ? `${title}\n\n${body}` : (title ?? body),
      lang: null,
      context: thread,
      place: null,
      url: `https://news.ycombinator.com/item?id=${number}`,
      createdAt: Math.min(time * second, now),
      receivedAt: now,
    };
  }

  return {
    name,
    kind: 'hackernews',
    contactEveryMs: limits.maxMs,
    read: (context) => {
      const newest = Math.floor((context.clock.now() - durationMs(given.rewind)) / second) + overlapS;
      return pollForever(context, State, { newest, maxItem: null, seen: [] }, limits, (state) => look(state, context));
    },
  };
}

function advance({ newest, maxItem, seen }: State, items: Item[]): State {
  const last = items.reduce((max, { time }) => Math.max(max, time), newest);
  const all: [number, number][] = [
    ...seen.map(([number, time]): [number, number] => [number, time]),
    ...items.map(({ number, time }): [number, number] => [number, time]),
  ];
  return {
    newest: last,
    maxItem: items.reduce<number | null>((max, { number }) => Math.max(max ?? 0, number), maxItem),
    seen: all.filter(([, time]) => time > last - overlapS),
  };
}

function itemOfHit(hit: Json): Item | null {
  const html = stringOf(hit.comment_text) ?? stringOf(hit.story_text) ?? '';
  return itemOf(
    Number(hit.objectID),
    hit.created_at_i,
    stringOf(hit.author),
    stringOf(hit.title),
    html,
    stringOf(hit.story_title),
  );
}

function itemOfFirebase(item: Json): Item | null {
  return itemOf(Number(item.id), item.time, stringOf(item.by), stringOf(item.title), stringOf(item.text) ?? '', null);
}

function itemOf(
  number: number,
  time: unknown,
  author: string | null,
  title: string | null,
  html: string,
  thread: string | null,
): Item | null {
  if (!Number.isSafeInteger(number) || number <= 0 || typeof time !== 'number' || (title === null && html === ''))
    return null;
  return {
    number,
    time: Math.floor(time),
    author,
    title: title === null ? null : htmlToText(title),
    html,
    thread: title === null ? thread : null,
  };
}
