// The database that a command's options name, opened for its work and closed behind it.
import { loadCatalog } from '../catalog/catalog.js';
import { loadConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { ReadStore, WriteStore } from '../core/ports.js';
import { sourceKinds } from '../sources/index.js';
import { openStore } from '../store/open.js';

export interface DatabaseOptions {
  db?: string;
  config?: string;
}

/**
 * Opens the database of `--db`, or of the config, for `work`.
 * @throws UsageError, OperationalError as `loadConfig` and `openStore` do, and what `work` throws.
 */
export async function withDatabase<T>(
  options: DatabaseOptions,
  { readOnly = false }: { readOnly?: boolean },
  work: (store: { read: ReadStore; write: WriteStore; config: Config }) => Promise<T>,
): Promise<T> {
  const config = loadConfig(options.config, sourceKinds);
  const catalog = loadCatalog();
  const { read, write } = await openStore(options.db ?? config.db, {
    readOnly,
    regionPath: (code) => catalog.regionPath(code),
  });
  try {
    return await work({ read, write, config });
  } finally {
    await read.close();
    await write.close();
  }
}
