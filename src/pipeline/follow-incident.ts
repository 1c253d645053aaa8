// Turns a service's open spikes into its one incident: weighs the evidence, finds where it is, follows its states.

import type { Catalog } from '../core/catalog.js';
import { speaksFor } from '../core/official.js';
import type { ReadStore, ReportRow } from '../core/ports.js';
import { isSignal } from '../core/post.js';
import type { Incident, IncidentChange, Reading, Spike } from '../core/signal.js';
import { day, hour, minute, toCompactIso, week } from '../core/time.js';
import { methodVersion } from '../detect/detector.js';
import { type EvidenceWeight, weighEvidence, whyTalk } from '../detect/evidence.js';
import {
  because,
  isCalm,
  isRising,
  level,
  lookMs,
  nextState,
  reopenWithinMs,
  type Standing,
} from '../detect/lifecycle.js';
import { localise } from '../detect/localise.js';
import { officialWord } from '../detect/official-word.js';
import { findOnset, findPeak } from '../detect/onset.js';
import type { Blames } from '../detect/spillover.js';

/** Evidence is weighed over the last hours of an episode only, so that a long one costs no more than a short one. */
const evidenceMs = 2 * hour;
const evidenceOfOpenMs = hour;
const mostRows = 3_000;
const mostNotices = 100;
/** How regions usually share a service's reports is learned from this long before an episode. */
const usualMs = week;

/** An incident with where it stands. */
export interface Followed {
  incident: Incident;
  standing: Standing;
}

/** A service's open spike with the reading of its series in this step. */
export interface OpenSpike {
  spike: Spike;
  reading: Reading;
}

/** What a step showed of one service. */
export interface ServiceStep {
  service: string;
  /** End of the step and the moment it was judged, epoch ms. */
  end: number;
  at: number;
  widthMs: number;
  blind: boolean;
  spikes: OpenSpike[];
}

export interface Outcome {
  followed: Followed | null;
  changes: IncidentChange[];
  /** Why the spikes open no incident; null when they do, or when there is nothing to say. */
  heldBack: string | null;
  /** Posts weighed as evidence of an open incident, and those of them that blame a service, by that service. */
  posts: ReadonlySet<string>;
  blames: Blames;
}

/** The crowd's evidence beside the official word. */
interface Heard extends EvidenceWeight {
  official: string | null;
}

const noWords: Pick<Outcome, 'posts' | 'blames'> = { posts: new Set(), blames: new Map() };

export interface FollowOptions {
  read: Pick<ReadStore, 'official' | 'reports' | 'texts' | 'buckets' | 'readings' | 'tally' | 'incident' | 'changes'>;
  catalog: Catalog;
  /** Start of the first step ever judged, epoch ms. */
  origin(): number;
  /** Share of these sources that could be read in [from, to), 0..1. */
  coverage(from: number, to: number, sources: readonly string[]): number;
  coverageFloor: number;
}

