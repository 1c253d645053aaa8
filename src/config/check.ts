// Checks settings and sources by their schemas: every problem with its path, and the way out.
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { nearest } from '../core/nearest.js';
import type { SourceSettings } from '../sources/open-sources.js';

/** Kinds of source: the schema of their options, and how they come to be (as in the registry). */
export type SourceKinds = Record<string, { options: TSchema; onByDefault: boolean; madeBy?: string }>;

export interface Problem {
  path: (string | number)[];
  message: string;
}

function schemaAt(schema: TSchema, path: (string | number)[]): Record<string, unknown> {
  let at = schema as Record<string, unknown>;
  for (const key of path) {
    at = ((at.properties as Record<string, unknown>)?.[key] ?? at.items ?? {}) as Record<string, unknown>;
  }
  return at;
}

/** What is wrong with a value, one problem a path. */
export function problemsOf(schema: TSchema, value: unknown, prefix: (string | number)[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of Value.Errors(schema, value)) {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((p) => p.replace(/~1/g, '/').replace(/~0/g, '~'));
    const add = (at: (string | number)[], message: string) => {
      const key = at.join('.');
      if (!problems.has(key)) problems.set(key, { path: [...prefix, ...at], message });
    };
    if (error.keyword === 'additionalProperties') {
      const known = Object.keys((schemaAt(schema, path).properties as object) ?? {});
      for (const key of (error.params as { additionalProperties: string[] }).additionalProperties) {
        const [near] = nearest(key, known);
        add([...path, key], `unknown setting; ${near ? `did you mean ${near}?` : `known here: ${known.join(', ')}`}`);
      }
    } else if (error.keyword === 'required') {
      for (const key of (error.params as { requiredProperties: string[] }).requiredProperties) {
        const described = schemaAt(schema, [...path, key]).description;
        add([...path, key], `missing${described ? `: ${described}` : ''}`);
      }
    } else if (error.message !== 'schema is false') {
      const described = schemaAt(schema, path).description;
      add(path, `${error.message}${described ? `. ${described}` : ''}`);
    }
  }
  return [...problems.values()];
}

/** Reads a list of sources; none at all means those that need no choice. Problems are added to `problems`. */
export function readSources(raw: unknown, kinds: SourceKinds, problems: Problem[]): SourceSettings[] {
  if (raw === undefined || raw === null) {
    return Object.entries(kinds)
      .filter(([, kind]) => kind.onByDefault)
      .map(([kind, { options }]) => ({
        name: kind,
        kind,
        options: Value.Default(options, {}) as Record<string, unknown>,
      }));
  }
  if (!Array.isArray(raw)) {
    problems.push({ path: ['sources'], message: 'must be a list of sources, each with a kind' });
    return [];
  }
  const names = new Set<string>();
  const listed = Object.keys(kinds).filter((kind) => !kinds[kind]?.madeBy);
  return raw.flatMap((entry, i) => {
    const at: (string | number)[] = ['sources', i];
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) {
      problems.push({ path: at, message: 'must be a mapping with a kind' });
      return [];
    }
    const { kind, name = kind, ...given } = entry as Record<string, unknown>;
    const known = typeof kind === 'string' ? kinds[kind] : undefined;
    if (!known || known.madeBy) {
      const elsewhere = known ? `made by ${known.madeBy}, not by this list; ` : '';
      problems.push({ path: [...at, 'kind'], message: `${elsewhere}kinds to choose from: ${listed.join(', ')}` });
      return [];
    }
    if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
      problems.push({ path: [...at, 'name'], message: 'must be 1 to 64 letters, digits, dots, dashes or underscores' });
      return [];
    }
    if (names.has(name))
      problems.push({ path: [...at, 'name'], message: `a second source of the name ${name}; give each its own` });
    names.add(name);
    const options = Value.Convert(known.options, Value.Default(known.options, given)) as Record<string, unknown>;
    problems.push(...problemsOf({ ...known.options, additionalProperties: false } as TSchema, options, at));
    return [{ name, kind: kind as string, options }];
  });
}
