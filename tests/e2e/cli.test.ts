// The command line's promises: help with examples, exit codes, one clear sentence where something does not work.
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { loadConfig } from '../../src/config/load.js';
import { sourceKinds } from '../../src/sources/index.js';
import { newFolder, outcry, start, until } from './outcry.js';

const folder = newFolder();

test('every command has help with an example on stdout and exits 0; --version too', async () => {
  for (const { name } of (await createProgram()).commands.map((c) => ({ name: c.name() }))) {
    const { code, stdout, stderr } = await outcry([name, '--help']);
    expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
    expect(stdout, name).toMatch(/Example/);
  }
  expect(await outcry(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('wrong use exits 2 and says what is wrong on stderr', async () => {
  for (const [args, words] of [
    [['serve', '--prot', '1'], '--port'],
    [['serve', '--port', 'many'], '0 to 65535'],
    [['replay'], 'file'],
    [['replay', 'x', '--speed', 'fast'], 'give max'],
    [['frobnicate'], 'frobnicate'],
    [['serve', '--config', join(folder, 'none.yaml')], 'cannot read the config'],
    [['replay', 'x', '--db', 'mysql://x'], 'mysql'],
  ] as const) {
    const { code, stdout, stderr } = await outcry([...args]);
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toContain(words);
  }
});

test('a wrong config tells every problem at once and starts nothing', async () => {
  const config = join(folder, 'wrong.yaml');
  writeFileSync(config, 'listen:\n  prot: 1\ndetect:\n  width: soon\nsources:\n  - kind: gopher\n');
  const { code, stderr } = await outcry(['serve', '--config', config]);
  expect(code).toBe(2);
  expect(stderr).toContain('3 problems in the config');
  expect(stderr).toContain(`${config}:2 listen.prot = 1`);
  expect(stderr).toContain(`${config}:6 sources.0.kind = "gopher"`);
});

test('a port in use, an unwritable database, a file that is none, a newer database: one sentence, exit 1', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const none = join(folder, 'none.db');
  writeFileSync(none, 'this is no database, it is a text that is long enough to be looked at as one'.repeat(20));
  const newer = join(folder, 'newer.db');
  expect((await outcry(['replay', '/dev/null', '--db', newer])).code).toBe(0);
  const db = new Database(newer);
  db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('from the future', 99999999999999)");
  db.close();
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  chmodSync(locked, 0o500);

  const cases: [string[], RegExp][] = [
    [['serve', '--db', ':memory:', '--port', String(port)], /port \d+ of 127\.0\.0\.1 is in use/],
    [['serve', '--db', none, '--port', '0'], /none\.db/],
    [['serve', '--db', newer, '--port', '0'], /newer/],
    [['serve', '--db', '/proc/nowhere/x.db', '--port', '0'], /\/proc\/nowhere/],
  ];
  if (process.getuid?.() !== 0) cases.push([['serve', '--db', join(locked, 'x.db'), '--port', '0'], /locked/]);
  for (const [args, words] of cases) {
    const { code, stderr } = await outcry(args);
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
  taken.close();
});

test('serve answers, and ends cleanly when asked to', async () => {
  const config = join(folder, 'quiet.yaml');
  writeFileSync(config, 'sources: []\n');
  const { child, done, stderr } = start(['serve', '--config', config, '--db', join(folder, 'serve.db'), '--port', '0']);
  const address = await until(() => /listens at (http:\S+)/.exec(stderr())?.[1]);
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  expect((await fetch(`${address}/api/v1/incidents`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await done).toMatchObject({ code: 0, signal: null });
});

test('SIGHUP or a new config file takes over its sources, and a wrong config changes nothing', async () => {
  const config = join(folder, 'reload.yaml');
  writeFileSync(config, 'sources: []\n');
  const { child, done, stderr } = start(['serve', '--config', config, '--db', ':memory:', '--port', '0']);
  const address = await until(() => /listens at (http:\S+)/.exec(stderr())?.[1]);
  writeFileSync(config, 'sources:\n  - kind: gopher\n');
  child.kill('SIGHUP');
  await until(() => stderr().includes('SIGHUP: 1 problem in the config'));
  // A file that is put in its place is noticed without a signal.
  writeFileSync(`${config}.new`, 'sources:\n  - kind: feed\n    name: forum\n    url: http://127.0.0.1:9/latest.rss\n');
  renameSync(`${config}.new`, config);
  await until(() => stderr().includes('sources now: forum'));
  const { items } = (await (await fetch(`${address}/api/v1/sources`)).json()) as { items: { name: string }[] };
  expect(items.map((s) => s.name)).toEqual(['forum']);
  const table = await outcry(['sources', '--url', address]);
  expect(table.stdout).toMatch(/^name +kind +state/);
  expect(table.stdout).toContain('forum');
  child.kill('SIGTERM');
  expect((await done).code).toBe(0);
});

test('init writes a config that means the same as none, and never overwrites one', async () => {
  const file = join(newFolder(), 'outcry.yaml');
  expect((await outcry(['init', file])).code).toBe(0);
  const written = loadConfig(file, sourceKinds, {});
  expect(written).toEqual(loadConfig(undefined, sourceKinds, {}));
  expect(await outcry(['init', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
});

test('sources test reads a source once and stores nothing', async () => {
  const feed = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/rss+xml');
    answer.end(
      '<rss version="2.0"><channel><title>Forum</title><item><guid>1</guid><title>Netflix down?</title><description>Netflix is not loading for anyone here</description></item></channel></rss>',
    );
  });
  await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  const { port } = feed.address() as AddressInfo;
  const config = join(folder, 'try.yaml');
  writeFileSync(
    config,
    `allowHosts: [127.0.0.1]\nsources:\n  - kind: feed\n    name: forum\n    url: http://127.0.0.1:${port}/\n`,
  );
  const { child, done } = start(['sources', 'test', 'forum', '--config', config]);
  let line = '';
  child.stdout?.on('data', (text) => {
    line += text;
  });
  await until(() => line.includes('\n'));
  child.kill('SIGTERM');
  await done;
  expect(JSON.parse(line)).toMatchObject({ stored: 'yes', reports: [{ service: 'netflix' }] });
  expect(await outcry(['sources', 'test', 'none', '--config', config])).toMatchObject({ code: 2 });
  feed.close();
});

test('a post that is pushed is read, judged and shown', async () => {
  const config = join(folder, 'push.yaml');
  writeFileSync(config, 'sources: []\npush:\n  tokens: ["a-token-for-this-test"]\n');
  const { child, done, stderr } = start(['serve', '--config', config, '--db', join(folder, 'push.db'), '--port', '0']);
  const address = await until(() => /listens at (http:\S+)/.exec(stderr())?.[1]);
  const post = { id: '1', text: 'netflix is down, nothing loads', createdAt: new Date().toISOString() };
  const send = (token: string) =>
    fetch(`${address}/api/v1/posts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(post),
    });
  expect((await send('wrong')).status).toBe(401);
  expect((await send('a-token-for-this-test')).status).toBe(202);
  await until(async () => {
    const sources = (await (await fetch(`${address}/api/v1/sources`)).json()) as {
      items: { name: string; posts: number; matches: number }[];
    };
    return sources.items.find((s) => s.name === 'push')?.matches === 1;
  });
  child.kill('SIGTERM');
  expect((await done).code).toBe(0);
});
