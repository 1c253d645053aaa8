// Tables of the store. Portable SQL: integer epoch ms, text ids, JSON as text; `npm run db:generate` writes the migrations.
import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { OfficialImpact, OfficialState } from '../../core/official.js';
import type { Managed, Mark, Scope } from '../../core/ports.js';
import type { Kind } from '../../core/post.js';

/** Matched posts. A deleted one stays as an empty row, so that a late copy of it is not taken for a new post. */
export const posts = sqliteTable(
  'posts',
  {
    /** Short key that reports refer to; natural ids may be long. */
    n: integer().primaryKey(),
    id: text().notNull().unique(),
    source: text().notNull(),
    platform: text().notNull(),
    author: text(),
    /** null once its retention is over or its author took it back. */
    text: text(),
    lang: text(),
    context: text(),
    place: text(),
    url: text(),
    createdAt: integer('created_at').notNull(),
    receivedAt: integer('received_at').notNull(),
    /** 1 when it came before the horizon had passed it. */
    counted: integer().notNull(),
    deleted: integer().notNull().default(0),
  },
  (t) => [
    index('posts_with_text').on(t.createdAt).where(sql`text is not null`),
    index('posts_author').on(t.author).where(sql`author is not null`),
  ],
);

/** Verdicts that are kept. What counting needs of the post is repeated here, so that it reads this table alone. */
export const reports = sqliteTable(
  'reports',
  {
    post: integer().notNull(),
    service: text().notNull(),
    kind: text().notNull(),
    score: real().notNull(),
    symptom: text(),
    region: text(),
    why: text().notNull(),
    createdAt: integer('created_at').notNull(),
    author: text(),
    source: text().notNull(),
    platform: text().notNull(),
    /** 1 when it adds to buckets. */
    counted: integer().notNull(),
    /** JSON list of the services taken for the cause; null = none. */
    blames: text(),
  },
  (t) => [
    uniqueIndex('reports_post_service').on(t.post, t.service),
    index('reports_service_time').on(t.service, t.createdAt, t.post),
    index('reports_author').on(t.service, t.author, t.createdAt).where(sql`counted = 1 and author is not null`),
  ],
);

const counts = {
  service: text().notNull(),
  region: text().notNull(),
  t: integer().notNull(),
  reports: integer().notNull(),
  authors: integer().notNull(),
  sources: integer().notNull(),
};

/** One minute of one series. As `rollups` and `readings` it is kept in the order of its key (migration 0005 WITHOUT ROWID). */
export const buckets = sqliteTable('buckets', counts, (t) => [
  primaryKey({ columns: [t.service, t.region, t.t] }),
  index('buckets_time').on(t.t, t.service, t.region),
]);

/** Aged buckets: 15 minutes, later an hour. */
export const rollups = sqliteTable('rollups', { ...counts, widthMs: integer('width_ms').notNull() }, (t) => [
  primaryKey({ columns: [t.service, t.region, t.t] }),
  index('rollups_time').on(t.t, t.service, t.region),
]);

/**
 * Sums of whole judged hours beside what they sum up: cells, and readings with the squares of the halves of their intervals.
 * Wide charts and looks back over days read them. Kept in the order of its key (migration 0006 WITHOUT ROWID).
 */
export const hours = sqliteTable(
  'hours',
  {
    service: text().notNull(),
    region: text().notNull(),
    t: integer().notNull(),
    reports: integer().notNull(),
    authors: integer().notNull(),
    /** How many readings, where the hour was judged and watched throughout; else 0, as all that follows. */
    readings: integer().notNull(),
    widthMs: integer('width_ms').notNull(),
    observed: real().notNull(),
    expected: real().notNull(),
    below: real().notNull(),
    above: real().notNull(),
    /** The largest of a step. */
    surprise: real().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.service, t.region, t.t] }),
    index('hours_time').on(t.t, t.service, t.region, t.reports, t.authors),
  ],
);

/** Posts read, matched or not; a row with 0 posts says that the source was reached. */
export const seen = sqliteTable(
  'seen',
  {
    t: integer().notNull(),
    source: text().notNull(),
    posts: integer().notNull(),
    matched: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.t, t.source] })],
);

export const cursors = sqliteTable('cursors', { source: text().primaryKey(), cursor: text().notNull() });

export const detectors = sqliteTable(
  'detectors',
  {
    service: text().notNull(),
    region: text().notNull(),
    judgedUntil: integer('judged_until').notNull(),
    active: integer().notNull(),
    state: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.service, t.region] }),
    index('detectors_active').on(t.service, t.region).where(sql`active = 1`),
  ],
);

export const readings = sqliteTable(
  'readings',
  {
    service: text().notNull(),
    region: text().notNull(),
    t: integer().notNull(),
    widthMs: integer('width_ms').notNull(),
    observed: real(),
    expected: real().notNull(),
    low: real().notNull(),
    high: real().notNull(),
    surprise: real().notNull(),
    bar: real().notNull(),
    windowMs: integer('window_ms').notNull(),
    alert: text(),
    active: integer({ mode: 'boolean' }).notNull(),
    calming: integer({ mode: 'boolean' }).notNull(),
    provisional: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.service, t.region, t.t] })],
);

