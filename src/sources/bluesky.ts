// Reads all posts of Bluesky from Jetstream, as they are made.
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import { minute, second } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { readCursor } from './net/cursor.js';
import { tidyText } from './net/html.js';
import { Duration, durationMs } from './net/poll.js';
import { readSocket, SocketRefused } from './net/socket.js';

const options = Type.Object({
  hosts: Type.Array(Type.String(), {
    description: 'Jetstream servers, tried in turn: names, or addresses with ws:// or wss://.',
    default: ['jetstream.us-east.bsky.network', 'jetstream.us-west.bsky.network'],
    minItems: 1,
  }),
  wire: Type.Union([Type.Literal('v2'), Type.Literal('v1')], {
    description: 'Protocol: v2 (subscribeEvents), or v1 (subscribe) for older servers.',
    default: 'v2',
  }),
  rewind: Duration('How far back to begin at the first start.', '10m'),
  silence: Duration('A connection without a frame for this long is dead.', '30s'),
});
type Options = Static<typeof options>;

export const bluesky = defineKind({
  kind: 'bluesky',
  description: 'All public posts of Bluesky in real time, from Jetstream; needs no key.',
  onByDefault: true,
  options,
  create: createBluesky,
});

/** `seq` counts on `host` only; `timeUs` (epoch microseconds) holds everywhere. */
const Cursor = Type.Object({
  host: Type.String(),
  seq: Type.Union([Type.Integer(), Type.Null()]),
  timeUs: Type.Integer(),
});
type Cursor = Static<typeof Cursor>;

const collection = 'app.bsky.feed.post';
/** Servers witness events at slightly different times, so a change of server goes back a little. */
const overlapMs = 5 * second;
/** Bytes of the largest event asked for; posts are far smaller. */
const maxEventBytes = 1 << 18;

