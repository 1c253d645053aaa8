// Writes to SQLite: each verb is one synchronous transaction (expire: several short ones), stored whole or not at all.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import type { WriteStore } from '../../core/ports.js';
import { createCheckpoints } from './checkpoints.js';
import { type Connection, explain } from './connect.js';
import { type Ages, createCounting } from './counting.js';
import { createExpire, type Piece } from './expire.js';
import { createHours } from './hours.js';
import { createIngest } from './ingest.js';
import { createJudge } from './judge.js';
import { metaKeys } from './meta-keys.js';
import { createOfficialWrites } from './official.js';
import { createOperatorWrites } from './operators.js';
import { meta } from './schema.js';
import { excluded, placeholders } from './statement.js';

/** @param regionPath a region and all that contain it, ending in `*`. */
export function createWrites(connection: Connection, regionPath: (code: string | null) => string[]): WriteStore {
  const { client, db, name } = connection;
  const hours = createHours(connection);
  const counting = createCounting(connection, regionPath, hours);
  const posts = createIngest(connection, counting);
  const checkpoints = createCheckpoints(name);
  const judge = createJudge(connection, regionPath);
  const expire = createExpire(connection);
  const official = createOfficialWrites(connection);
  const operators = createOperatorWrites(connection);

  const valueAt = db
    .select({ value: meta.value })
    .from(meta)
    .where(eq(meta.key, sql.placeholder('key')))
    .prepare();
  const putValue = db
    .insert(meta)
    .values(placeholders(meta))
    .onConflictDoUpdate({ target: meta.key, set: excluded(meta, 'key') })
    .prepare();
  const numberAt = (key: string) => Number(valueAt.get({ key })?.value ?? 0);
  const put = (key: string, value: number) => putValue.run({ key, value: String(value) });
  const readAges = (): Ages => ({
    minutesFrom: numberAt(metaKeys.minutesFrom),
    quartersFrom: numberAt(metaKeys.quartersFrom),
  });

  /** Takes the write lock at once; what `work` throws leaves nothing behind. */
  async function inTransaction<T>(work: () => T): Promise<T> {
    try {
      const result = client.transaction(work).immediate();
      checkpoints.wrote();
      return result;
    } catch (error) {
      counting.forget();
      throw explain(error, name);
    }
  }

  /** Repeats a piece of work until it is done, letting others run in between. @returns how many rows it took away. */
  async function untilDone(work: (ages: Ages) => Piece): Promise<number> {
    let total = 0;
    // The store may be closed in between; the next run goes on from there.
    while (client.open) {
      const { rows, done } = await inTransaction(() => {
        const ages = readAges();
        const piece = work(ages);
        put(metaKeys.minutesFrom, ages.minutesFrom);
        put(metaKeys.quartersFrom, ages.quartersFrom);
        return piece;
      });
      total += rows;
      if (done) break;
      await nextTurn();
    }
    return total;
  }

  return {
    ingest: (batch) => inTransaction(() => posts.ingest(batch, readAges())),
    correct: (postId, correction, reports) =>
      inTransaction(() => posts.correct(postId, correction, reports, readAges())),

    judge: (batch) =>
      inTransaction(() => {
        judge(batch);
        put(metaKeys.judgedUntil, batch.judgedUntil);
        const first = batch.readings.reduce((t, { reading }) => Math.min(t, reading.t), batch.judgedUntil);
        hours.judged(first, batch.judgedUntil);
      }),

    async expire({ textBefore, bucketsBefore, quartersBefore = 0 }) {
      const judgedUntil = numberAt(metaKeys.judgedUntil);
      if (judgedUntil > 0) await untilDone(() => ({ rows: 0, done: hours.settle(judgedUntil) }));
      const texts = await untilDone(() => expire.dropTexts(textBefore));
      if (client.open) await inTransaction(() => official.drop(textBefore));
      for (const key of client.open ? expire.series() : []) {
        await untilDone(() => expire.dropReadings(key, bucketsBefore));
        await nextTurn();
      }
      const buckets = await untilDone((ages) => expire.rollMinutes(bucketsBefore, ages));
      await untilDone((ages) => {
        const piece = expire.rollQuarters(quartersBefore, ages);
        hours.drop(ages.quartersFrom);
        return piece;
      });
      return { texts, buckets };
    },

    keep: (key, value) =>
      inTransaction(() => {
        db.insert(meta)
          .values({ key: metaKeys.kept(key), value })
          .onConflictDoNothing()
          .run();
        return valueAt.get({ key: metaKeys.kept(key) })?.value as string;
      }),

    keepOutcome: (outcome, before) => inTransaction(() => operators.keepOutcome(outcome, before)),
    addNote: (incident, note) => inTransaction(() => operators.addNote(incident, note)),
    setMark: (incident, mark) => inTransaction(() => operators.setMark(incident, mark)),
    putManaged: (entry) => inTransaction(() => operators.putManaged(entry)),
    dropManaged: (kind, name) => inTransaction(() => operators.dropManaged(kind, name)),
    addToken: (token, at) => inTransaction(() => operators.addToken(token, at)),
    revokeToken: (name) => inTransaction(() => operators.revokeToken(name)),

    async close() {
      await checkpoints.close();
      // Folds the log into the file even while the reading connection is open, so that the file alone is whole.
      if (client.open && name !== ':memory:') client.pragma('wal_checkpoint(TRUNCATE)');
      client.close();
    },
  };
}
