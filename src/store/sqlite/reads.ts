// Reads from SQLite: what tick, API and page ask of the store.
import { eq, sql } from 'drizzle-orm';
import type { ReadStore } from '../../core/ports.js';
import { type Connection, checkMigrated } from './connect.js';
import { metaKeys } from './meta-keys.js';
import { createOfficialReads } from './official.js';
import { createOperatorReads } from './operators.js';
import { createEvidenceReads } from './read-evidence.js';
import { createIncidentReads } from './read-incidents.js';
import { createSeriesReads } from './read-series.js';
import { createSumReads } from './read-sums.js';
import { cursors, meta } from './schema.js';

/** @param regionPath a region and all that contain it, ending in `*`. */
export function createReads(connection: Connection, regionPath: (code: string | null) => string[]): ReadStore {
  const { client, db, name } = connection;
  const cursorOf = db
    .select({ cursor: cursors.cursor })
    .from(cursors)
    .where(eq(cursors.source, sql.placeholder('source')))
    .prepare();
  const judgedUntil = db.select({ value: meta.value }).from(meta).where(eq(meta.key, metaKeys.judgedUntil)).prepare();

  return {
    cursor: async (source) => cursorOf.get({ source })?.cursor ?? null,
    async judgedUntil() {
      const stored = judgedUntil.get();
      return stored ? Number(stored.value) : null;
    },
    ...createSeriesReads(connection),
    ...createSumReads(connection),
    ...createEvidenceReads(connection, regionPath),
    ...createIncidentReads(connection, regionPath),
    ...createOfficialReads(connection),
    ...createOperatorReads(connection),
    check: async () => checkMigrated(connection),
    async close() {
      // The one connection of `:memory:` is the writer's to close.
      if (name !== ':memory:') client.close();
    },
  };
}