/** Makes the verb that follows one service's incident by one step. `previous` is its open or last incident, if any. */
export function createIncidentFollower(options: FollowOptions) {
  const { read, catalog, origin } = options;

  return async function follow(step: ServiceStep, previous: Followed | null): Promise<Outcome> {
    if (step.blind) return advance(step, previous, null, []);
    const main = await mainSpikes(step);
    const open = previous && previous.standing.state !== 'resolved' ? previous : null;
    const stay = (heldBack: string | null): Outcome => ({ followed: previous, changes: [], heldBack, ...noWords });
    if (main.length === 0) {
      if (open) return advance(step, open, null, []);
      return stay(step.spikes.length > 0 ? 'no more than chance gives among so many regions: held back' : null);
    }

    const startedAt = Math.min(...main.map(({ spike }) => spike.startedAt));
    const from = Math.max(startedAt, step.end - (open ? evidenceOfOpenMs : evidenceMs));
    const rows = await rowsOf(step, main, from);
    const official = await findOfficial(step, open?.incident.startedAt ?? startedAt);
    const evidence = { ...weigh(step, main, rows, from), official };
    if (open) return advance(step, open, evidence, main, rows);

    // A spike that outlives its incident is its tail.
    const fresh = main.filter(({ spike }) => !previous || spike.detectedAt > previous.standing.since);
    const why = (sentence: string) => stay(fresh.length > 0 ? sentence : null);
    const { recent, usual } = await look(step, main);
    if (isCalm(recent, usual))
      return why(main[0]?.spike.heldBack ?? 'calm again before the evidence was enough: held back');
    if (evidence.heldBack) {
      if (from === startedAt) return why(evidence.heldBack);
      // The sentence tells of the whole spike, not of its last hours.
      return why(weigh(step, main, await rowsOf(step, main, startedAt), startedAt).heldBack ?? evidence.heldBack);
    }
    const talk = await findTalk(step, main, rows, from);
    if (talk) return why(talk);
    if (previous && step.at - previous.standing.since <= reopenWithinMs) {
      const again = await advance(step, previous, evidence, main, rows);
      return again.changes.length > 0 ? again : stay(null);
    }
    if (fresh.length > 0) return begin(step, Math.min(...fresh.map((f) => f.spike.startedAt)), evidence, main, rows);
    return isRising(recent, usual) ? begin(step, await newOnset(step, main), evidence, main, rows) : stay(null);
  };

  /** Authors of the last minutes, and how many are usual. */
  async function look({ end, widthMs }: ServiceStep, main: OpenSpike[]): Promise<{ recent: number; usual: number }> {
    let recent = 0;
    for (const { spike } of main)
      for (const { authors } of await read.buckets(spike, end - lookMs, end)) recent += authors;
    return { recent, usual: sumOf(main, ({ reading }) => (reading.expected * lookMs) / widthMs) };
  }

  /** When reports began to rise anew although the spike of an ended incident is still open. */
  async function newOnset({ end, widthMs }: ServiceStep, main: OpenSpike[]): Promise<number> {
    const [{ spike, reading }] = main as [OpenSpike];
    const from = end - reopenWithinMs;
    const counts = await read.buckets(spike, from, end);
    return findOnset(
      counts.map(({ t, authors }) => ({ t, count: authors })),
      { from, to: end, usualPerMinute: (reading.expected * minute) / widthMs },
    );
  }

  /** The spikes that speak for the service: that of the whole world, else regions that stand out among all its regions. */
  async function mainSpikes({ service, spikes, end, at, widthMs }: ServiceStep): Promise<OpenSpike[]> {
    const whole = spikes.filter(({ spike }) => spike.region === '*');
    if (whole.length > 0 || spikes.length === 0) return whole;
    const { regions } = await read.tally(service, end - day, end);
    const price = Math.log10(Math.max(1, regions.length - 1));
    const lagMs = at - end;
    const standing: OpenSpike[] = [];
    for (const open of spikes) {
      const { spike, reading } = open;
      const opening = spike.detectedAt - lagMs - widthMs;
      const [first] = await read.readings(spike, opening, opening + widthMs);
      if (spike.surprise >= (first ?? reading).bar + price) standing.push(open);
    }
    return standing;
  }

  /** Reports that the spikes are made of, newest kept when they are very many. */
  async function rowsOf({ service, end }: ServiceStep, main: OpenSpike[], from: number): Promise<ReportRow[]> {
    const rows = (await read.reports(service, from, end)).slice(-mostRows);
    if (main.some(({ spike }) => spike.region === '*')) return rows;
    const regions = new Set(main.map(({ spike }) => spike.region));
    return rows.filter(({ region }) => catalog.regionPath(region).some((code) => regions.has(code)));
  }

  function weigh(step: ServiceStep, main: OpenSpike[], rows: ReportRow[], from: number): EvidenceWeight {
    const expected = sumOf(main, ({ spike }) => {
      const share = (step.end - Math.max(from, spike.startedAt)) / (step.end - spike.startedAt);
      return spike.expected * share;
    });
    return weighEvidence(rows, { expected, names: namesOf(step.service) });
  }

  /** What official pages say of it, as it was known when the step was judged: later words are for later steps. */
  async function findOfficial({ service, at }: ServiceStep, startedAt: number): Promise<string | null> {
    const services = [service, ...catalog.ancestors(service)];
    const { items } = await read.official({
      services,
      since: startedAt - hour,
      until: at,
      knownBy: at,
      limit: mostNotices,
    });
    const episode = { service, startedAt, until: at };
    return officialWord(
      items.filter((notice) => speaksFor(notice, episode, catalog)),
      catalog,
    );
  }

  /** Why these reports are only talk; nobody knows where talk is, so a region alone is not asked. */
  async function findTalk({ service, end }: ServiceStep, main: OpenSpike[], rows: ReportRow[], from: number) {
    if (main.every(({ spike }) => spike.region !== '*')) return null;
    const startedAt = Math.min(...main.map(({ spike }) => spike.startedAt));
    const texts = { now: await read.texts(from, end), before: await read.texts(startedAt - (end - from), startedAt) };
    const reports = rows.filter(({ kind }) => isSignal(kind)).length;
    return whyTalk(reports, texts, sureNamesOf(service));
  }

  function namesOf(id: string): string[] {
    return [...sureNamesOf(id), ...(catalog.service(id)?.ambiguousAliases ?? [])];
  }

  /** Names that mean the service wherever they stand. */
  function sureNamesOf(id: string): string[] {
    const service = catalog.service(id);
    if (!service) return [id];
    const { aliases, localAliases } = service;
    return [...aliases, ...Object.values(localAliases).flat()];
  }

  async function begin(
    step: ServiceStep,
    startedAt: number,
    evidence: Heard,
    main: OpenSpike[],
    rows: ReportRow[],
  ): Promise<Outcome> {
    const id = `${step.service}-${toCompactIso(startedAt)}`;
    const incident: Incident = {
      id,
      service: step.service,
      state: level({ evidence }),
      startedAt,
      detectedAt: step.at,
      peakAt: startedAt,
      resolvedAt: null,
      regions: ['*'],
      touched: [],
      reports: 0,
      authors: 0,
      platforms: [],
      unlocated: 0,
      symptoms: {},
      surprise: 0,
      possibleSpilloverOf: [],
      blamed: [],
      method: methodVersion,
    };
    const change = { incident: id, at: step.at, from: null, to: incident.state, reason: because({ evidence }) };
    const standing: Standing = { state: incident.state, since: step.at, before: null };
    const measured = await measure(incident, step, main);
    return { followed: { incident: measured, standing }, changes: [change], heldBack: null, ...wordsOf(rows) };
  }

  /** Moves an incident on by one step; without evidence nothing but its end or blindness can follow. */
  async function advance(
    step: ServiceStep,
    previous: Followed | null,
    evidence: Heard | null,
    main: OpenSpike[],
    rows: ReportRow[] = [],
  ): Promise<Outcome> {
    if (!previous) return { followed: null, changes: [], heldBack: null, ...noWords };
    const { end, at, widthMs } = step;
    const blind =
      step.blind ||
      (evidence !== null &&
        evidence.sources.length > 0 &&
        options.coverage(end - widthMs, end, evidence.sources) < options.coverageFloor);
    const { recent, usual } = await look(step, main);
    const next = nextState(previous.standing, {
      at,
      blind,
      spiking: main.length > 0,
      recent,
      usual,
      evidence: evidence ?? { effective: 0, expected: 0, classes: [], recoveries: 0, reports: 0 },
      recoveriesNow: weighEvidence(
        rows.filter(({ kind, createdAt }) => kind === 'recovery' && createdAt >= end - lookMs),
        { expected: 0 },
      ).recoveries,
    });
    const state = next?.to ?? previous.standing.state;
    const measured =
      blind || main.length === 0 || state === 'resolved'
        ? previous.incident
        : await measure(previous.incident, step, main);
    const incident: Incident = {
      ...measured,
      state,
      resolvedAt: state === 'resolved' ? (previous.incident.resolvedAt ?? at) : null,
    };
    const change = next && {
      incident: incident.id,
      at,
      from: previous.standing.state,
      to: next.to,
      reason: next.reason,
    };
    return {
      followed: {
        incident,
        standing: next ? { state, since: at, before: previous.standing.state } : previous.standing,
      },
      changes: change ? [change] : [],
      heldBack: null,
      // Who names what in the tail of an outage tells little of its cause.
      ...(state === 'resolved' || state === 'recovering' ? noWords : wordsOf(rows)),
    };
  }

  /** The incident with its counts, peak and regions as they are now. */
  async function measure(incident: Incident, step: ServiceStep, main: OpenSpike[]): Promise<Incident> {
    const { service, startedAt } = incident;
    const quietFrom = Math.max(startedAt - usualMs, Math.min(origin(), startedAt - hour));
    const now = await read.tally(service, startedAt, step.end);
    const usual = await read.tally(service, quietFrom, startedAt);
    const located = localise(authorsOf(now.regions), authorsOf(usual.regions), {
      scale: (step.end - startedAt) / (startedAt - quietFrom),
      pathOf: (region) => catalog.regionPath(region),
      home: catalog.service(service)?.regions ?? null,
    });
    const everywhere = main.some(({ spike }) => spike.region === '*');
    const regions = everywhere || !located.regions.includes('*') ? located.regions : narrowest(main);
    const minutes = new Map<number, { reports: number; authors: number }>();
    for (const region of everywhere ? ['*'] : regions)
      for (const { t, reports, authors } of await read.buckets({ service, region }, startedAt, step.end)) {
        const sum = minutes.get(t) ?? { reports: 0, authors: 0 };
        minutes.set(t, { reports: sum.reports + reports, authors: sum.authors + authors });
      }
    const counts = [...minutes].sort(([a], [b]) => a - b);
    return {
      ...incident,
      regions,
      touched: located.touched,
      peakAt: findPeak(counts.map(([t, { authors }]) => ({ t, count: authors }))) ?? incident.peakAt,
      // Its counts never fall: a region's spike may end before the whole one does.
      reports: Math.max(
        incident.reports,
        sumOf(counts, ([, { reports }]) => reports),
      ),
      authors: Math.max(
        incident.authors,
        sumOf(counts, ([, { authors }]) => authors),
      ),
      platforms: now.platforms,
      unlocated: now.reports > 0 ? Math.round((now.unlocated / now.reports) * 1000) / 1000 : 0,
      symptoms: now.symptoms,
      blamed: now.blamed,
      surprise: Math.max(incident.surprise, ...step.spikes.map(({ spike }) => spike.surprise)),
    };
  }

  /** Regions of the spikes that hold no other of them. */
  function narrowest(spikes: OpenSpike[]): string[] {
    const regions = spikes.map(({ spike }) => spike.region);
    const wider = new Set(regions.flatMap((region) => catalog.regionPath(region).slice(1)));
    return [...new Set(regions.filter((region) => !wider.has(region)))].sort();
  }
}

function wordsOf(rows: readonly ReportRow[]): Pick<Outcome, 'posts' | 'blames'> {
  const blames = new Map<string, Set<string>>();
  for (const { postId, blames: blamed = [] } of rows)
    for (const cause of blamed) blames.set(cause, (blames.get(cause) ?? new Set()).add(postId));
  return { posts: new Set(rows.map(({ postId }) => postId)), blames };
}

function authorsOf(regions: readonly { region: string; authors: number }[]): Map<string, number> {
  return new Map(regions.map(({ region, authors }) => [region, authors]));
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