function createBluesky(name: string, given: Options, { http }: SourceTools): Source {
  let turn = 0;

  async function* read(context: SourceContext): AsyncGenerator<SourceItem> {
    const { signal, clock } = context;
    const host = given.hosts[turn % given.hosts.length] as string;
    let place: Cursor = readCursor(Cursor, context.cursor) ?? {
      host: '',
      seq: null,
      timeUs: (clock.now() - durationMs(given.rewind)) * 1000,
    };
    const seenSeq = place.host === host ? place.seq : null;
    const url = addressOf(host, given.wire, place);
    try {
      for await (const frame of readSocket(
        {
          url,
          signal,
          ...(given.wire === 'v2' && { protocols: ['xrpc.v1.json'] }),
          idleMs: durationMs(given.silence),
          onOpen: context.alive,
        },
        http,
      )) {
        const event = readEvent(frame);
        if (event === 'unreadable') {
          context.skipped('a frame is no Jetstream event');
          continue;
        }
        if ('error' in event)
          throw new SourceError(`${host} ends the stream: ${event.error}`, { code: event.error, retry: true });
        if ('info' in event) {
          context.skipped(`${host} says ${event.info}: posts between the last one read and its oldest are lost`);
          continue;
        }
        // The cursor includes the last event read.
        if (seenSeq !== null && event.seq !== null && event.seq <= seenSeq) continue;
        place = { host, seq: event.seq, timeUs: Math.max(place.timeUs, event.timeUs) };
        yield itemOf(event, JSON.stringify(place), context);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      turn++;
      if (error instanceof SocketRefused && error.reason === 'CursorTooOld') {
        context.skipped(`${host} no longer holds the posts behind the last one read: some are lost`);
        // The time is clamped by the server where the number is refused.
        yield { post: null, cursor: JSON.stringify({ ...place, host: '', seq: null }) };
      }
      throw error;
    }
  }

  function itemOf(event: JetstreamEvent, cursor: string, context: SourceContext): SourceItem {
    const { did } = event;
    if (event.gone) return { post: null, goneAuthors: [context.hashAuthor('bluesky', did)], cursor };
    const { commit } = event;
    if (!commit || commit.collection !== collection) return { post: null, cursor };
    const id = `${name}:${did}/${commit.rkey}`;
    if (commit.operation === 'delete') return { post: null, deleted: [id], cursor };
    const { record } = commit;
    if (typeof record?.text !== 'string') {
      context.skipped('a post has no text field');
      return { post: null, cursor };
    }
    const now = context.clock.now();
    const lang: unknown = Array.isArray(record.langs) ? record.langs[0] : null;
    return {
      post: {
        id,
        source: name,
        platform: 'bluesky',
        author: context.hashAuthor('bluesky', did),
        text: tidyText(record.text),
        lang: typeof lang === 'string' ? lang.slice(0, 35) : null,
        context: null,
        place: null,
        url: `https://bsky.app/profile/${did}/post/${commit.rkey}`,
        // The record's own time is the author's claim; a server's clock may be a little ahead of ours.
        createdAt: Math.min(Math.floor(event.timeUs / 1000), now + minute),
        receivedAt: now,
      },
      edited: commit.operation === 'update',
      cursor,
    };
  }

  return { name, kind: 'bluesky', read };
}

function addressOf(host: string, wire: Options['wire'], place: Cursor): string {
  const base = /^wss?:\/\//.test(host) ? host : `wss://${host}`;
  const timeUs = place.timeUs - overlapMs * 1000;
  const url = new URL(wire === 'v2' ? '/xrpc/network.bsky.jetstream.subscribeEvents' : '/subscribe', base);
  if (wire === 'v2') {
    url.searchParams.append('kinds', 'commit');
    url.searchParams.append('kinds', 'account');
    url.searchParams.append('collections', collection);
    url.searchParams.append('cursor', String(place.host === host && place.seq !== null ? place.seq : timeUs));
  } else {
    url.searchParams.append('wantedCollections', collection);
    url.searchParams.append('cursor', String(place.host === host ? place.timeUs : timeUs));
  }
  url.searchParams.append('maxMessageSizeBytes', String(maxEventBytes));
  return url.href;
}

interface JetstreamEvent {
  did: string;
  /** Position on this server; null on the v1 wire. */
  seq: number | null;
  /** When the server witnessed it, epoch microseconds. */
  timeUs: number;
  /** The account was deleted or taken down. */
  gone: boolean;
  commit: { operation: string; collection: string; rkey: string; record?: Record<string, unknown> } | null;
}

/** Reads a frame of either wire. */
function readEvent(frame: string): JetstreamEvent | { error: string } | { info: string } | 'unreadable' {
  let value: Record<string, unknown> & { payload?: Record<string, unknown> };
  try {
    value = JSON.parse(frame);
  } catch {
    return 'unreadable';
  }
  if (typeof value !== 'object' || value === null) return 'unreadable';
  if (value.$type === 'error')
    return { error: typeof value.error === 'string' ? value.error.slice(0, 100) : 'an error' };
  const event = value.$type === 'message' ? value.payload : value;
  if (typeof event !== 'object' || event === null) return 'unreadable';
  const kind = typeof event.kind === 'string' ? event.kind : String(event.$type).split('#')[1];
  if (kind === 'info') return { info: String(event.name).slice(0, 100) };
  const timeUs = typeof event.time_us === 'number' ? event.time_us : Date.parse(String(event.time)) * 1000;
  if (typeof event.did !== 'string' || !/^did:[a-z]+:[\w.:%-]+$/.test(event.did) || !Number.isFinite(timeUs))
    return 'unreadable';
  const commit = (kind === 'commit' ? (event.commit ?? event) : null) as JetstreamEvent['commit'];
  if (commit && !(typeof commit.rkey === 'string' && /^[\w.~:-]{1,512}$/.test(commit.rkey))) return 'unreadable';
  const account = event.account as { active?: unknown; status?: unknown } | undefined;
  return {
    did: event.did,
    seq: typeof event.seq === 'number' ? event.seq : null,
    timeUs,
    gone:
      kind === 'account' &&
      account?.active === false &&
      (account.status === 'deleted' || account.status === 'takendown'),
    commit,
  };
}
