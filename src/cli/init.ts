// outcry init: writes a commented config with every setting at its default.
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { TSchema } from 'typebox';
import { stringify } from 'yaml';
import { settingsSchema } from '../config/schema.js';
import { messageOf, OperationalError } from '../core/errors.js';
import { sourceKinds } from '../sources/index.js';
import type { SourceKind } from '../sources/kind.js';

type Described = TSchema & { default?: unknown; description?: string; properties?: Record<string, Described> };

const scalar = (value: unknown) =>
  stringify(value ?? null, { flowCollectionPadding: false, collectionStyle: 'flow' }).trim();

/** The settings of a section as commented YAML: each with what it is for, switched off by a `#` at its default. */
function settingLines(properties: Record<string, Described>, indent: string): string[] {
  return Object.entries(properties).flatMap(([key, child]) => {
    const about = `${indent}# ${child.description ?? ''}`;
    if (child.properties) return ['', about, `${indent}${key}:`, ...settingLines(child.properties, `${indent}  `)];
    return [about, `${indent}${key}: ${scalar(child.default)}`];
  });
}

/** A commented `outcry.yaml` that means the same as no config at all. */
function configTemplate(): string {
  const lines = [
    '# Outcry. Every setting stands here at its default; ${VARIABLE} is replaced by the environment, $$ is a dollar sign.',
    ...settingLines(settingsSchema.properties as unknown as Record<string, Described>, ''),
    '',
    '# What is read: one entry a source, each with a kind and a name of its own.',
    'sources:',
  ];
  for (const { kind, onByDefault, madeBy, description, options } of Object.values<SourceKind>(sourceKinds)) {
    if (madeBy) continue;
    const mark = onByDefault ? '' : '# ';
    lines.push(`  # ${description}`, `  ${mark}- kind: ${kind}`);
    for (const [name, option] of Object.entries(options.properties as Record<string, Described>))
      lines.push(`  ${mark}  # ${option.description ?? ''}`, `  ${mark}  ${name}: ${scalar(option.default)}`);
  }
  return `${lines.join('\n')}\n`;
}

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('write a commented config with every setting at its default')
    .argument('[file]', 'where it goes', 'outcry.yaml')
    .addHelpText(
      'after',
      `
Example:
  $ outcry init && outcry serve --config outcry.yaml`,
    )
    .action((file: string) => {
      try {
        writeFileSync(file, configTemplate(), { flag: 'wx' });
      } catch (error) {
        const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
        throw new OperationalError(
          exists
            ? `${file} is there already: name another file, or remove it first`
            : `cannot write ${file}: ${messageOf(error)}`,
        );
      }
      process.stderr.write(`wrote ${file}; edit it, then: outcry serve --config ${file}\n`);
    });
}
