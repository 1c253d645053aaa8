// Keeps the floors: imports go down only, and folders on one floor do not see each other.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** Floor of each room; rooms on one floor do not see each other. */
const floors: Record<string, number> = {
  core: 0,
  catalog: 1,
  classify: 1,
  detect: 1,
  store: 2,
  sources: 2,
  notify: 2,
  pipeline: 3,
  http: 3,
  config: 4,
  'app.ts': 4,
  cli: 5,
};
/** Rooms that see little more than ports: the way of a post must not know which store or source it runs on; detect is pure. */
const portsOnly: Record<string, string[]> = {
  pipeline: ['core', 'detect'],
  http: ['core', 'catalog'],
  store: ['core'],
  sources: ['core'],
};
/** app.ts wires everything, so it may see its own floor. */
const seesOwnFloor = new Set(['app.ts']);

function roomOf(file: string): string {
  return relative(src, file).split('/')[0] as string;
}

/** The sentence that says why `from` must not import `to`, or null when it may. */
function objection(from: string, to: string): string | null {
  const [a, b] = [roomOf(from), roomOf(to)];
  if (a === b) return null;
  const sentence = `${relative(src, from)} must not import ${relative(src, to)}`;
  if (floors[a] === undefined || floors[b] === undefined)
    return `${sentence}: ${floors[a] === undefined ? a : b} is on no floor`;
  if (floors[b] > floors[a]) return `${sentence}: imports go down only`;
  if (floors[b] === floors[a] && !seesOwnFloor.has(a)) return `${sentence}: rooms on one floor do not see each other`;
  if (portsOnly[a] && !portsOnly[a].includes(b)) return `${sentence}: ${a}/ sees ${portsOnly[a].join(' and ')} only`;
  return null;
}

test('imports keep the floors', () => {
  const objections: string[] = [];
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith('.ts')) continue;
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)) {
      const found = objection(file, join(dirname(file), (path as string).replace(/\.js$/, '.ts')));
      if (found) objections.push(found);
    }
  }
  expect(objections).toEqual([]);
});

test('the rule sees an import that goes up, sideways, or past the ports', () => {
  expect(objection(join(src, 'http/server.ts'), join(src, 'pipeline/tick.ts'))).toMatch(
    'http/server.ts must not import pipeline/tick.ts',
  );
  expect(objection(join(src, 'core/post.ts'), join(src, 'store/open.ts'))).toMatch('imports go down only');
  expect(objection(join(src, 'pipeline/tick.ts'), join(src, 'store/open.ts'))).toMatch(
    'pipeline/ sees core and detect only',
  );
});

test('only config/load.ts reads the environment and only cli/main.ts exits', () => {
  const offenders: string[] = [];
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !file.endsWith('.ts')) continue;
    const text = readFileSync(file, 'utf8');
    const name = relative(src, file);
    if (/process\.env/.test(text) && name !== 'config/load.ts') offenders.push(`${name} reads process.env`);
    if (/process\.exit\b/.test(text) && name !== 'cli/main.ts') offenders.push(`${name} exits`);
  }
  expect(offenders).toEqual([]);
});
