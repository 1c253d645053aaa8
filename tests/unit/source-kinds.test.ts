// The registry keeps its promises: config, docs and defaults derive from it.
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { sourceKinds } from '../../src/sources/index.js';

const kinds = Object.entries(sourceKinds);

test.each(kinds)('%s: named as registered, described, every option with description and default', (key, kind) => {
  expect(kind.kind).toBe(key);
  expect(kind.description).toMatch(/^[A-Z`].*\.$/);
  for (const [name, option] of Object.entries(
    kind.options.properties as Record<string, TSchema & { default?: unknown; description?: string }>,
  )) {
    expect(option.description, `${key}.${name}`).toMatch(/^[A-Z`].*\.$/);
    expect(option.default, `${key}.${name}`).toBeDefined();
  }
});

test.each(kinds.filter(([, { onByDefault }]) => onByDefault))(
  '%s: runs with its defaults, without any key',
  (_, kind) => {
    expect(Value.Check(kind.options, Value.Default(kind.options, {}))).toBe(true);
  },
);

test('kinds that need a choice do not run without it', () => {
  const unset = kinds
    .filter(([, kind]) => !Value.Check(kind.options, Value.Default(kind.options, {})))
    .map(([key]) => key);
  expect(unset).toEqual(['discourse', 'feed', 'x']);
});
