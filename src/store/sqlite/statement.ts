// Statements of the hot paths: drizzle writes the SQL once, better-sqlite3 runs it without a layer between.
import type Database from 'better-sqlite3';
import { getTableColumns, is, Placeholder, type Query, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

export type Value = string | number | Uint8Array | null;

/** A prepared statement that takes its values by name. */
export interface Statement<Values, Row> {
  run(values: Values): Database.RunResult;
  get(values: Values): Row | undefined;
  all(values: Values): Row[];
}

/**
 * Prepares a drizzle query whose variable parts are `sql.placeholder(name)`.
 * Values go in as they are (JSON columns as text, booleans as 0 or 1); rows come out under their column names.
 */
export function prepareStatement<Values extends object, Row = unknown>(
  client: Database.Database,
  query: { toSQL(): Query },
): Statement<Values, Row> {
  const { sql: words, params } = query.toSQL();
  const statement = client.prepare<[Value[]], Row>(words);
  const names = params.map((p) => (is(p, Placeholder) ? p.name : null));
  // A loop into one array: this is the innermost step of ingest.
  const bind = (values: Values) => {
    const bound = new Array<Value>(names.length);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      bound[i] = (name === null ? params[i] : (values as Record<string, Value>)[name as string]) as Value;
    }
    return bound;
  };
  return {
    run: (values) => statement.run(bind(values)),
    get: (values) => statement.get(bind(values)),
    all: (values) => statement.all(bind(values)),
  };
}

/** A placeholder for each column of a table, under the column's name in the schema. */
export function placeholders<T extends SQLiteTable, Left extends string = never>(
  table: T,
  ...leaveOut: Left[]
): Record<Exclude<keyof T['_']['columns'], Left>, SQL> {
  const keys = Object.keys(getTableColumns(table)).filter((key) => !(leaveOut as string[]).includes(key));
  return Object.fromEntries(keys.map((key) => [key, sql`${sql.placeholder(key)}`])) as ReturnType<
    typeof placeholders<T, Left>
  >;
}

/** `set` of an upsert: every column but the key takes the new row's value. */
export function excluded<T extends SQLiteTable>(table: T, ...key: string[]) {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !key.includes(name));
  return Object.fromEntries(columns.map(([name, column]) => [name, sql.raw(`excluded."${column.name}"`)]));
}
