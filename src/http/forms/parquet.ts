// Items as a Parquet file, a row group at a time, so that an export of any length needs the memory of one group.
import { setImmediate } from 'node:timers/promises';
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { TSchema } from 'typebox';

/** Rows of one group: some megabytes of posts. */
const groupRows = 4000;

/** Keeps only what has not been sent. */
class ChunkWriter extends ByteWriter {
  /** What was written since the last call. */
  take(): Uint8Array {
    const chunk = this.getBytes().slice();
    this.index = 0;
    return chunk;
  }
}

interface Column {
  name: string;
  type: BasicType;
  /** From the JSON value to that of the column. */
  value(json: unknown): unknown;
}

const isNone = (json: unknown) => json === null || json === undefined;

/** The column of a field: times as timestamps, whole numbers as 64-bit integers, lists and objects as JSON. */
function columnOf(name: string, schema: { type?: string | string[]; format?: string }): Column {
  const type = [schema.type ?? 'object'].flat().find((t) => t !== 'null');
  const as = (basic: BasicType, change: (json: never) => unknown = (json) => json): Column => ({
    name,
    type: basic,
    value: (json) => (isNone(json) ? null : change(json as never)),
  });
  if (schema.format === 'date-time') return as('TIMESTAMP', (iso: string) => new Date(iso));
  if (type === 'string') return as('STRING');
  if (type === 'integer') return as('INT64', (n: number) => BigInt(n));
  if (type === 'number') return as('DOUBLE');
  if (type === 'boolean') return as('BOOLEAN');
  return as('JSON');
}

/**
 * Yields a Parquet file (Snappy) in chunks.
 * @param schema of an item; its fields become columns, all of them nullable.
 */
export async function* parquetChunks(
  items: AsyncIterable<object> | Iterable<object>,
  schema: TSchema,
  fields: readonly string[],
): AsyncGenerator<Uint8Array> {
  const { properties } = schema as unknown as { properties: Record<string, { type?: string; format?: string }> };
  const columns = fields.map((name) => columnOf(name, properties[name] ?? {}));
  const columnData = (rows: readonly object[]) =>
    columns.map(({ name, type, value }) => ({
      name,
      type,
      data: rows.map((row) => value((row as Record<string, unknown>)[name])),
    }));
  const writer = new ChunkWriter();
  const file = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: columnData([]) }) });
  let rows: object[] = [];
  const flush = () => {
    file.write({ columnData: columnData(rows), rowGroupSize: groupRows });
    rows = [];
    return writer.take();
  };
  for await (const item of items) {
    if (rows.push(item) < groupRows) continue;
    yield flush();
    await setImmediate(); // Others are answered between two groups.
  }
  if (rows.length > 0) yield flush();
  file.finish();
  yield writer.take();
}
