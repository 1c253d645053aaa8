// What operators do beside a running server: tokens, verdicts, labels.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder, outcry, start, until } from './outcry.js';

const folder = newFolder();
const config = join(folder, 'quiet.yaml');
writeFileSync(config, 'sources: []\n');

/** Starts a server on a database; `stop` ends it and tells whether it ended well. */
async function serve(db: string) {
  const { child, done, stderr } = start(['serve', '--config', config, '--db', db, '--port', '0']);
  const address = await until(() => /listens at (http:\S+)/.exec(stderr())?.[1]);
  return {
    address,
    async stop() {
      child.kill('SIGTERM');
      expect((await done).code).toBe(0);
    },
    post: (path: string, token: string, body: object) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    async sources() {
      const { items } = (await (await fetch(`${address}/api/v1/sources`)).json()) as {
        items: { name: string; matches: number }[];
      };
      return items;
    },
  };
}

test('a token that is added while the server runs opens the door, and a revoked one shuts it', async () => {
  const db = join(folder, 'tokens.db');
  const server = await serve(db);
  const post = { id: '1', text: 'netflix is down, nothing loads', createdAt: new Date().toISOString() };
  expect((await server.post('/api/v1/posts', 'any', post)).status).toBe(404);
  expect(await server.sources()).toEqual([]);

  const added = await outcry(['token', 'add', 'crawler', '--scope', 'posts,verdicts', '--db', db]);
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^outcry_[\w-]{43}\n$/) });
  const token = added.stdout.trim();
  expect((await server.post('/api/v1/posts', token, post)).status).toBe(202);
  await until(async () => (await server.sources()).find((s) => s.name === 'push')?.matches === 1);

  const listed = await outcry(['token', 'list', '--db', db]);
  expect(listed.stdout).toMatch(/^name {5}scopes {10}added\ncrawler {2}posts,verdicts {2}\d{4}-/);
  expect(listed.stdout).not.toContain(token);
  const again = await outcry(['token', 'add', 'crawler', '--scope', 'posts', '--db', db]);
  expect(again).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('already') });
  const wrong = await outcry(['token', 'add', 'x', '--scope', 'post', '--db', db]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('posts, reports, verdicts, marks') });

  expect((await outcry(['token', 'revoke', 'crawler', '--db', db])).code).toBe(0);
  expect((await server.post('/api/v1/posts', token, post)).status).toBe(404);
  expect((await outcry(['token', 'revoke', 'crawler', '--db', db])).code).toBe(2);
  await server.stop();
});

const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

test.skipIf(!hasScript)('label asks in a terminal, saves every key at once, and goes on where it stopped', async () => {
  const db = join(folder, 'label.db');
  const posts = ['netflix acting weird today', 'is it just me or is spotify strange', 'my xbox is so slow lol'];
  const lines = posts.map((text, i) => JSON.stringify({ id: i, text, createdAt: '2026-07-12T09:00:00Z' }));
  expect((await outcry(['replay', '-', '--db', db], lines.join('\n'))).code).toBe(0);

  /** Presses a key whenever the command asks. @returns all that stood on the terminal. */
  const sit = async (keys: string) => {
    const main = join(import.meta.dirname, '../../dist/cli/main.js');
    const child = spawn('script', ['-qec', `${process.execPath} ${main} label --db ${db}`, '/dev/null']);
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      screen += text;
    });
    for (const [i, key] of [...keys].entries()) {
      await until(() => screen.split('x exit').length > i + 1);
      child.stdin.write(key);
    }
    const code = await new Promise((resolve) => child.on('close', resolve));
    return { code, screen };
  };
  const first = await sit('nrux');
  expect(first).toMatchObject({ code: 0, screen: expect.stringContaining('3 posts') });
  expect(first.screen).toContain('undone');
  expect(first.screen).toContain('1 labelled');
  expect((await sit('sx')).screen).toContain('2 posts');
  const last = await sit('oo');
  expect(last.screen).toContain('2 labelled');
  expect((await sit('')).screen).toContain('0 posts');
});

test('label refuses an input that is no terminal', async () => {
  const { code, stderr } = await outcry(['label', '--db', join(folder, 'label.db')], 'r');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('no terminal') });
});
