// Every swap point of the house on one page.

import type { EvidenceFilter, IncidentFilter, OfficialFilter, PageRequest, SpikeFilter, Voice } from './lists.js';
import type { OfficialIncident } from './official.js';
import type { Kind, Post, Report, Symptom } from './post.js';
import type { Bucket, Incident, IncidentChange, Reading, SeriesKey, Spike } from './signal.js';

/** Tells the time: the machine's, or a replayed file's. */
export interface Clock {
  now(): number;
}

/** One thing read from a source, with the place to resume behind it. */
export interface SourceItem {
  /** null: nothing to count (a skipped row, a heartbeat), only the cursor moves. */
  post: Post | null;
  /** True when the post is a new version of one that was made before. */
  edited?: boolean;
  /** Verdicts that come with the post: the reader's own word, which no classifier has to guess at. */
  reports?: Report[];
  /** What status pages say of their own incidents: new, or in a new version. */
  official?: OfficialIncident[];
  /** Ids of posts that their authors took back. */
  deleted?: string[];
  /** Authors (hashed) who left or were removed: all that they posted is taken back. */
  goneAuthors?: string[];
  /** Where to resume; null = unchanged. */
  cursor: string | null;
  /** Told once this item and all before it are in the store: someone waits for an answer. */
  stored?(): void;
}

/** What a source is given to work with. */
export interface SourceContext {
  /** Cursor saved with the last stored post, or null at the first start. */
  cursor: string | null;
  /** Ends the source at once. */
  signal: AbortSignal;
  clock: Clock;
  /** Keyed hash of an author's name or account id; sources never yield the name itself. */
  hashAuthor(platform: string, author: string): string;
  /** Says that the source was reached, even when it had nothing new: silence is not blindness. */
  alive(): void;
  /** Counts a bad item that was skipped; the reason names what was wrong. */
  skipped(reason: string): void;
}

/** A stream of posts. A bad item is skipped and counted; what it throws is a SourceError; abort ends it without a throw. */
export interface Source {
  name: string;
  kind: string;
  /** Longest time between two contacts when all is well, ms; absent = as for a stream. */
  contactEveryMs?: number;
  /** True: it speaks for providers, so its contact is no ear for the crowd and adds nothing to coverage. */
  official?: boolean;
  /** Ids of the services whose official word it reads. */
  watches?(): string[];
  read(context: SourceContext): AsyncIterable<SourceItem>;
}

export type SourceState = 'starting' | 'healthy' | 'retrying' | 'stale' | 'stopped' | 'failed';

/** How a source fares, for people. */
export interface SourceHealth {
  name: string;
  kind: string;
  state: SourceState;
  /** Epoch ms of the last contact and of the last post. */
  lastAliveAt: number | null;
  lastPostAt: number | null;
  posts: number;
  matches: number;
  skipped: number;
  lastSkip: string | null;
  lastError: string | null;
  /** Failures since the start by their short word (`http-503`, `timeout`). */
  errors: Record<string, number>;
  nextTryAt: number | null;
  /** Requests that the server still allows, as it last said; null where it does not say. */
  requestsLeft: number | null;
  /** True: it speaks for providers, and adds nothing to coverage. */
  official?: boolean;
  /** Ids of the services whose official word it reads. */
  watches?: string[];
}

/** Posts, verdicts and cursors of one step of ingest: stored in one transaction or not at all. */
export interface IngestBatch {
  /** At most one version of each post: verdicts could not be told apart otherwise. */
  posts: Post[];
  /** Verdicts of these posts. */
  reports: Report[];
  deleted: string[];
  /** Hashed authors who left: all their posts go. */
  goneAuthors?: string[];
  /** Versions of status pages' incidents, in the order in which they were read. */
  official?: OfficialIncident[];
  /** Posts read and matched, by source and minute. */
  seen: { source: string; t: number; posts: number; matched: number }[];
  cursors: { source: string; cursor: string }[];
  /** Posts older than this (epoch ms) are stored, not counted. */
  horizon: number;
}

/** What ingest changed: the steps of series whose counts are new. */
export type Touched = (SeriesKey & { t: number })[];

