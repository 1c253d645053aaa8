// Reads of spikes, incidents and their changes.
import { and, asc, desc, eq, getTableColumns, gt, gte, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { ReadStore } from '../../core/ports.js';
import type { Incident, IncidentChange } from '../../core/signal.js';
import type { Connection } from './connect.js';
import { behind, toPage } from './page.js';
import { incidentChanges, incidents, spikes } from './schema.js';

type IncidentReads = Pick<
  ReadStore,
  'openIncidents' | 'incidents' | 'incident' | 'changes' | 'changesAfter' | 'openSpikes' | 'spikes'
>;

function toIncident({ within: _, spillover, ...same }: typeof incidents.$inferSelect): Incident {
  return { ...same, possibleSpilloverOf: spillover } as Incident;
}

/** Incidents that touch a region: they are in it, in a part of it, or in one that contains it. */
function touches(region: string, path: string[]): SQL | undefined {
  const holds = (column: typeof incidents.regions | typeof incidents.within, code: string) =>
    sql`instr(${column}, ${JSON.stringify(code)}) > 0`;
  return or(holds(incidents.within, region), ...path.map((code) => holds(incidents.regions, code)));
}

/** @param regionPath a region and all that contain it, ending in `*`. */
export function createIncidentReads({ db }: Connection, regionPath: (code: string | null) => string[]): IncidentReads {
  const open = db
    .select()
    .from(incidents)
    .where(sql`state <> 'resolved'`)
    .orderBy(asc(incidents.startedAt), asc(incidents.id))
    .prepare();
  const openSpikes = db.select().from(spikes).where(sql`ended_at is null`).orderBy(asc(spikes.id)).prepare();

  const { n: _n, ...change } = getTableColumns(incidentChanges);
  const changesWhere = (condition: SQL) =>
    db.select(change).from(incidentChanges).where(condition).orderBy(asc(incidentChanges.at), asc(incidentChanges.n));

  return {
    openIncidents: async () => open.all().map(toIncident),

    async incidents({ service, region, state, since, until, limit, cursor }) {
      const rows = db
        .select()
        .from(incidents)
        .where(
          and(
            service === undefined ? undefined : eq(incidents.service, service),
            region === undefined ? undefined : touches(region, regionPath(region)),
            state === undefined ? undefined : eq(incidents.state, state),
            since === undefined ? undefined : or(isNull(incidents.resolvedAt), gte(incidents.resolvedAt, since)),
            until === undefined ? undefined : lt(incidents.startedAt, until),
            behind(cursor, incidents.startedAt, incidents.id),
          ),
        )
        .orderBy(desc(incidents.startedAt), desc(incidents.id))
        .limit(limit + 1)
        .all();
      return toPage(rows, limit, (row) => [row.startedAt, row.id], toIncident);
    },

    async incident(id) {
      const row = db.select().from(incidents).where(eq(incidents.id, id)).get();
      return row ? toIncident(row) : null;
    },

    changes: async (incident) => changesWhere(eq(incidentChanges.incident, incident)).all() as IncidentChange[],

    async changesAfter(after, limit) {
      return changesWhere(gt(incidentChanges.at, after)).limit(limit).all() as IncidentChange[];
    },

    openSpikes: async () => openSpikes.all(),

    async spikes({ service, region, since, until, limit, cursor }) {
      const rows = db
        .select()
        .from(spikes)
        .where(
          and(
            service === undefined ? undefined : eq(spikes.service, service),
            region === undefined ? undefined : eq(spikes.region, region),
            since === undefined ? undefined : or(isNull(spikes.endedAt), gte(spikes.endedAt, since)),
            until === undefined ? undefined : lt(spikes.startedAt, until),
            behind(cursor, spikes.startedAt, spikes.id),
          ),
        )
        .orderBy(desc(spikes.startedAt), desc(spikes.id))
        .limit(limit + 1)
        .all();
      return toPage(
        rows,
        limit,
        (row) => [row.startedAt, row.id],
        (row) => row,
      );
    },
  };
}
