// The clock's work: judges every step that is due, in order, and stores spikes, incidents and their changes.

import type { Catalog } from '../core/catalog.js';
import type { ReadStore, TickBatch, WriteStore } from '../core/ports.js';
import type { Incident, IncidentChange, Reading, SeriesKey, Spike } from '../core/signal.js';
import { day, floorTo, minute } from '../core/time.js';
import { createTurns } from '../core/turns.js';
import { findSpillover } from '../detect/spillover.js';
import { findCommonCause } from './common-cause.js';
import { createIncidentFollower, type Followed, type OpenSpike, type Outcome } from './follow-incident.js';
import { followSpike } from './follow-spikes.js';
import { createSeriesJudge, seriesId } from './judge-series.js';
import { createUsualRates, type UsualRates } from './usual-rates.js';

/** Below this share of sources in contact, a step is a gap and not a silence. */
const coverageFloor = 0.5;
/** Posts that come later than this after their time raise no alarm any more; polled feeds are read every few minutes. */
const latestMs = 30 * minute;
/** Steps in which nothing happens are stored together, this many at most. */
const mostQuietSteps = 288;
/** Blind steps older than this are forgotten: no series is caught up from so far back. */
const blindMemoryMs = 30 * day;
/** The row of the detectors' table in which the tick keeps its own memory; no service has this id. */
const memoryKey: SeriesKey = { service: '*', region: '*' };

export interface TickOptions {
  read: ReadStore;
  write: Pick<WriteStore, 'judge'>;
  catalog: Catalog;
  /** Width of a step, ms. */
  widthMs: number;
  /** The alert budget: about one false alarm per series in this many weeks. */
  budgetWeeks?: number;
  /** A step is judged this long after its end, ms. */
  lagMs: number;
  /** Share of the sources (of these, or of all) that were in contact in [from, to), 0..1. Must answer for past steps the same again. */
  coverage(from: number, to: number, sources?: readonly string[]): number;
  /** Told of each change after it was stored. */
  onChange?(change: IncidentChange, incident: Incident): void;
}

export interface Tick {
  /**
   * Judges all steps whose end lies `lagMs` or more before `now` (epoch ms), and stores the outcome; calls queue up.
   * Nothing is kept that the store does not hold: cut off anywhere, a new tick goes on with the same outcome.
   * @returns the changes of incidents. @throws what the store throws; the same steps are then due again.
   */
  advance(now: number): Promise<IncidentChange[]>;
  /** Epoch ms from which on the next step can be judged; 0 before the first `advance`. */
  dueAt(): number;
}

/** What the tick remembers beside series and incidents: its first step, the stretches in which it was blind, usual rates. */
export interface Memory {
  origin: number;
  blind: [from: number, to: number][];
  usual?: UsualRates;
}

/** What the tick of a store remembers; null when it never judged. */
export async function readMemory(read: Pick<ReadStore, 'detector'>): Promise<Memory | null> {
  const stored = await read.detector(memoryKey);
  return stored && JSON.parse(new TextDecoder().decode(stored.state));
}

