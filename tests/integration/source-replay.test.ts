// Replay against real files: order, packing, bad lines, resuming.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SourceError } from '../../src/core/errors.js';
import type { SourceItem } from '../../src/core/ports.js';
import { replay } from '../../src/sources/replay.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcry-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

const line = (id: number, more: object = {}) =>
  JSON.stringify({ id: String(id), text: `post ${id}`, createdAt: '2026-07-12T09:13:00Z', ...more });

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Reads all, or until `stop` posts are out. */
async function readAll(files: string[], cursor: string | null = null, stop = Number.POSITIVE_INFINITY) {
  const skipped: string[] = [];
  const items: SourceItem[] = [];
  const abort = new AbortController();
  const source = replay.create('replay', { files }, undefined as never);
  for await (const item of source.read({
    cursor,
    signal: abort.signal,
    clock: { now: () => 0 },
    hashAuthor: (_, author) => createHash('sha256').update(author).digest('hex'),
    alive: () => {},
    skipped: (reason) => skipped.push(reason),
  })) {
    items.push(item);
    if (items.length >= stop) abort.abort();
  }
  const ids = items.flatMap((item) => (item.post ? [item.post.id] : []));
  return { ids, skipped, items, cursor: items.at(-1)?.cursor ?? null };
}

test('several files in the order given, packed or not whatever their names, the last line without an end', async () => {
  const a = await file('a.ndjson', `\uFEFF${line(1)}\r\n\n${line(2)}`);
  const b = await file('b.data', gzipSync(`${line(3)}\n${line(4)}\n`));
  expect((await readAll([b, a])).ids).toEqual(['replay:3', 'replay:4', 'replay:1', 'replay:2']);
});

test('a bad line is skipped and counted with its place, and the rest goes on', async () => {
  const future = new Date(Date.now() + 2 * 3600_000).toISOString();
  const path = await file(
    'bad.ndjson',
    `${line(1)}\n{"id"\n\n${line(2, { createdAt: future })}\n${line(3, { text: 'line\u2028separator' })}\n${line(4, { text: null })}\n${line(5)}\n`,
  );
  const { ids, skipped } = await readAll([path]);
  expect(ids).toEqual(['replay:1', 'replay:3', 'replay:5']);
  expect(skipped).toHaveLength(3);
  expect(skipped[0]).toMatch(/^bad.ndjson line 2: the line is not JSON/);
  expect(skipped[1]).toMatch(/^bad.ndjson line 4: createdAt is ".*": it is more than an hour ahead/);
  expect(skipped[2]).toMatch(/^bad.ndjson line 6: text is missing: give/);
});

test('a line without end costs itself only, not the memory', async () => {
  const path = await file('long.ndjson', `${line(1)}\n${'x'.repeat(3 << 20)}\n${line(2)}\n`);
  const { ids, skipped } = await readAll([path]);
  expect(ids).toEqual(['replay:1', 'replay:2']);
  expect(skipped[0]).toMatch(/^long.ndjson line 2: longer than 1048576 bytes/);
});

test('resumes behind any item without reading twice', async () => {
  const a = await file('r1.ndjson', `${line(1)}\nnot json\n${line(2)}\n`);
  const b = await file('r2.ndjson', gzipSync(`${line(3)}\n${line(4)}\n`));
  const whole = ['replay:1', 'replay:2', 'replay:3', 'replay:4'];
  for (let stop = 1; stop <= 5; stop++) {
    const first = await readAll([a, b], null, stop);
    const second = await readAll([a, b], first.cursor);
    expect([...first.ids, ...second.ids]).toEqual(whole);
    expect(first.skipped.length + second.skipped.length).toBe(1);
  }
});

test('a cursor of other files does not hide these', async () => {
  const a = await file('o1.ndjson', `${line(1)}\n${line(2)}\n`);
  const b = await file('o2.ndjson', `${line(3)}\n${line(4)}\n`);
  const { cursor } = await readAll([a]);
  expect((await readAll([b], cursor)).ids).toEqual(['replay:3', 'replay:4']);
  expect((await readAll([a, b], cursor)).ids).toEqual(['replay:3', 'replay:4']);
});

test('half a packed file yields what it holds and says so', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) =>
    line(i, { text: createHash('md5').update(String(i)).digest('hex') }),
  );
  const packed = gzipSync(lines.join('\n'));
  const path = await file('half.ndjson.gz', packed.subarray(0, packed.length / 2));
  const next = await file('next.ndjson', line(99_999));
  const { ids, skipped } = await readAll([path, next]);
  expect(ids.length).toBeGreaterThan(5_000);
  expect(ids.at(-1)).toBe('replay:99999');
  expect(skipped).toHaveLength(1);
  expect(skipped[0]).toMatch(/^half.ndjson.gz after line \d+: unexpected end of file/);
});

test('a missing file is named before anything is read', async () => {
  const a = await file('there.ndjson', line(1));
  const reading = readAll([a, join(folder, 'nowhere.ndjson')]);
  await expect(reading).rejects.toThrow(/nowhere.ndjson: there is no such file; check the path/);
  await expect(reading).rejects.toBeInstanceOf(SourceError);
  await expect(readAll([folder])).rejects.toThrow(/it is a folder/);
});

test('abort ends it at once and without a throw', async () => {
  const path = await file('many.ndjson', Array.from({ length: 5_000 }, (_, i) => line(i)).join('\n'));
  expect((await readAll([path], null, 3)).ids).toHaveLength(3);
});
