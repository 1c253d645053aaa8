// Opens the store that a database URL names.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationalError, UsageError } from '../core/errors.js';
import type { ReadStore, WriteStore } from '../core/ports.js';
import { connect, connectReadOnly } from './sqlite/connect.js';
import { createReads } from './sqlite/reads.js';
import { createWrites } from './sqlite/writes.js';

export interface StoreOptions {
  /** Opens an existing database without the right to write. */
  readOnly?: boolean;
  /** A region and all that contain it, ending in `*` (the catalog's): where a report counts. */
  regionPath(code: string | null): string[];
  /** How long a write waits while another process holds the database, ms (5000). */
  busyTimeoutMs?: number;
}

/** The file that a database URL names, or `:memory:`. @throws UsageError that names a URL of any other kind. */
function databasePath(url: string): string {
  const scheme = /^([a-z][a-z\d+.-]+):(?!\\)/i.exec(url)?.[1]?.toLowerCase();
  if (url === ':memory:' || url === 'sqlite::memory:') return ':memory:';
  if (url.startsWith('file://')) return fileURLToPath(url);
  const path = scheme === 'file' || scheme === 'sqlite' ? url.slice(scheme.length + 1).replace(/^\/\//, '') : url;
  if (path === '' || path.includes('\0') || (scheme && path === url))
    throw new UsageError(`database ${JSON.stringify(url)}: give a file path, sqlite:PATH, file:PATH or :memory:`);
  return resolve(path);
}

/** A WriteStore that refuses every verb. */
function refuseWrites(name: string): WriteStore {
  const refuse = () => Promise.reject(new OperationalError(`the database ${name} was opened for reading only`));
  return {
    ingest: refuse,
    judge: refuse,
    expire: refuse,
    keep: refuse,
    correct: refuse,
    keepOutcome: refuse,
    addNote: refuse,
    setMark: refuse,
    putManaged: refuse,
    dropManaged: refuse,
    addToken: refuse,
    revokeToken: refuse,
    close: () => Promise.resolve(),
  };
}

/**
 * Opens a store: a file (created when missing; one connection writes, a second one reads) or `:memory:`.
 * Close `read` first: only the writing connection can take SQLite's log away when it is the last to go.
 * @throws UsageError for a URL that names no SQLite database, OperationalError in one sentence when it does not open.
 */
export async function openStore(url: string, options: StoreOptions): Promise<{ read: ReadStore; write: WriteStore }> {
  const path = databasePath(url);
  const { busyTimeoutMs = 5_000 } = options;
  if (options.readOnly) {
    if (path === ':memory:') throw new UsageError('database ":memory:" is empty when opened for reading only');
    return { read: createReads(connectReadOnly(path, busyTimeoutMs), options.regionPath), write: refuseWrites(path) };
  }
  const writing = connect(path, busyTimeoutMs);
  const write = createWrites(writing, options.regionPath);
  if (path === ':memory:') return { read: createReads(writing, options.regionPath), write };
  return { read: createReads(connectReadOnly(path, busyTimeoutMs), options.regionPath), write };
}
