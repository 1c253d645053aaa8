// The contract on Bluesky, both wires: v1 as recorded, v2 by its lexicon (there is no recording of it).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { bluesky } from '../../src/sources/bluesky.js';
import { createHttp } from '../../src/sources/net/http.js';
import { serveHttp } from './serve-http.js';
import { contextFor, type FarSide, readUntil, sourceContract } from './source.js';

const didOf = (author: string) => `did:plc:${createHash('md5').update(author).digest('hex')}`;
const author = didOf('someone_with_a_handle');

/** A Jetstream server: events with a number and a time, replayed from a cursor, then live. */
async function openJetstream(wire: 'v1' | 'v2') {
  const events: { seq: number; timeUs: number; frame: string }[] = [];
  const server = await serveHttp((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  const asked: URL[] = [];
  let refusal: { status: number; error: string } | null = null;
  server.server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'ws://x');
    asked.push(url);
    if (refusal) {
      const body = JSON.stringify({ error: refusal.error, message: 'm' });
      socket.end(
        `HTTP/1.1 ${refusal.status} No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      refusal = null;
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', () => client.close(1008, 'server-push only'));
      const cursor = Number(url.searchParams.get('cursor') ?? Number.POSITIVE_INFINITY);
      for (const event of events) if ((cursor >= 1e15 ? event.timeUs : event.seq) >= cursor) client.send(event.frame);
    });
  });
  let seq = 0;
  const emit = (kind: string, did: string, body: Record<string, unknown>) => {
    seq++;
    const timeUs = (Date.now() - 1000) * 1000 + seq;
    const time = `${new Date(Math.floor(timeUs / 1000)).toISOString().slice(0, -1)}${String(timeUs % 1000).padStart(3, '0')}Z`;
    const frame =
      wire === 'v1'
        ? { did, time_us: timeUs, kind, [kind]: body }
        : {
            $type: 'message',
            payload: {
              $type: `network.bsky.jetstream.subscribeEvents#${kind}`,
              seq,
              did,
              time,
              ...(kind === 'commit' ? body : { [kind]: body }),
            },
          };
    add(JSON.stringify(frame), timeUs);
  };
  const add = (frame: string, timeUs = (Date.now() - 1000) * 1000 + seq) => {
    events.push({ seq, timeUs, frame });
    for (const client of sockets.clients) client.send(frame);
  };
  const commit = (operation: string, rkey: string, record?: object) =>
    emit('commit', author, {
      rev: 'r',
      operation,
      collection: 'app.bsky.feed.post',
      rkey,
      ...(record && { record, cid: 'c' }),
    });
  return {
    host: server.url.replace('http', 'ws'),
    asked,
    emit,
    add,
    commit,
    sockets,
    refuseOnce: (status: number, error: string) => {
      refusal = { status, error };
    },
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await server.close();
    },
  };
}

const options = (hosts: string[], wire: 'v1' | 'v2') => ({ hosts, wire, rewind: '10m', silence: '5s' });

for (const wire of ['v1', 'v2'] as const) {
  sourceContract(`bluesky (${wire})`, async (): Promise<FarSide> => {
    const far = await openJetstream(wire);
    return {
      source: (http) => bluesky.create('bluesky', options([far.host], wire), { http }),
      publish: (post) =>
        post === 'bad'
          ? far.add('{"half a frame')
          : far.commit('create', post.id, { text: post.text, langs: ['en'], createdAt: '1999-01-01T00:00:00Z' }),
      remove: (id) => far.commit('delete', id),
      idOf: (id) => `bluesky:${author}/${id}`,
      close: far.close,
    };
  });
}

/** Runs a test with a far side and a client. */
async function withJetstream(
  run: (far: Awaited<ReturnType<typeof openJetstream>>, http: ReturnType<typeof createHttp>) => Promise<void>,
) {
  const far = await openJetstream('v2');
  const http = createHttp({ version: 'test', contact: null, allowHosts: ['127.0.0.1'], paceMs: 0 });
  try {
    await run(far, http);
  } finally {
    await far.close();
    await http.close();
  }
}

