// outcry sources: how the sources of a running server fare, and a first try of one of the config.
import type { Command } from 'commander';
import { version } from '../app.js';
import { loadConfig } from '../config/load.js';
import { openReader } from '../config/open-reader.js';
import { messageOf, OperationalError, UsageError } from '../core/errors.js';
import type { OfficialIncident } from '../core/official.js';
import type { Post } from '../core/post.js';
import { second, toIso } from '../core/time.js';
import { ApiError, type components, createClient } from '../http/client/client.js';
import { readPost } from '../pipeline/ingest.js';
import { type SourceKindName, sourceKinds } from '../sources/index.js';
import { createHttp } from '../sources/net/http.js';
import { writeLine } from './lines.js';

const headings = ['name', 'kind', 'state', 'posts', 'matches', 'skipped', 'last post', 'last error'];

function table(rows: string[][]): string {
  const widths = headings.map((_, i) => Math.max(...rows.map((row) => (row[i] as string).length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function printHealth(url: string): Promise<void> {
  let items: components['schemas']['Source'][];
  try {
    ({ items } = await createClient({ baseUrl: url }).get('/api/v1/sources'));
  } catch (error) {
    if (error instanceof ApiError)
      throw new OperationalError(`${url} answered ${error.status}: is it an Outcry server?`);
    throw new OperationalError(
      `no server answers at ${url} (${messageOf((error as Error).cause ?? error)}): start one with outcry serve, or name its address with --url`,
    );
  }
  if (!Array.isArray(items)) throw new OperationalError(`${url} answered something else: is it an Outcry server?`);
  const rows = items.map((s) =>
    [s.name, s.kind, s.state, s.posts, s.matches, s.skipped, s.lastPostAt ?? '-', s.lastError ?? '-'].map(String),
  );
  await writeLine(table([headings, ...rows]));
}

/** Most posts that a first try shows, and the longest it waits for them. */
const tryPosts = 5;
const tryMs = 30 * second;

async function trySource(name: string, file: string | undefined): Promise<void> {
  const config = loadConfig(file, sourceKinds);
  const settings = config.sources.find((s) => s.name === name);
  if (!settings) {
    throw new UsageError(
      `no source is named ${name}; the config has: ${config.sources.map((s) => s.name).join(', ') || 'none'}`,
    );
  }
  const reader = openReader(config);
  const http = createHttp({ allowHosts: config.allowHosts, contact: config.contact, version });
  const source = sourceKinds[settings.kind as SourceKindName].create(name, settings.options as never, {
    http,
    catalog: reader.catalog,
  });
  const signal = AbortSignal.timeout(tryMs);
  const aborter = new AbortController();
  signal.addEventListener('abort', () => aborter.abort());
  let shown = 0;
  let contact = false;
  try {
    const items = source.read({
      cursor: null,
      signal: aborter.signal,
      clock: { now: Date.now },
      hashAuthor: () => '(hashed)',
      alive: () => {
        contact = true;
      },
      skipped: (reason) => process.stderr.write(`skipped: ${reason}\n`),
    });
    for await (const { post, official = [], cursor } of items) {
      contact = true;
      // The first look of a polled source is over: the next one would show the same.
      const over = cursor !== null && source.contactEveryMs !== undefined && (shown > 0 || source.official);
      if (!post && over) break;
      const lines = [...(post ? [preview(post, readPost(post, reader))] : []), ...official.map(previewOfficial)];
      for (const line of lines.slice(0, tryPosts - shown)) {
        await writeLine(JSON.stringify(line));
        shown++;
      }
      if (shown === tryPosts) break;
    }
  } catch (error) {
    throw new OperationalError(`${name}: ${messageOf(error)}`);
  } finally {
    aborter.abort();
    await http.close();
  }
  if (!contact) throw new OperationalError(`${name} did not answer within ${tryMs / second} s`);
  process.stderr.write(`${name} answers; ${shown} posts shown, nothing was stored\n`);
}

function preview(post: Post, reports: ReturnType<typeof readPost>) {
  const { id, platform, lang, text, url, createdAt } = post;
  const stored = reports === null ? 'no: names no service' : 'yes';
  return { id, platform, lang, createdAt: toIso(createdAt), text, url, stored, reports: reports ?? [] };
}

function previewOfficial({ id, service, title, impact, state, startedAt, url }: OfficialIncident) {
  return { id, service, title, impact, state, startedAt: toIso(startedAt), url, stored: 'yes' };
}

export function addSourcesCommand(program: Command): void {
  const sources = program
    .command('sources')
    .description('how the sources of a running server fare')
    .option('--url <address>', 'address of the server', 'http://127.0.0.1:8080')
    .addHelpText(
      'after',
      `
Example:
  $ outcry sources
  $ outcry sources test isp-forum --config outcry.yaml`,
    )
    .action(({ url }: { url: string }) => printHealth(url));
  sources
    .command('test')
    .description('read one source of the config once: prints up to five posts and what would be stored, writes nothing')
    .argument('<name>', 'name of the source in the config')
    .option('--config <file>', 'YAML file of settings')
    .addHelpText(
      'after',
      `
Example:
  $ outcry sources test isp-forum --config outcry.yaml`,
    )
    .action((name: string, { config }: { config?: string }) => trySource(name, config));
}
