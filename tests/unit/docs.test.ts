// Docs move with the code: a setting, source kind, option or command that is not documented fails here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { settingRows } from '../../src/config/schema.js';
import { sourceKinds } from '../../src/sources/index.js';

const doc = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const cell = (value: unknown) => (value === undefined ? '' : `\`${JSON.stringify(value)}\``);

/** The lines that `lines` has and the doc has not. */
function missing(name: string, lines: string[]): string[] {
  const text = doc(name);
  return lines.filter((line) => !text.includes(line)).map((line) => `docs/${name} lacks: ${line}`);
}

test('every setting stands in docs/settings.md with its default and meaning', () => {
  const rows = settingRows().map((r) => `| \`${r.path}\` | ${cell(r.byDefault)} | ${r.description} |`);
  expect(missing('settings.md', rows)).toEqual([]);
});

test('every kind of source stands in docs/sources.md with its options', () => {
  const rows = Object.values(sourceKinds).flatMap(({ kind, description, options }) => [
    `### \`${kind}\`\n\n${description}`,
    ...Object.entries(options.properties as Record<string, TSchema & { default?: unknown; description?: string }>).map(
      ([name, o]) => `| \`${name}\` | ${cell(o.default)} | ${o.description} |`,
    ),
  ]);
  expect(missing('sources.md', rows)).toEqual([]);
});

test('every command stands in docs/commands.md with its options, and its help has an example', () => {
  const rows: string[] = [];
  for (const command of createProgram().commands) {
    rows.push(`## \`outcry ${command.name()}`);
    for (const option of command.options) rows.push(`\`${option.flags}\``);
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help, command.name()).toMatch(/Example/);
  }
  expect(missing('commands.md', rows)).toEqual([]);
});