test('asks for posts and accounts only, by the names of the protocol, and never sends a frame', () =>
  withJetstream(async (far, http) => {
    far.commit('create', '1', { text: 'a' });
    await readUntil(bluesky.create('bluesky', options([far.host], 'v2'), { http }), null, (items) => items.length > 0);
    const { pathname, searchParams } = far.asked[0] as URL;
    expect(pathname).toBe('/xrpc/network.bsky.jetstream.subscribeEvents');
    expect(searchParams.getAll('kinds')).toEqual(['commit', 'account']);
    expect(searchParams.getAll('collections')).toEqual(['app.bsky.feed.post']);
    expect(Number(searchParams.get('cursor'))).toBeGreaterThan(1e15);
  }));

test('a number of one server is not taken to another: there the time counts, a little earlier', () =>
  withJetstream(async (far, http) => {
    const other = await openJetstream('v2');
    far.commit('create', '1', { text: 'a' });
    other.commit('create', '1', { text: 'a' });
    const source = bluesky.create('bluesky', options([far.host, other.host], 'v2'), { http });
    const first = await readUntil(source, null, (items) => items.length > 0);
    far.refuseOnce(503, 'Restarting');
    await expect(readUntil(source, first.cursor, () => false)).rejects.toThrow(/503: Restarting/);
    expect(far.asked[1]?.searchParams.get('cursor')).toBe('1');
    await readUntil(source, first.cursor, (items) => items.length > 0);
    expect(Number(other.asked[0]?.searchParams.get('cursor'))).toBeGreaterThan(1e15);
    await other.close();
  }));

test('a cursor that is too old goes on by time, and the loss is said', () =>
  withJetstream(async (far, http) => {
    far.commit('create', '1', { text: 'a' });
    const source = () => bluesky.create('bluesky', options([far.host], 'v2'), { http });
    const { cursor } = await readUntil(source(), null, (items) => items.length > 0);
    far.refuseOnce(400, 'CursorTooOld');
    const saved: (string | null)[] = [];
    const skipped: string[] = [];
    const { context } = contextFor(cursor, new AbortController().signal);
    context.skipped = (reason) => skipped.push(reason);
    await expect(async () => {
      for await (const item of source().read(context)) saved.push(item.cursor);
    }).rejects.toThrow(/CursorTooOld/);
    expect(skipped[0]).toMatch(/some are lost/);
    far.add(
      JSON.stringify({
        $type: 'message',
        payload: { $type: 'network.bsky.jetstream.subscribeEvents#info', name: 'OutdatedCursor', message: 'm' },
      }),
    );
    far.commit('create', '2', { text: 'b' });
    const next = await readUntil(source(), saved.at(-1) ?? null, (items) =>
      items.some(({ post }) => post?.text === 'b'),
    );
    expect(next.skipped.join()).toMatch(/OutdatedCursor/);
  }));

test('error frames end the stream, accounts that go take their posts along, edits come again', () =>
  withJetstream(async (far, http) => {
    far.commit('create', '1', { text: 'a' });
    far.commit('update', '1', { text: 'edited' });
    far.emit('account', author, { active: false, status: 'deleted', did: author });
    far.emit('account', author, { active: false, status: 'deactivated', did: author });
    const source = bluesky.create('bluesky', options([far.host], 'v2'), { http });
    const { items, posts } = await readUntil(source, null, (seen) => seen.length >= 4);
    expect(posts.map(({ text }) => text)).toEqual(['a', 'edited']);
    expect(items.flatMap(({ post, edited }) => (post ? [edited] : []))).toEqual([false, true]);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
    expect(items.flatMap(({ goneAuthors }) => goneAuthors ?? [])).toEqual([posts[0]?.author]);
    far.add(JSON.stringify({ $type: 'error', error: 'ConsumerTooSlow', message: 'm' }));
    await expect(readUntil(source, null, () => false)).rejects.toThrow(/ConsumerTooSlow/);
  }));

