// The store's contract on SQLite, and what is its own: files, locks, versions, database URLs.
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { OperationalError, UsageError } from '../../src/core/errors.js';
import { hour } from '../../src/core/time.js';
import { openStore } from '../../src/store/open.js';
import { createCheckpoints } from '../../src/store/sqlite/checkpoints.js';
import { batch, incident, outcome, post, regionPath, report, type Store, storeContract, t0 } from './store.js';

const folder = mkdtempSync(join(tmpdir(), 'outcry-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${++files}`, 'outcry.sqlite');

const open = (url: string, readOnly = false) => openStore(url, { regionPath, readOnly });
async function close(store: Store): Promise<void> {
  await store.read.close();
  await store.write.close();
}
/** A database file as `outcry` leaves it behind. */
async function filled(): Promise<string> {
  const file = newFile();
  const store = await open(file);
  await store.write.ingest(batch({ posts: [post('1', t0)], reports: [report('1')] }));
  await store.write.judge(outcome({ judgedUntil: t0 }));
  await close(store);
  return file;
}
/** Changes a database behind the store's back. */
function tamper(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

describe('a file', () => storeContract(() => open(newFile())));
describe(':memory:', () => storeContract(() => open(':memory:')));

describe('a SQLite file', () => {
  test('is created with its folders and goes on where it ended', async () => {
    const file = await filled();
    const store = await open(file);
    expect(await store.read.judgedUntil()).toBe(t0);
    expect(await store.write.ingest(batch({ posts: [post('1', t0)], reports: [report('1')] }))).toEqual([]);
    expect(await store.read.activity(0, t0 + 1)).toEqual([{ service: 'outlook', reports: 1, authors: 1 }]);
    await close(store);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test('of before incidents were kept in versions keeps them from then on as they stand', async () => {
    const file = newFile();
    const [end, judged] = [t0 + hour, t0 + 2 * hour];
    const over = incident('over', t0, { state: 'resolved', resolvedAt: end, symptoms: { login: 3 } });
    const lasts = incident('lasts', t0, { service: 'teams' });
    const changes = [{ incident: 'over', at: end, from: null, to: 'resolved' as const, reason: 'calm' }];
    const store = await open(file);
    await store.write.judge(outcome({ judgedUntil: judged, incidents: [over, lasts], changes }));
    await close(store);
    const last = '(select max(created_at) from __drizzle_migrations)';
    tamper(file, `drop table incident_versions; delete from __drizzle_migrations where created_at = ${last}`);
    const { read, write } = await open(file);
    expect(await read.incidentAt('over', end)).toEqual({ incident: over, since: end });
    expect(await read.incidentAt('lasts', judged)).toEqual({ incident: lasts, since: judged });
    expect([await read.incidentAt('over', end - 1), await read.incidentAt('lasts', judged - 1)]).toEqual([null, null]);
    // Told again, it is the same text and no new version.
    await write.judge(outcome({ judgedUntil: judged, judgedAt: judged + 1, incidents: [over, lasts] }));
    for (const [id, since] of [
      ['over', end],
      ['lasts', judged],
    ] as const)
      expect((await read.incidentAt(id, judged + 1))?.since).toBe(since);
    await close({ read, write });
  });

  test('is named by a path, a sqlite: or a file: URL', async () => {
    const file = await filled();
    for (const url of [`sqlite:${file}`, `sqlite://${file}`, `file:${file}`, pathToFileURL(file).href]) {
      const store = await open(url);
      expect(await store.read.judgedUntil()).toBe(t0);
      await close(store);
    }
  });

  test('what was read before a kill is there after it', async () => {
    const file = newFile();
    const killed = await open(file);
    await killed.write.ingest(batch({ posts: [post('1', t0)], reports: [report('1')] }));
    // Not closed: another process finds the file and its log as a kill would leave them.
    const store = await open(file);
    expect((await store.read.reports('outlook', 0, t0 + 1)).length).toBe(1);
    await close(store);
    await close(killed);
  });

  test('two processes that write the same minute count each other', async () => {
    const file = newFile();
    const stores = [await open(file), await open(file)] as const;
    for (const [i, { write }] of [stores[0], stores[1], stores[0]].entries())
      await write.ingest(batch({ posts: [post(`${i}`, t0 + i)], reports: [report(`${i}`)] }));
    expect(await stores[1].read.activity(0, t0 + 1)).toEqual([{ service: 'outlook', reports: 3, authors: 3 }]);
    for (const store of stores) await close(store);
  });

  test('counts a batch once that failed when it was nearly stored', async () => {
    const file = newFile();
    const { read, write } = await open(file);
    const both = (id: string) =>
      batch({ posts: [post(id, t0)], reports: [report(id), report(id, { service: 'teams' })] });
    tamper(
      file,
      `create trigger full before insert on buckets when new.service = 'teams' and new.reports > 1
       and not exists (select 1 from meta where key = 'kept.room') begin select raise(abort, 'full'); end`,
    );
    await write.ingest(both('1'));
    await expect(write.ingest(both('2'))).rejects.toThrow('full');
    await write.keep('room', 'made');
    await write.ingest(both('2'));
    expect(await read.activity(0, t0 + 1)).toEqual([
      { service: 'outlook', reports: 2, authors: 2 },
      { service: 'teams', reports: 2, authors: 2 },
    ]);
    await close({ read, write });
  });

  test('has its log folded in by a thread, while others write and read', async () => {
    const file = newFile();
    await close(await open(file));
    const client = new Database(file);
    client.pragma('wal_autocheckpoint = 0');
    const checkpoints = createCheckpoints(file, 1);
    for (const round of [1, 2]) {
      const before = statSync(file).size;
      client.prepare('insert into meta values (?, ?)').run(`${round}`, 'x'.repeat(100_000));
      expect(statSync(file).size).toBe(before);
      checkpoints.wrote();
      await vi.waitFor(() => expect(statSync(file).size).toBeGreaterThan(before), 5000);
    }
    await checkpoints.close();
    client.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test('opened for reading only, it sees what another has written and refuses to write', async () => {
    const file = newFile();
    const writing = await open(file);
    const reading = await open(file, true);
    await writing.write.ingest(batch({ posts: [post('1', t0)], reports: [report('1')] }));
    expect(await reading.read.span()).toEqual({ first: t0, last: t0 });
    await expect(reading.write.ingest(batch())).rejects.toThrow('opened for reading only');
    await close(reading);
    await close(writing);
  });
});

describe('a database that cannot serve is refused in one sentence', () => {
  test.each(['postgres://localhost/outcry', 'mysql:x', '', 'sqlite:', 'a\0b'])('database URL %j', async (url) => {
    await expect(open(url)).rejects.toThrow(UsageError);
    await expect(open(url)).rejects.toThrow(JSON.stringify(url));
  });

  /** Opens for writing and for reading; both must fail with this sentence. */
  async function refused(file: string, sentence: RegExp): Promise<void> {
    for (const readOnly of [false, true]) {
      const opened = open(file, readOnly);
      await expect(opened).rejects.toThrow(OperationalError);
      await expect(opened).rejects.toThrow(sentence);
      await expect(opened).rejects.toThrow(file);
    }
  }

  test('of a newer version', async () => {
    const file = await filled();
    tamper(file, `insert into __drizzle_migrations (hash, created_at) values ('later', ${Date.UTC(2100, 0)})`);
    await refused(file, /written by a newer version of Outcry/);
  });

  test('of another program', async () => {
    const file = newFile();
    await close(await open(file));
    const other = `${file}.other`;
    tamper(other, 'create table notes (text)');
    await refused(other, /of another program/);
  });

  test('no database at all', async () => {
    const file = await filled();
    writeFileSync(file, 'these are only words, but enough of them to be more than a header'.repeat(20));
    await refused(file, /is not a SQLite database/);
  });

  test('a folder', async () => {
    const file = await filled();
    await expect(open(join(file, '..'))).rejects.toThrow(OperationalError);
    await expect(open(join(file, 'below', 'a.sqlite'))).rejects.toThrow(/cannot be written/);
  });

  test('missing, when only to be read', async () => {
    await expect(open(newFile(), true)).rejects.toThrow(/there is no database/);
    await expect(open(':memory:', true)).rejects.toThrow(UsageError);
  });

  test('of an older version, when only to be read', async () => {
    const file = await filled();
    tamper(file, 'delete from __drizzle_migrations');
    await expect(open(file, true)).rejects.toThrow(/written by an older version of Outcry: start/);
  });

  test.skipIf(process.getuid?.() === 0)('without the right to write', async () => {
    const file = await filled();
    chmodSync(file, 0o444);
    await expect(open(file)).rejects.toThrow(/cannot be written/);
    expect(statSync(file).mode & 0o222).toBe(0);
  });

  test('check tells when the tables are gone', async () => {
    const file = await filled();
    const store = await open(file);
    await store.read.check();
    tamper(file, 'delete from __drizzle_migrations');
    await expect(store.read.check()).rejects.toThrow(OperationalError);
    await close(store);
  });

  test('locked by another process', async () => {
    const file = await filled();
    const store = await openStore(file, { regionPath, busyTimeoutMs: 20 });
    const other = new Database(file);
    other.exec('begin immediate');
    await expect(store.write.ingest(batch())).rejects.toThrow(/locked by another process/);
    other.exec('rollback');
    expect(await store.write.ingest(batch())).toEqual([]);
    other.close();
    await close(store);
  });
});