export const spikes = sqliteTable(
  'spikes',
  {
    id: text().primaryKey(),
    service: text().notNull(),
    region: text().notNull(),
    startedAt: integer('started_at').notNull(),
    detectedAt: integer('detected_at').notNull(),
    peakAt: integer('peak_at').notNull(),
    endedAt: integer('ended_at'),
    surprise: real().notNull(),
    reports: integer().notNull(),
    expected: real().notNull(),
    authors: integer().notNull(),
    heldBack: text('held_back'),
  },
  (t) => [
    index('spikes_time').on(t.startedAt, t.id),
    index('spikes_service_time').on(t.service, t.startedAt, t.id),
    index('spikes_open').on(t.id).where(sql`ended_at is null`),
  ],
);

export const incidents = sqliteTable(
  'incidents',
  {
    id: text().primaryKey(),
    service: text().notNull(),
    state: text().notNull(),
    startedAt: integer('started_at').notNull(),
    detectedAt: integer('detected_at').notNull(),
    peakAt: integer('peak_at').notNull(),
    resolvedAt: integer('resolved_at'),
    regions: text({ mode: 'json' }).$type<string[]>().notNull(),
    touched: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    /** Its regions and all that contain them. */
    within: text({ mode: 'json' }).$type<string[]>().notNull(),
    reports: integer().notNull(),
    authors: integer().notNull(),
    platforms: text({ mode: 'json' }).$type<string[]>().notNull(),
    unlocated: real().notNull(),
    symptoms: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
    surprise: real().notNull(),
    spillover: text({ mode: 'json' }).$type<{ service: string; overlap: number }[]>().notNull(),
    blamed: text({ mode: 'json' }).$type<{ service: string; reports: number }[]>().notNull().default([]),
    method: text().notNull(),
  },
  (t) => [
    index('incidents_time').on(t.startedAt, t.id),
    index('incidents_service_time').on(t.service, t.startedAt, t.id),
    index('incidents_open').on(t.startedAt, t.id).where(sql`state <> 'resolved'`),
  ],
);

/** Incidents as they were known from a moment on: a row for each step that changed what is told of them. */
export const incidentVersions = sqliteTable(
  'incident_versions',
  {
    incident: text().notNull(),
    /** Moment at which the step was judged. */
    at: integer().notNull(),
    /** The whole incident. */
    facts: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.incident, t.at] })],
);

export const incidentChanges = sqliteTable(
  'incident_changes',
  {
    n: integer().primaryKey(),
    incident: text().notNull(),
    at: integer().notNull(),
    from: text(),
    to: text().notNull(),
    reason: text().notNull(),
  },
  (t) => [
    uniqueIndex('incident_changes_once').on(t.incident, t.at, t.to),
    index('incident_changes_time').on(t.at, t.n),
  ],
);

/** Status pages' own incidents: a row for each version, as it was read; nothing is overwritten. */
export const official = sqliteTable(
  'official',
  {
    n: integer().primaryKey(),
    id: text().notNull(),
    source: text().notNull(),
    service: text().notNull(),
    title: text().notNull(),
    impact: text().$type<OfficialImpact>().notNull(),
    state: text().$type<OfficialState>().notNull(),
    startedAt: integer('started_at').notNull(),
    publishedAt: integer('published_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    resolvedAt: integer('resolved_at'),
    url: text(),
    components: text({ mode: 'json' }).$type<string[]>().notNull(),
    receivedAt: integer('received_at').notNull(),
  },
  (t) => [index('official_id').on(t.id, t.n), index('official_service').on(t.service, t.id, t.n)],
);

/** Those who may write; of a token only its SHA-256 is kept. */
export const tokens = sqliteTable('tokens', {
  name: text().primaryKey(),
  hash: text().notNull().unique(),
  scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
  addedAt: integer('added_at').notNull(),
});

/** What operators say of posts that the classifier got wrong; one a post, gone with the text that it is about. */
export const corrections = sqliteTable('corrections', {
  post: integer().primaryKey(),
  kind: text().$type<Kind>().notNull(),
  services: text({ mode: 'json' }).$type<string[]>().notNull(),
  at: integer().notNull(),
  by: text().notNull(),
});

/** What operators write beside an incident. */
export const incidentNotes = sqliteTable(
  'incident_notes',
  {
    n: integer().primaryKey(),
    incident: text().notNull(),
    text: text().notNull(),
    at: integer().notNull(),
    by: text().notNull(),
  },
  (t) => [index('incident_notes_incident').on(t.incident, t.n)],
);

/** What operators judge an incident to have been; kept apart from it, so that the method's own word stands. */
export const incidentMarks = sqliteTable('incident_marks', {
  incident: text().primaryKey(),
  mark: text().$type<Mark>().notNull(),
  target: text(),
  at: integer().notNull(),
  by: text().notNull(),
});

/** Answers to requests that carried an Idempotency-Key, kept for a day. */
export const outcomes = sqliteTable(
  'outcomes',
  {
    key: text().primaryKey(),
    /** Hash of what was asked. */
    request: text().notNull(),
    status: integer().notNull(),
    body: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [index('outcomes_time').on(t.at)],
);

/** Services and sources that were put over the API. */
export const managed = sqliteTable(
  'managed',
  {
    kind: text().$type<Managed['kind']>().notNull(),
    name: text().notNull(),
    entry: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    at: integer().notNull(),
    by: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.name] })],
);

/** Values of the installation: how far it has judged and rolled up, its secrets. */
export const meta = sqliteTable('meta', { key: text().primaryKey(), value: text().notNull() });
