// What operators keep beside what was heard: tokens, notes, marks, and the answers that a repeated request gets again.
import { and, asc, eq, getTableColumns, gte, lt, sql } from 'drizzle-orm';
import type { Managed, Outcome, ReadStore, Remarks, WriteStore } from '../../core/ports.js';
import type { Connection } from './connect.js';
import { incidentMarks, incidentNotes, managed, outcomes, tokens } from './schema.js';

/** The synchronous parts of the verbs; each must run inside a transaction. */
export function createOperatorWrites({ db }: Connection) {
  return {
    keepOutcome(outcome: Outcome, before: number): void {
      db.delete(outcomes).where(lt(outcomes.at, before)).run();
      db.insert(outcomes).values(outcome).onConflictDoNothing().run();
    },
    addNote(incident: string, note: Remarks['notes'][number]): void {
      db.insert(incidentNotes)
        .values({ incident, ...note })
        .run();
    },
    setMark(incident: string, mark: Remarks['mark']): void {
      db.delete(incidentMarks).where(eq(incidentMarks.incident, incident)).run();
      if (mark)
        db.insert(incidentMarks)
          .values({ incident, ...mark })
          .run();
    },
    putManaged(entry: Managed): void {
      const target = [managed.kind, managed.name];
      const { kind: _kind, name: _name, ...set } = entry;
      db.insert(managed).values(entry).onConflictDoUpdate({ target, set }).run();
    },
    dropManaged: (kind: Managed['kind'], name: string): boolean =>
      db
        .delete(managed)
        .where(and(eq(managed.kind, kind), eq(managed.name, name)))
        .run().changes === 1,
    addToken({ name, hash, scopes }: Parameters<WriteStore['addToken']>[0], addedAt: number): boolean {
      const row = { name, hash, scopes: [...scopes], addedAt };
      return db.insert(tokens).values(row).onConflictDoNothing({ target: tokens.name }).run().changes === 1;
    },
    revokeToken: (name: string): boolean => db.delete(tokens).where(eq(tokens.name, name)).run().changes === 1,
  };
}

export function createOperatorReads({ db }: Connection): Pick<ReadStore, 'tokens' | 'remarks' | 'outcome' | 'managed'> {
  const allTokens = db.select().from(tokens).orderBy(asc(tokens.name)).prepare();
  const { text, at, by } = incidentNotes;
  const ofIncident = sql.placeholder('incident');
  const notes = db
    .select({ text, at, by })
    .from(incidentNotes)
    .where(eq(incidentNotes.incident, ofIncident))
    .orderBy(asc(incidentNotes.n))
    .prepare();
  const { incident: _, ...marked } = getTableColumns(incidentMarks);
  const mark = db.select(marked).from(incidentMarks).where(eq(incidentMarks.incident, ofIncident)).prepare();
  return {
    remarks: async (incident) => ({ notes: notes.all({ incident }), mark: mark.get({ incident }) ?? null }),
    async outcome(key, since) {
      return (
        db
          .select()
          .from(outcomes)
          .where(and(eq(outcomes.key, key), gte(outcomes.at, since)))
          .get() ?? null
      );
    },
    managed: async (kind) => db.select().from(managed).where(eq(managed.kind, kind)).orderBy(asc(managed.name)).all(),
    tokens: async () => allTokens.all(),
  };
}