/** Outcome of one tick: stored in one transaction or not at all. */
export interface TickBatch {
  /** End of what has been judged, epoch ms. */
  judgedUntil: number;
  /** Moment at which its last step was judged, epoch ms: incidents are known as they are here from then on. */
  judgedAt: number;
  detectors: (SeriesKey & { judgedUntil: number; active: boolean; state: Uint8Array })[];
  readings: (SeriesKey & { reading: Reading; widthMs: number })[];
  spikes: Spike[];
  incidents: Incident[];
  changes: IncidentChange[];
}

export const scopes = ['posts', 'reports', 'verdicts', 'marks', 'manage'] as const;
/** What a token may write: posts, reports of readers, verdicts about posts, notes and marks of incidents, services and sources. */
export type Scope = (typeof scopes)[number];

/** Someone who may write. */
export interface Token {
  name: string;
  /** SHA-256 of the token, hex; the token itself is kept nowhere. */
  hash: string;
  scopes: readonly Scope[];
}

/** What an operator says of a post that the classifier got wrong. */
export interface Correction {
  kind: Kind;
  /** Services that it is about; none for kind `other`. */
  services: string[];
  /** Epoch ms. */
  at: number;
  /** Name of the operator's token, or `terminal`. */
  by: string;
}

export const marks = ['false-alarm', 'merged'] as const;
/** What an operator judges an incident to have been: no outage, or a part of another incident. */
export type Mark = (typeof marks)[number];

/** What operators say of an incident; the incident itself stays as the method judged it. */
export interface Remarks {
  /** Oldest first; `at` in epoch ms, `by` the name of the operator's token. */
  notes: { text: string; at: number; by: string }[];
  /** `target`: the incident that a merged one is a part of. */
  mark: { mark: Mark; target: string | null; at: number; by: string } | null;
}

/** What a request with an Idempotency-Key came to, to be told again when it is repeated. */
export interface Outcome {
  /** Hash of who asked and of the key. */
  key: string;
  /** Hash of what was asked. */
  request: string;
  status: number;
  /** JSON of the answer. */
  body: string;
  /** Epoch ms. */
  at: number;
}

/** A service or a source that was put over the API: an entry as the catalog's file or the config would hold it. */
export interface Managed {
  kind: 'service' | 'source';
  /** Id of the service, name of the source. */
  name: string;
  /** Checked before it is kept; may hold secrets of a source. */
  entry: Record<string, unknown>;
  /** Epoch ms. */
  at: number;
  /** Name of the token. */
  by: string;
}

