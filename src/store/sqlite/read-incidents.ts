// Reads of spikes, incidents and their changes.
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { EpisodeOrder, IncidentFilter, Order } from '../../core/lists.js';
import type { ReadStore } from '../../core/ports.js';
import type { Incident, IncidentChange } from '../../core/signal.js';
import type { Connection } from './connect.js';
import { keysetOf } from './page.js';
import { incidentChanges, incidents, incidentVersions, spikes } from './schema.js';

type IncidentReads = Pick<
  ReadStore,
  'openIncidents' | 'incidents' | 'incident' | 'incidentAt' | 'changes' | 'changesAfter' | 'openSpikes' | 'spikes'
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

const newestFirst: Order<EpisodeOrder> = { by: 'startedAt', descending: true };

/** What incidents and spikes are narrowed by alike; `end` is the column of their end. */
function episodePasses(
  table: typeof incidents | typeof spikes,
  end: typeof incidents.resolvedAt | typeof spikes.endedAt,
  { service, services, since, until, minAuthors, minSurprise }: Omit<IncidentFilter, 'limit'>,
): SQL | undefined {
  return and(
    service === undefined ? undefined : eq(table.service, service),
    services === undefined ? undefined : inArray(table.service, [...services]),
    since === undefined ? undefined : or(isNull(end), gte(end, since)),
    until === undefined ? undefined : lt(table.startedAt, until),
    minAuthors === undefined ? undefined : gte(table.authors, minAuthors),
    minSurprise === undefined ? undefined : gte(table.surprise, minSurprise),
  );
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

    async incidents({ region, state, minPlatforms, symptom, order = newestFirst, limit, cursor, ...filter }) {
      const keyset = keysetOf(order, incidents, incidents.id);
      const rows = db
        .select()
        .from(incidents)
        .where(
          and(
            episodePasses(incidents, incidents.resolvedAt, filter),
            region === undefined ? undefined : touches(region, regionPath(region)),
            state === undefined
              ? undefined
              : state === 'open'
                ? ne(incidents.state, 'resolved')
                : eq(incidents.state, state),
            minPlatforms === undefined ? undefined : sql`json_array_length(${incidents.platforms}) >= ${minPlatforms}`,
            symptom === undefined ? undefined : sql`json_extract(${incidents.symptoms}, ${`$.${symptom}`}) > 0`,
            keyset.behind(cursor),
          ),
        )
        .orderBy(...keyset.orderBy)
        .limit(limit + 1)
        .all();
      return keyset.toPage(rows, limit, (row) => [row[order.by], row.id], toIncident);
    },

    async incident(id) {
      const row = db.select().from(incidents).where(eq(incidents.id, id)).get();
      return row ? toIncident(row) : null;
    },

    async incidentAt(id, at) {
      const row = db
        .select()
        .from(incidentVersions)
        .where(and(eq(incidentVersions.incident, id), lte(incidentVersions.at, at)))
        .orderBy(desc(incidentVersions.at))
        .limit(1)
        .get();
      return row ? { incident: JSON.parse(row.facts) as Incident, since: row.at } : null;
    },

    changes: async (incident) => changesWhere(eq(incidentChanges.incident, incident)).all() as IncidentChange[],

    async changesAfter(after, limit) {
      return changesWhere(gt(incidentChanges.at, after)).limit(limit).all() as IncidentChange[];
    },

    openSpikes: async () => openSpikes.all(),

    async spikes({ region, open, order = newestFirst, limit, cursor, ...filter }) {
      const keyset = keysetOf(order, spikes, spikes.id);
      const rows = db
        .select()
        .from(spikes)
        .where(
          and(
            episodePasses(spikes, spikes.endedAt, filter),
            region === undefined ? undefined : eq(spikes.region, region),
            open === undefined ? undefined : open ? isNull(spikes.endedAt) : isNotNull(spikes.endedAt),
            keyset.behind(cursor),
          ),
        )
        .orderBy(...keyset.orderBy)
        .limit(limit + 1)
        .all();
      return keyset.toPage(
        rows,
        limit,
        (row) => [row[order.by], row.id],
        (row) => row,
      );
    },
  };
}
