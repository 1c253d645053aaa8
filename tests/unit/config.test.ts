// Config: defaults, environment, and every problem at once with path, value and hint.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { loadConfig, readConfig } from '../../src/config/load.js';
import { settingRows } from '../../src/config/schema.js';

const kinds = {
  push: { onByDefault: false, madeBy: 'a token in push.tokens', options: Type.Object({}) },
  firehose: { onByDefault: true, options: Type.Object({ rate: Type.Integer({ default: 7 }) }) },
  feed: {
    onByDefault: false,
    options: Type.Object(
      {
        url: Type.String({ minLength: 1, description: 'Address of the feed.' }),
        every: Type.String({ default: '5m', description: 'How often to look.' }),
      },
      { additionalProperties: false },
    ),
  },
};

function problemsOf(raw: unknown, env = {}): string {
  try {
    readConfig(raw, kinds, env);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('without a file everything has its default', () => {
  const config = loadConfig(undefined, kinds, {});
  expect(config.listen).toMatchObject({ host: '127.0.0.1', port: 8080 });
  expect(config.db).toBe('./data/outcry.db');
  expect(config.sources).toEqual([{ name: 'firehose', kind: 'firehose', options: { rate: 7 } }]);
  expect(readConfig({ sources: [] }, kinds, {}).sources).toEqual([]);
});

test('variables are filled in, $$ is a dollar sign, and text becomes the number that is asked for', () => {
  const config = readConfig(
    { listen: { port: '${PORT}' }, contact: 'a$$b', sources: [{ kind: 'feed', url: '${U}/x' }] },
    kinds,
    { PORT: '9000', U: 'https://forum.example' },
  );
  expect(config.listen.port).toBe(9000);
  expect(config.contact).toBe('a$b');
  expect(config.sources).toEqual([
    { name: 'feed', kind: 'feed', options: { url: 'https://forum.example/x', every: '5m' } },
  ]);
});

test('every problem is told at once, with path, value and the way out', () => {
  const message = problemsOf({
    listen: { prot: 1, port: 70000, proxies: ['loopback', '10.0.0.0/8', '::1', '10.0.0.0/33', ':::'] },
    detect: { width: 'soon' },
    contact: '${NOPE}',
    sources: [{ kind: 'gopher' }, { kind: 'push' }, { kind: 'feed' }, { kind: 'feed', url: 'x', evry: '1m' }],
  });
  expect(message).toMatch(/^11 problems in the config, nothing was started:/);
  for (const part of [
    'listen.prot = 1: unknown setting; did you mean port?',
    'listen.port = 70000: must be <= 65535',
    'listen.proxies.3 = "10.0.0.0/33": must be an address, a network like 10.0.0.0/8, or loopback',
    'listen.proxies.4 = ":::"',
    'detect.width = "soon": must match',
    'contact = "${NOPE}": the environment variable NOPE is not set',
    'sources.0.kind = "gopher": kinds to choose from: firehose, feed',
    'sources.1.kind = "push": made by a token in push.tokens',
    'sources.2.url: missing: Address of the feed.',
    'sources.3.evry = "1m": unknown setting; did you mean every?',
    'sources.3.name: a second source of the name feed',
  ]) {
    expect(message).toContain(part);
  }
});

test('a secret is never shown', () => {
  const message = problemsOf({ push: { tokens: ['hunter2'] } });
  expect(message).toContain('push.tokens.0');
  expect(message).not.toContain('hunter2');
});

test('a file is told by line, broken YAML and a missing file too', () => {
  const dir = mkdtempSync(join(tmpdir(), 'outcry-config-'));
  const file = join(dir, 'outcry.yaml');
  writeFileSync(file, 'listen:\n  host: 127.0.0.1\n  port: many\n');
  expect(() => loadConfig(file, kinds, {})).toThrow(`${file}:3 listen.port = "many"`);
  writeFileSync(file, 'listen: [1\n');
  expect(() => loadConfig(file, kinds, {})).toThrow(/not valid YAML/);
  expect(() => loadConfig(join(dir, 'none.yaml'), kinds, {})).toThrow(/cannot read the config/);
});

test('every setting says what it is for', () => {
  for (const row of settingRows()) expect(row.description, row.path).not.toBe('');
});