test('frames in fragments are put together; a frame broken off in the middle is asked for again', () =>
  withJetstream(async (far, http) => {
    const whole = JSON.stringify({
      $type: 'message',
      payload: {
        $type: 'x#commit',
        seq: 1,
        did: author,
        time: new Date().toISOString(),
        operation: 'create',
        collection: 'app.bsky.feed.post',
        rkey: '1',
        record: { text: 'in pieces \u{1F4A5}' },
      },
    });
    const bytes = Buffer.from(whole);
    const send = setInterval(() => {
      for (const client of far.sockets.clients) {
        for (let at = 0; at < bytes.length; at += 7)
          client.send(bytes.subarray(at, at + 7), { fin: at + 7 >= bytes.length, binary: false });
        client.send(bytes.subarray(0, 20), { fin: false, binary: false });
        setImmediate(() => client.terminate());
      }
    }, 20);
    const source = bluesky.create('bluesky', options([far.host], 'v2'), { http });
    const texts: string[] = [];
    await expect(async () => {
      for await (const { post } of source.read(contextFor(null, new AbortController().signal).context))
        if (post) texts.push(post.text);
    }).rejects.toMatchObject({ options: { retry: true } });
    clearInterval(send);
    expect(texts).toEqual(['in pieces \u{1F4A5}']);
  }));

test('a silent connection is dead after a while', () =>
  withJetstream(async (far, http) => {
    const source = bluesky.create('bluesky', { ...options([far.host], 'v2'), silence: '200ms' }, { http });
    await expect(readUntil(source, null, () => false)).rejects.toMatchObject({
      options: { code: 'silent', retry: true },
    });
  }));

test('a socket into a private network is refused, by address and by name', () =>
  withJetstream(async (far) => {
    const guarded = createHttp({ version: 'test', contact: null, allowHosts: [], paceMs: 0 });
    for (const host of [far.host, far.host.replace('127.0.0.1', 'localhost')]) {
      const source = bluesky.create('bluesky', options([host], 'v2'), { http: guarded });
      await expect(readUntil(source, null, () => false)).rejects.toMatchObject({
        options: { code: 'private-address' },
      });
    }
    expect(far.asked).toEqual([]);
    await guarded.close();
  }));

test('a reader that waits makes the socket wait', () =>
  withJetstream(async (far, http) => {
    for (let i = 0; i < 30_000; i++) far.commit('create', String(i), { text: 'x'.repeat(1000) });
    const source = bluesky.create('bluesky', options([far.host], 'v2'), { http });
    const abort = new AbortController();
    const reading = source.read(contextFor(null, abort.signal).context)[Symbol.asyncIterator]();
    await reading.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const waiting = () => [...far.sockets.clients].reduce((sum, client) => sum + client.bufferedAmount, 0);
    expect(waiting()).toBeGreaterThan(10 << 20);
    let read = 1;
    while (read < 30_000 && !(await reading.next()).done) read++;
    expect(read).toBe(30_000);
    abort.abort();
    await reading.return?.();
  }));

const recording = join(
  import.meta.dirname,
  '../../../shared/data/feeds/platforms/bluesky/jetstream-subscribe_golden_v1.jsonl',
);
const here = existsSync(recording);
test.skipIf(!here)(
  `recorded frames are read without a slip${here ? '' : ' (skipped: the recording is not on this machine)'}`,
  () =>
    withJetstream(async (far, http) => {
      const frames = readFileSync(recording, 'utf8').trim().split('\n');
      for (const frame of frames) far.add(frame);
      const created = frames
        .map((frame) => JSON.parse(frame).commit)
        .filter((c) => c?.collection === 'app.bsky.feed.post' && c.operation === 'create');
      const source = bluesky.create('bluesky', options([far.host], 'v1'), { http });
      const { posts, skipped } = await readUntil(source, null, (items) => items.length >= frames.length);
      expect(skipped).toEqual([]);
      expect(posts.map(({ text }) => text)).toEqual(
        created.map(({ record }) =>
          record.text
            .replace(/\s+/g, (run: string) =>
              run.includes('\n') ? '\n'.repeat(Math.min(2, run.split('\n').length - 1)) : ' ',
            )
            .trim(),
        ),
      );
      expect(posts.length).toBeGreaterThan(0);
    }),
);
