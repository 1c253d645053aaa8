// Opens a SQLite database and brings it to this version's tables; says in one sentence why it cannot.
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { messageOf, OperationalError } from '../../core/errors.js';

// src/store/sqlite and dist/store/sqlite lie equally deep below the package.
const migrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

export interface Connection {
  client: Database.Database;
  db: BetterSQLite3Database;
  /** How people know the database: its path, or `:memory:`. */
  name: string;
}

/** The sentence for what SQLite complains of; other errors are returned as they are. */
export function explain(error: unknown, name: string): unknown {
  const code = error instanceof Database.SqliteError ? error.code : '';
  const words = (sentence: string) => new OperationalError(sentence, { cause: error });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return words(`the database ${name} is locked by another process: stop that process or use another file`);
  if (code === 'SQLITE_NOTADB') return words(`${name} is not a SQLite database: give another path`);
  if (code.startsWith('SQLITE_CORRUPT'))
    return words(`the database ${name} is damaged (${messageOf(error)}): restore it from a backup`);
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM' || code === 'SQLITE_AUTH')
    return words(`the database ${name} cannot be written: check the owner and rights of the file and its folder`);
  if (code.startsWith('SQLITE_CANTOPEN'))
    return words(`the database ${name} cannot be opened: check the path and the rights of its folder`);
  if (code === 'SQLITE_FULL') return words(`no space is left for the database ${name}: free some on its disk`);
  if (code.startsWith('SQLITE_IOERR'))
    return words(`the disk under the database ${name} does not answer (${messageOf(error)})`);
  return error;
}

/** Makes a folder and those above it. (Node's own `recursive` never ends under /proc, where nothing can be made.) */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Creates the file's folder and makes sure that the file can be written, or throws an OperationalError. */
function checkWritable(path: string): void {
  try {
    makeFolder(dirname(path));
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new OperationalError(
      `the database ${path} cannot be written (${messageOf(error)}): check the path and the rights of its folder`,
      { cause: error },
    );
  }
}

function open(path: string, busyTimeoutMs: number, readonly: boolean): Connection {
  const client = new Database(path, { readonly, timeout: busyTimeoutMs });
  try {
    // Who reads leaves more to the system's own cache: an export of everything must not fill the process.
    client.pragma(`cache_size = ${readonly ? -16_384 : -65_536}`);
    if (!readonly) {
      client.pragma('journal_mode = WAL');
      client.pragma('synchronous = NORMAL');
      // Checkpoints have their own thread (checkpoints.ts); a commit waits for the disk only when that falls far behind.
      client.pragma('wal_autocheckpoint = 64000');
      client.pragma('journal_size_limit = 67108864');
    }
    return { client, db: drizzle(client), name: path };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** How far the database's tables are from ours: migrations still to apply, or the OperationalError that bars it. */
function missingMigrations({ client, name }: Connection): number {
  const ours = readMigrationFiles({ migrationsFolder }).map((m) => m.folderMillis);
  const tables = client.prepare("select name from sqlite_master where type = 'table'").pluck().all();
  if (!tables.includes('__drizzle_migrations')) {
    if (tables.length === 0) return ours.length;
    throw new OperationalError(`${name} is a database of another program: give another path`);
  }
  const applied = client.prepare('select created_at from __drizzle_migrations').pluck().all().map(Number);
  if (applied.some((t) => t > (ours.at(-1) as number)))
    throw new OperationalError(
      `the database ${name} was written by a newer version of Outcry: update Outcry or use another file`,
    );
  if (applied.some((t) => !ours.includes(t)))
    throw new OperationalError(`${name} is a database of another program: give another path`);
  return ours.length - applied.length;
}

/** Throws an OperationalError unless the database has exactly this version's tables. */
export function checkMigrated(connection: Connection): void {
  let missing: number;
  try {
    missing = missingMigrations(connection);
  } catch (error) {
    throw explain(error, connection.name);
  }
  if (missing > 0)
    throw new OperationalError(
      `the database ${connection.name} was written by an older version of Outcry: start \`outcry serve\` on it once to update it`,
    );
}

function bringUpToDate(connection: Connection): void {
  try {
    migrate(connection.db, { migrationsFolder });
  } catch (error) {
    // Another process that opened the file at the same time may have done it.
    if (missingMigrations(connection) > 0) throw error;
  }
}

/**
 * Opens a database for writing; creates it (and its folder) when it is missing and brings it to this version.
 * @throws OperationalError in one sentence when that cannot be done.
 */
export function connect(path: string, busyTimeoutMs: number): Connection {
  if (path !== ':memory:') checkWritable(path);
  let connection: Connection | undefined;
  try {
    connection = open(path, busyTimeoutMs, false);
    if (missingMigrations(connection) > 0) bringUpToDate(connection);
    return connection;
  } catch (error) {
    connection?.client.close();
    throw explain(error, path);
  }
}

/** Opens an existing database for reading only. @throws OperationalError when it is missing or of another version. */
export function connectReadOnly(path: string, busyTimeoutMs: number): Connection {
  if (!existsSync(path)) throw new OperationalError(`there is no database ${path}: check the path`);
  let connection: Connection | undefined;
  try {
    connection = open(path, busyTimeoutMs, true);
    checkMigrated(connection);
    return connection;
  } catch (error) {
    connection?.client.close();
    throw explain(error, path);
  }
}
