// The generator as a command: NDJSON on stdout, wrong use told by name.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const file = join(import.meta.dirname, '../../fixtures/demo/generate.ts');
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { encoding: 'utf8', maxBuffer: 1e8 });

test('posts go to stdout, one a line, with the truth when asked for', () => {
  const { status, stdout } = run('--scale', '0.01', '--labels');
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(300);
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    id: 'demo-000001',
    kind: expect.any(String),
    part: expect.any(String),
  });
});

test('what was planted can be read without the posts', () => {
  const planted = run('--planted')
    .stdout.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(planted.map((p) => p.kind)).toEqual(['outage', 'outage', 'outage', 'outage', 'meme', 'brigade']);
});

test('wrong use is told and exits with 2', () => {
  const { status, stderr } = run('--scale', 'huge');
  expect(status).toBe(2);
  expect(stderr).toContain('--scale must be a number of 0 or more, not "huge"');
  expect(run('--bogus').status).toBe(2);
});
