// What operators keep beside what was heard: tokens, notes, marks, and the answers that a repeated request gets again.
import { asc, eq } from 'drizzle-orm';
import type { ReadStore, WriteStore } from '../../core/ports.js';
import type { Connection } from './connect.js';
import { tokens } from './schema.js';

/** The synchronous parts of the verbs; each must run inside a transaction. */
export function createOperatorWrites({ db }: Connection) {
  return {
    addToken({ name, hash, scopes }: Parameters<WriteStore['addToken']>[0], addedAt: number): boolean {
      const row = { name, hash, scopes: [...scopes], addedAt };
      return db.insert(tokens).values(row).onConflictDoNothing({ target: tokens.name }).run().changes === 1;
    },
    revokeToken: (name: string): boolean => db.delete(tokens).where(eq(tokens.name, name)).run().changes === 1,
  };
}

export function createOperatorReads({ db }: Connection): Pick<ReadStore, 'tokens'> {
  const allTokens = db.select().from(tokens).orderBy(asc(tokens.name)).prepare();
  return {
    tokens: async () => allTokens.all(),
  };
}