/** Opens the tick on what the store holds. */
export async function createTick(options: TickOptions): Promise<Tick> {
  const { read, write, catalog, widthMs, lagMs, coverage, onChange } = options;
  const lateMs = Math.ceil(latestMs / widthMs) * widthMs;
  let judgedUntil = await read.judgedUntil();
  const endTurn = createTurns();
  let run = await resume();
  let queue: Promise<unknown> = Promise.resolve();

  /** Everything that is known between steps, as the store has it. */
  async function resume() {
    const memory: Memory = (await readMemory(read)) ?? { origin: judgedUntil ?? 0, blind: [] };
    const spikes = new Map<string, Spike>();
    for (const spike of await read.openSpikes()) spikes.set(seriesId(spike), spike);
    const incidents = new Map<string, Followed | null>();
    for (const incident of await read.openIncidents()) incidents.set(incident.service, await followed(incident));
    const active = new Map((await read.activeSeries()).map((key) => [seriesId(key), key]));
    const series = createSeriesJudge({
      read,
      widthMs,
      budgetWeeks: options.budgetWeeks,
      lateMs,
      usualPerHour: createUsualRates({
        read,
        catalog,
        origin: () => memory.origin,
        kept: () => memory.usual,
        keep(usual) {
          memory.usual = usual;
          run.memoryChanged = true;
        },
      }),
      origin: () => memory.origin,
      wasBlind: (t) => memory.blind.some(([from, to]) => t < to && t + widthMs > from),
    });
    const follow = createIncidentFollower({
      read,
      catalog,
      origin: () => memory.origin,
      coverage: (from, to, sources) => coverage(from, to, sources),
      coverageFloor,
    });
    return { memory, memoryChanged: false, spikes, incidents, active, series, follow, batch: emptyBatch(), quiet: 0 };
  }

  async function followed(incident: Incident): Promise<Followed> {
    const last = (await read.changes(incident.id)).at(-1);
    const since = last?.at ?? incident.detectedAt;
    return { incident, standing: { state: incident.state, since, before: last?.from ?? null } };
  }

  /** The service's open incident, or its last one: that may go on. */
  async function incidentOf(service: string): Promise<Followed | null> {
    let known = run.incidents.get(service);
    if (known === undefined) {
      const [last] = (await read.incidents({ service, limit: 1 })).items;
      known = last ? await followed(last) : null;
      run.incidents.set(service, known);
    }
    return known;
  }

  async function judgeStep(from: number): Promise<void> {
    const end = from + widthMs;
    const at = end + lagMs;
    const blind = coverage(from, end) < coverageFloor;
    if (blind) rememberBlind(from, end);
    const since = Math.max(end - lateMs, run.memory.origin, run.memory.blind.at(-1)?.[1] ?? 0);
    const keys = new Map<string, SeriesKey & { authors: number }>();
    if (!blind) for (const touched of await read.touchedSeries(since, end)) keys.set(seriesId(touched), touched);
    for (const [id, key] of run.active) if (!keys.has(id)) keys.set(id, { ...key, authors: 0 });
    const eventful = run.active.size > 0;

    const before = run.batch.readings.length;
    const readings = new Map<string, Reading>();
    for (const [id, { service, region, authors }] of keys) {
      const key = { service, region };
      const reading = await run.series.judge(key, from, blind ? null : { since, authors }, run.active.has(id));
      if (!reading) continue;
      readings.set(id, reading);
      run.batch.readings.push({ ...key, reading, widthMs });
      if (reading.active) run.active.set(id, key);
      else run.active.delete(id);
      const spike = await followSpike(read, run.spikes.get(id) ?? null, { key, end, at, reading }, widthMs);
      if (spike) putSpike(spike);
      await endTurn();
    }
    const judged = run.batch.readings.slice(before);
    const common = await findCommonCause(judged, () => read.touchedSeries(end - day, end));
    if (common) run.series.forget(judged);
    await followServices(from, at, blind, readings, common);
    judgedUntil = run.batch.judgedUntil = end;
    run.batch.judgedAt = at;
    run.quiet++;
    const moved = eventful || run.active.size > 0 || run.batch.incidents.length > 0;
    if (moved || run.quiet >= mostQuietSteps) await flush();
  }

  /** Follows every service that has an open spike or incident. */
  async function followServices(
    from: number,
    at: number,
    blind: boolean,
    readings: Map<string, Reading>,
    common: string | null,
  ): Promise<void> {
    const spiking = new Map<string, OpenSpike[]>();
    for (const spike of run.spikes.values()) {
      const reading = readings.get(seriesId(spike));
      if (reading) spiking.set(spike.service, [...(spiking.get(spike.service) ?? []), { spike, reading }]);
    }
    const open = [...run.incidents].filter(([, known]) => known && known.standing.state !== 'resolved');
    const services = [...new Set([...spiking.keys(), ...open.map(([service]) => service)])].sort();
    const words = new Map<string, Pick<Outcome, 'posts' | 'blames'>>();
    for (const service of services) {
      const spikes = (spiking.get(service) ?? []).sort((a, b) => (a.spike.id < b.spike.id ? -1 : 1));
      const step = { service, end: from + widthMs, at, widthMs, blind, spikes };
      const outcome = await run.follow(step, await incidentOf(service));
      if (outcome.followed) putIncident(outcome.followed);
      for (const change of outcome.changes)
        run.batch.changes.push(common && !change.from ? { ...change, reason: `${change.reason}; ${common}` } : change);
      for (const { spike } of spikes)
        if (!blind && spike.heldBack !== outcome.heldBack) putSpike({ ...spike, heldBack: outcome.heldBack });
      if (outcome.posts.size > 0) words.set(service, outcome);
      await endTurn();
    }
    explain(words);
  }

  /** Marks the incidents that others probably explain. */
  function explain(words: Map<string, Pick<Outcome, 'posts' | 'blames'>>): void {
    const burning = [...words].map(([service, { posts, blames }]) => ({
      incident: (run.incidents.get(service) as Followed).incident,
      posts,
      blames,
    }));
    for (const of of burning) {
      const found = findSpillover(of, burning, catalog);
      // A cause that ended earlier stays named.
      const over = of.incident.possibleSpilloverOf.filter(({ service }) => !words.has(service));
      const followed = run.incidents.get(of.incident.service) as Followed;
      putIncident({ ...followed, incident: { ...of.incident, possibleSpilloverOf: [...found, ...over] } });
    }
  }

  function putSpike(spike: Spike): void {
    if (spike.endedAt === null) run.spikes.set(seriesId(spike), spike);
    else run.spikes.delete(seriesId(spike));
    replace(run.batch.spikes, spike);
  }

  function putIncident(followed: Followed): void {
    const known = run.incidents.get(followed.incident.service);
    run.incidents.set(followed.incident.service, followed);
    if (known?.incident !== followed.incident) replace(run.batch.incidents, followed.incident);
  }

  function rememberBlind(from: number, to: number): void {
    const { memory } = run;
    const last = memory.blind.at(-1);
    if (last && last[1] === from) last[1] = to;
    else memory.blind.push([from, to]);
    memory.blind = memory.blind.filter(([, until]) => until > to - blindMemoryMs);
    run.memoryChanged = true;
  }

  /** Stores what was judged since the last time, and tells the changes. */
  async function flush(): Promise<void> {
    const { batch } = run;
    if (batch.judgedUntil === 0) return;
    batch.detectors = run.series.takeChanged();
    if (run.memoryChanged)
      batch.detectors.push({
        ...memoryKey,
        judgedUntil: batch.judgedUntil,
        active: false,
        state: new TextEncoder().encode(JSON.stringify(run.memory)),
      });
    await write.judge(batch);
    Object.assign(run, { batch: emptyBatch(), quiet: 0, memoryChanged: false });
    told.push(...batch.changes);
    for (const change of batch.changes) {
      const incident = batch.incidents.find(({ id }) => id === change.incident);
      if (incident) onChange?.(change, incident);
    }
  }

  let told: IncidentChange[] = [];

  async function judgeAll(now: number): Promise<IncidentChange[]> {
    told = [];
    try {
      if (judgedUntil === null) {
        const first = (await read.span())?.first ?? Number.POSITIVE_INFINITY;
        judgedUntil = floorTo(Math.min(first, now - lagMs), widthMs);
        run.memory.origin = run.batch.judgedUntil = run.batch.judgedAt = judgedUntil;
        run.memoryChanged = true;
        await flush();
      }
      for (let from = floorTo(judgedUntil, widthMs); from + widthMs + lagMs <= now; from += widthMs)
        await judgeStep(from);
      await flush();
    } catch (error) {
      judgedUntil = await read.judgedUntil();
      run = await resume();
      throw error;
    }
    return told;
  }

  return {
    advance(now) {
      const turn = queue.then(() => judgeAll(now));
      queue = turn.catch(() => undefined);
      return turn;
    },
    dueAt: () => (judgedUntil === null ? 0 : floorTo(judgedUntil, widthMs) + widthMs + lagMs),
  };
}

function emptyBatch(): TickBatch {
  return { judgedUntil: 0, judgedAt: 0, detectors: [], readings: [], spikes: [], incidents: [], changes: [] };
}

/** Puts a row in the place of its older version. */
function replace<T extends { id: string }>(rows: T[], row: T): void {
  const i = rows.findIndex(({ id }) => id === row.id);
  if (i >= 0) rows[i] = row;
  else rows.push(row);
}