/** All that writes to the store. Each verb is one transaction. */
export interface WriteStore {
  /** Stores a batch; posts that are stored already count once. Recomputes the touched buckets. */
  ingest(batch: IngestBatch): Promise<Touched>;
  /** Stores the outcome of a tick. */
  judge(batch: TickBatch): Promise<void>;
  /**
   * Drops texts and superseded versions of official incidents older than `textBefore`, and minute buckets and the readings of no episode older than `bucketsBefore`
   * (epoch ms); counts, also of posts seen, stay and are rolled up to 15 minutes. Works in short transactions, so that
   * ingest can go on in between.
   */
  expire(limits: {
    textBefore: number;
    bucketsBefore: number;
    /** Quarter-hour roll-ups older than this become hours; absent = they stay. */
    quartersBefore?: number;
  }): Promise<{ texts: number; buckets: number }>;
  /** Keeps a value of the installation (author key, catalog version). Never overwrites: returns the value that stands. */
  keep(key: string, value: string): Promise<string>;
  /**
   * Keeps a correction (null: takes it back) and puts `reports` in the place of the post's verdicts; recounts. It goes
   * when the post is edited or deleted. False when the post is unknown or its text is gone.
   */
  correct(postId: string, correction: Correction | null, reports: Report[]): Promise<boolean>;
  /** Adds a note to an incident. */
  addNote(incident: string, note: Remarks['notes'][number]): Promise<void>;
  /** Marks an incident; null takes the mark away. */
  setMark(incident: string, mark: Remarks['mark']): Promise<void>;
  /** Keeps an outcome, unless there is one under its key; drops those older than `before` (epoch ms). */
  keepOutcome(outcome: Outcome, before: number): Promise<void>;
  /** Keeps a managed entry in the place of the one of its kind and name. */
  putManaged(managed: Managed): Promise<void>;
  /** Takes a managed entry away. False when there is none. */
  dropManaged(kind: Managed['kind'], name: string): Promise<boolean>;
  /** Adds a token. False when the name is taken. */
  addToken(token: Token, at: number): Promise<boolean>;
  /** Takes a token away. False when there is none of that name. */
  revokeToken(name: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Page<T> {
  items: T[];
  /** Opaque cursor of the next page; null at the end. */
  next: string | null;
}

/** One post shown as evidence; the author is never shown. */
export interface Evidence {
  postId: string;
  platform: string;
  source: string;
  text: string | null;
  url: string | null;
  lang: string | null;
  createdAt: number;
  kind: Kind;
  score: number;
  symptom: Symptom | null;
  region: string | null;
  why: string[];
}

/** One report with what the evidence rules need to know of its post. */
export interface ReportRow {
  postId: string;
  author: string | null;
  source: string;
  platform: string;
  text: string | null;
  createdAt: number;
  kind: Kind;
  symptom: Symptom | null;
  region: string | null;
  /** Services that the post takes for the cause; absent = none. */
  blames?: string[];
}

/** What a service's reports of some time add up to. */
export interface Tally {
  reports: number;
  /** Reports without a known region. */
  unlocated: number;
  platforms: string[];
  symptoms: Partial<Record<Symptom, number>>;
  /** Services that the reports blame, the most blamed first. */
  blamed: { service: string; reports: number }[];
  /** Counts by region, `*` among them; a region's count holds those of all regions in it. */
  regions: { region: string; reports: number; authors: number }[];
}

/** What a chart draws of a reading. */
export type Expectation = Pick<Reading, 't' | 'observed' | 'expected' | 'low' | 'high' | 'surprise'>;

/** All that reads the store. */
export interface ReadStore {
  cursor(source: string): Promise<string | null>;
  judgedUntil(): Promise<number | null>;
  /** Event time of the oldest and newest counted report; null in an empty store. */
  span(): Promise<{ first: number; last: number } | null>;
  /** State of the detector of one series, or null for a series never judged. */
  detector(key: SeriesKey): Promise<{ judgedUntil: number; state: Uint8Array } | null>;
  /** Series with an open episode. */
  activeSeries(): Promise<SeriesKey[]>;
  /** Series with reports in [from, to), with the sums of their buckets. */
  touchedSeries(from: number, to: number): Promise<(SeriesKey & { reports: number; authors: number })[]>;
  /** Buckets of one series that begin in [from, to), in order; minutes without reports are left out, aged ones rolled up. */
  buckets(key: SeriesKey, from: number, to: number): Promise<Bucket[]>;
  /** Sums of the buckets of one series that begin in [from, to), by steps of `stepMs`, in order; empty steps are left out. */
  counts(
    key: SeriesKey,
    from: number,
    to: number,
    stepMs: number,
  ): Promise<Pick<Bucket, 't' | 'reports' | 'authors'>[]>;
  /**
   * What a chart with steps of `stepMs` draws of the readings of one series in [from, to), in order. Where its steps are
   * whole hours, the readings of an hour may be told by even shares of what they sum up to.
   */
  expectations(key: SeriesKey, from: number, to: number, stepMs: number): Promise<Expectation[]>;
  /** Sums over the counted reports of a service in [from, to). */
  tally(service: string, from: number, to: number): Promise<Tally>;
  /** How the counted reports of a service in [from, to) divide: by steps of `stepMs`, platform and symptom; in order of time. */
  breakdown(
    service: string,
    from: number,
    to: number,
    stepMs: number,
  ): Promise<{ t: number; platform: string; symptom: Symptom | null; reports: number }[]>;
  /** Readings of one series in [from, to), in order. */
  readings(key: SeriesKey, from: number, to: number): Promise<(Reading & { widthMs: number })[]>;
  /** Reports of a service in [from, to) with what the evidence rules need, oldest first; all kinds but `other`. */
  reports(service: string, from: number, to: number): Promise<ReportRow[]>;
  /** Texts of all kept posts of [from, to), whatever they say of whatever service. */
  texts(from: number, to: number): Promise<string[]>;
  /** Kept posts received at `since` or later, in the order in which they were stored: what a back-test replays. */
  posts(since: number, page: { limit: number; cursor?: string }): Promise<Page<Post>>;
  /** A kept post; null when it is unknown or its text is gone. */
  post(id: string): Promise<Post | null>;
  /** Corrections with their posts, in the order in which the posts were stored; those whose text is gone are left out. */
  corrections(page: { limit: number; cursor?: string }): Promise<Page<Correction & { post: Post }>>;
  /** Posts read in [from, to) by source and minute. */
  seen(from: number, to: number): Promise<{ source: string; t: number; posts: number; matched: number }[]>;
  /** Official incidents, each in the version that stands, newest first. */
  official(filter: OfficialFilter): Promise<Page<OfficialIncident>>;
  /** All kept versions of official incidents, in the order in which they were stored: what a back-test replays. */
  officialVersions(page: PageRequest): Promise<Page<OfficialIncident>>;
  openIncidents(): Promise<Incident[]>;
  /** Like all pages: a cursor that is broken or of another order is a UsageError. */
  incidents(filter: IncidentFilter): Promise<Page<Incident>>;
  incident(id: string): Promise<Incident | null>;
  /** An incident as it was known at a time (epoch ms), and since when it was; null when no such version is kept. */
  incidentAt(id: string, at: number): Promise<{ incident: Incident; since: number } | null>;
  changes(incident: string): Promise<IncidentChange[]>;
  /** Changes of all incidents later than `after` (epoch ms), oldest first. */
  changesAfter(after: number, limit: number): Promise<IncidentChange[]>;
  openSpikes(): Promise<Spike[]>;
  spikes(filter: SpikeFilter): Promise<Page<Spike>>;
  /** Posts behind a service's reports in [from, to), newest first unless ordered otherwise. */
  evidence(service: string, from: number, to: number, filter: EvidenceFilter): Promise<Page<Evidence>>;
  /** Who speaks in the counted reports of a series in [from, to); what lies in a part of the region counts in it. */
  voices(key: SeriesKey, from: number, to: number): Promise<Voice[]>;
  /** Reports per service in [from, to). */
  activity(from: number, to: number): Promise<{ service: string; reports: number; authors: number }[]>;
  remarks(incident: string): Promise<Remarks>;
  /** The outcome kept under a key since then (epoch ms), or null. */
  outcome(key: string, since: number): Promise<Outcome | null>;
  /** Managed entries of a kind, by name. */
  managed(kind: Managed['kind']): Promise<Managed[]>;
  /** Those who may write, by name; `addedAt` in epoch ms. */
  tokens(): Promise<(Token & { addedAt: number })[]>;
  /** Throws an OperationalError when the database does not answer or is not migrated. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The narrow door from HTTP into ingest. */
export interface Inbox {
  /** Checks one post as JSON gave it. Never throws; a problem names field, value and way out. */
  parse(value: unknown): { post: Post } | { problem: string };
  /** Fulfilled once all are stored, rejected when they will not be; null when the queue is full: try again later. */
  offer(posts: Post[]): Promise<void> | null;
  hashAuthor(platform: string, author: string): string;
}

/** The narrow door for readers' own reports ("it is down for me"). */
export interface Readers {
  /** Keyed hash of a network address; the address itself is kept nowhere. */
  authorOf(address: string): string;
  /** Counts what a reader says of a service; answers as `Inbox.offer` does. */
  offer(said: {
    service: string;
    symptom: Symptom;
    region: string | null;
    text: string;
    author: string | null;
  }): Promise<void> | null;
}

/** The narrow door from HTTP to what operators change. */
export interface Desk extends Pick<WriteStore, 'addNote' | 'setMark' | 'keepOutcome'> {
  /**
   * Corrects the verdict about a post; null takes the correction back. Without `services` it is about the subject that
   * the classifier sees. @returns the services that it is about now; null when the post is unknown or its text is gone.
   */
  correct(
    postId: string,
    said: { kind: Kind; services?: readonly string[]; by: string } | null,
  ): Promise<string[] | null>;
}

/** What is wrong with an entry: the field (empty = the whole entry), and words that name the value and the way out. */
export interface EntryFault {
  field: string;
  message: string;
}

/** The narrow door from HTTP to what is listened for and to whom: kept in the store, merged over config and catalog. */
export interface Manager {
  /** Names of the managed entries of a kind. */
  names(kind: Managed['kind']): Promise<Set<string>>;
  /** Checks and keeps an entry; it takes effect at once. @returns what is wrong with it; none = it stands. */
  put(kind: Managed['kind'], name: string, entry: unknown, by: string): Promise<EntryFault[]>;
  /** Takes a managed entry back: what config and catalog say stands again. @returns what bars that; null = there is none. */
  drop(kind: Managed['kind'], name: string): Promise<EntryFault[] | null>;
}
