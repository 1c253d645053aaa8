// outcry replay as a real process: byte-identical twice, and unharmed by kill -9 in the middle.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { createScenario } from '../../fixtures/demo/scenario.js';
import { hour } from '../../src/core/time.js';
import { newFolder, outcry, start, until } from './outcry.js';

const folder = newFolder();
const file = join(folder, 'posts.ndjson');

beforeAll(() => {
  // The last two quiet days and the day of the outage.
  const scenario = createScenario();
  const lines: string[] = [];
  for (const post of scenario.posts()) {
    if (Date.parse(post.createdAt) >= scenario.quietUntil - 48 * hour) lines.push(JSON.stringify(post));
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
});

/** Everything that counts in a database, in order. */
function countsOf(db: string): unknown[] {
  const open = new Database(db, { readonly: true });
  const rows = ['buckets', 'reports', 'posts', 'spikes', 'incidents', 'incident_changes', 'incident_versions'].map(
    (table) => {
      const columns = (open.pragma(`table_info(${table})`) as { name: string }[])
        .map((c) => c.name)
        // The author's hash depends on the installation's own secret.
        .filter((name) => name !== 'author')
        .map((name) => `"${name}"`)
        .join(', ');
      return open.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${columns}`).all();
    },
  );
  open.close();
  return rows;
}

test('the same file twice gives byte-identical incidents, and the known ones are among them', async () => {
  const [one, two] = [await outcry(['replay', file, '--json']), await outcry(['replay', file, '--json'])];
  expect(one.code).toBe(0);
  expect(two.stdout).toBe(one.stdout);
  const incidents = one.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(incidents.map((i) => i.service)).toEqual(
    expect.arrayContaining(['outlook', 'microsoft-teams', 'microsoft-365']),
  );
  expect(Object.keys(incidents[0])).toEqual([
    'id',
    'service',
    'state',
    'startedAt',
    'detectedAt',
    'peakAt',
    'resolvedAt',
    'regions',
    'reports',
    'authors',
    'symptoms',
    'surprise',
    'method',
  ]);
  expect(incidents[0].startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('kill -9 in the middle, then the same command again: the same counts as an undisturbed run', async () => {
  const whole = join(folder, 'whole.db');
  const torn = join(folder, 'torn.db');
  const undisturbed = await outcry(['replay', file, '--db', whole, '--json']);
  expect(undisturbed.code).toBe(0);

  for (const share of [0.2, 0.6]) {
    const total = (
      new Database(whole, { readonly: true }).prepare('SELECT count(*) AS n FROM posts').get() as { n: number }
    ).n;
    const run = start(['replay', file, '--db', torn, '--json']);
    await until(() => {
      try {
        const db = new Database(torn, { readonly: true, fileMustExist: true });
        const { n } = db.prepare('SELECT count(*) AS n FROM posts').get() as { n: number };
        db.close();
        return n > share * total;
      } catch {
        return false; // not created yet
      }
    });
    run.child.kill('SIGKILL');
    expect((await run.done).signal).toBe('SIGKILL');
  }
  const rest = await outcry(['replay', file, '--db', torn, '--json']);
  expect(rest.code).toBe(0);
  expect(rest.stdout).toBe(undisturbed.stdout);
  expect(countsOf(torn)).toEqual(countsOf(whole));
});

test('a back-test over stored posts finds the same incidents, and writes nothing', async () => {
  const db = join(folder, 'whole.db');
  const before = countsOf(db);
  const files = await outcry(['replay', file, '--json']);
  const stored = await outcry(['replay', '--since', '2000-01-01', '--db', db, '--json']);
  expect(stored.code).toBe(0);
  expect(stored.stdout).toBe(files.stdout);
  expect(countsOf(db)).toEqual(before);
  expect(await outcry(['replay', '--db', db])).toMatchObject({ code: 2, stderr: expect.stringContaining('--since') });
});

test('bad lines are told and skipped, the rest goes on; a missing file fails', async () => {
  const bad = join(folder, 'bad.ndjson');
  writeFileSync(
    bad,
    'not json\n{"id":"1","text":"netflix is down","createdAt":"2026-07-06T10:00:00Z"}\n{"id":"2","createdAt":1}\n\n',
  );
  const outcome = await outcry(['replay', bad]);
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toContain('bad.ndjson line 1');
  expect(outcome.stderr).toContain('bad.ndjson line 3');
  expect(outcome.stderr).toContain('0 incidents in 1 posts (1 named a service, 2 lines skipped)');
  const missing = await outcry(['replay', join(folder, 'none.ndjson')]);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('there is no such file');
});
