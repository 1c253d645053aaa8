// Reads the config file and the environment; the only reader of either. Every problem is told at once.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Value } from 'typebox/value';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { messageOf, UsageError } from '../core/errors.js';
import { type Problem, problemsOf, readSources, type SourceKinds } from './check.js';
import { type Config, type Settings, settingsSchema } from './schema.js';

type Environment = Record<string, string | undefined>;

/** Replaces `${VAR}` by the variable and `$$` by a dollar sign in every string. */
function substitute(value: unknown, env: Environment, path: (string | number)[], problems: Problem[]): unknown {
  if (Array.isArray(value)) return value.map((v, i) => substitute(v, env, [...path, i], problems));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, substitute(v, env, [...path, k], problems)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(/\$\$|\$\{(\w+)\}/g, (whole, name?: string) => {
    if (name === undefined) return '$';
    const found = env[name];
    if (found === undefined) problems.push({ path, message: `the environment variable ${name} is not set` });
    return found ?? whole;
  });
}

/** True for an address, a network (`10.0.0.0/8`) or a word for private ones, as a trusted proxy is named. */
function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  );
}

/** `8080` or `"abc"`, cut short; never the value of a token. */
function shown(value: unknown, path: (string | number)[]): string {
  if (value === undefined) return '';
  if (/token|secret|password|key/i.test(path.join('.'))) return ' (value not shown)';
  const text = JSON.stringify(value) ?? String(value);
  return ` = ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}

function valueAt(root: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | null | undefined)?.[key], root);
}

/**
 * Checks a parsed config.
 * @throws UsageError that lists every problem with path, value and hint (and the line, where the document is given).
 */
export function readConfig(
  raw: unknown,
  kinds: SourceKinds,
  env: Environment = process.env,
  origin: { file: string; document?: Document; lines?: LineCounter } = { file: 'config' },
): Config {
  const problems: Problem[] = [];
  const value = substitute(raw ?? {}, env, [], problems);
  let config: Config | null = null;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    problems.push({ path: [], message: 'must be a mapping of settings' });
  } else {
    const { sources, ...rest } = value as Record<string, unknown>;
    const settings = Value.Convert(settingsSchema, Value.Default(settingsSchema, rest)) as Settings;
    problems.push(...problemsOf(settingsSchema, settings, []));
    for (const [i, proxy] of [settings.listen?.proxies].flat().entries())
      if (typeof proxy === 'string' && !isProxy(proxy))
        problems.push({
          path: ['listen', 'proxies', i],
          message: 'must be an address, a network like 10.0.0.0/8, or loopback',
        });
    config = { ...settings, sources: readSources(sources, kinds, problems) };
  }
  if (config && problems.length === 0) return config;
  const rows = problems.map(({ path, message }) => {
    const node = path.length > 0 ? (origin.document?.getIn(path, true) as { range?: [number] } | undefined) : undefined;
    const line = node?.range && origin.lines ? `:${origin.lines.linePos(node.range[0]).line}` : '';
    return `  ${origin.file}${line} ${path.join('.')}${shown(valueAt(value, path), path)}: ${message}`;
  });
  throw new UsageError(
    `${rows.length} problem${rows.length > 1 ? 's' : ''} in the config, nothing was started:\n${rows.join('\n')}`,
  );
}

/** Path of the config file: the one named, else that of OUTCRY_CONFIG; undefined = defaults only. */
export function configPath(file: string | undefined, env: Environment = process.env): string | undefined {
  return file ?? env.OUTCRY_CONFIG;
}

/**
 * Loads the config file, or the defaults when none is named.
 * @param file Path of a YAML (or JSON) file; falls back to OUTCRY_CONFIG.
 * @throws UsageError that lists every problem with path, value and hint.
 */
export function loadConfig(file: string | undefined, kinds: SourceKinds, env: Environment = process.env): Config {
  const path = configPath(file, env);
  if (path === undefined) return readConfig({}, kinds, env);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the config ${path}: ${messageOf(error)}`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new UsageError(
      `${path} is not valid YAML:\n${document.errors.map((e) => `  ${path}:${lines.linePos(e.pos[0]).line} ${e.message.split('\n')[0]}`).join('\n')}`,
    );
  }
  return readConfig(document.toJS(), kinds, env, { file: path, document, lines });
}
