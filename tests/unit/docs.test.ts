// Docs move with the code: a setting, source kind, option or command that is not documented fails here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { methodVersion, olderMethods } from '../../src/detect/settings.js';
import { nav } from '../../src/http/page/layout.js';
import { ranges } from '../../src/http/page/window.js';
import { sourceKinds } from '../../src/sources/index.js';
import { pages } from '../../tools/write-docs.js';

const doc = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

/** The lines that `lines` has and the doc has not. */
function missing(name: string, lines: string[]): string[] {
  const text = doc(name);
  return lines.filter((line) => !text.includes(line)).map((line) => `docs/${name} lacks: ${line}`);
}

test('docs/settings.md and docs/sources.md say what the schemas say (npm run docs writes them)', () => {
  for (const [name, text] of Object.entries(pages)) expect(doc(name), name).toBe(text);
  expect(pages['settings.md']).toContain('`listen.port`');
  for (const kind of Object.keys(sourceKinds)) expect(pages['sources.md']).toContain(`## \`${kind}\``);
});

test('every view of the page stands in docs/page.md, and every key of its help', () => {
  const help = readFileSync(join(import.meta.dirname, '../../src/http/web/keys.js'), 'utf8');
  const keys = [...help.matchAll(/^ {6}\['([^']+)', '/gm)].flatMap(([, names]) => (names as string).split(', '));
  expect(keys.length).toBeGreaterThan(4);
  const rows = [...nav.map(([path]) => `| \`${path}\` |`), ...keys.map((key) => `\`${key}\``)];
  expect(missing('page.md', [...rows, `\`${ranges[0]}\` to \`${ranges.at(-1)}\``])).toEqual([]);
});

test('every version of the method stands in docs/detection.md', () => {
  const rows = [methodVersion, ...olderMethods.map((m) => m.version)].map((version) => `| \`${version}\` |`);
  expect(missing('detection.md', rows)).toEqual([]);
});

test('every command stands in docs/commands.md with its options, and its help has an example', async () => {
  const rows: string[] = [];
  for (const command of (await createProgram()).commands) {
    rows.push(`## \`outcry ${command.name()}`);
    for (const option of command.options) rows.push(`\`${option.flags}\``);
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help, command.name()).toMatch(/Example/);
  }
  expect(missing('commands.md', rows)).toEqual([]);
});
