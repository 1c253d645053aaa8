// Keeps the detectors of all series: a small cache before the store, idle ones caught up at their next touch.

import type { ReadStore, TickBatch } from '../core/ports.js';
import type { Detector, Reading, SeriesKey } from '../core/signal.js';
import { day, floorTo } from '../core/time.js';
import { createDetector } from '../detect/detector.js';
import { defaultSettings } from '../detect/settings.js';

/** How far back a new detector learns from what the store holds; of silence, a week teaches all there is to learn. */
const pastMs = 21 * day;
const silenceMs = 7 * day;
const mostCached = 4_000;

interface Judged {
  key: SeriesKey;
  detector: Detector;
  judgedUntil: number;
  active: boolean;
  /** What the detector was given in the last `lateMs`. */
  given: { t: number; count: number }[];
}

/** Authors of a series in [since, end of the step). */
export interface Recent {
  since: number;
  authors: number;
}

export interface SeriesJudge {
  /**
   * Judges the step of the series that begins at `t`. Its count is what is new: authors of the step, and of the steps
   * since `recent.since` whose posts came too late for them (polled feeds always do).
   * @param recent null = nobody looked
   * @param isOpen true while the series has an open episode
   * @returns null when there is nothing new and no episode is open: the series stays idle
   */
  judge(key: SeriesKey, t: number, recent: Recent | null, isOpen: boolean): Promise<Reading | null>;
  /** Keeps what was judged last of these series from teaching their baselines anything. */
  forget(keys: readonly SeriesKey[]): void;
  /** States changed since the last call, to be stored. */
  takeChanged(): TickBatch['detectors'];
}

export interface SeriesJudgeOptions {
  read: Pick<ReadStore, 'detector' | 'counts' | 'readings'>;
  widthMs: number;
  /** The alert budget: about one false alarm per series in this many weeks. */
  budgetWeeks?: number;
  /** How late a post may come and still count in the step that is judged then, ms. */
  lateMs: number;
  /** Reports per hour that are usual for a series not heard before `t`. */
  usualPerHour(key: SeriesKey, t: number): Promise<number>;
  /** Start of the first step ever judged, epoch ms: from then on silence means that nobody reported. */
  origin(): number;
  /** True when nobody looked in the step that begins at `t`. */
  wasBlind(t: number): boolean;
}

/** Text that stands for a series in maps. */
export function seriesId({ service, region }: SeriesKey): string {
  return `${service}/${region}`;
}

export function createSeriesJudge(options: SeriesJudgeOptions): SeriesJudge {
  const { read, widthMs, lateMs, origin, wasBlind } = options;
  const settings = { ...defaultSettings, budgetWeeks: options.budgetWeeks ?? defaultSettings.budgetWeeks };
  const cache = new Map<string, Judged>();
  const changed = new Set<Judged>();

  /** The stored detector, or a new one when there is none or its steps were of another width or layout. */
  async function load(key: SeriesKey, t: number, since: number): Promise<Judged> {
    const stored = await read.detector(key);
    if (stored) {
      try {
        const detector = createDetector({ widthMs, settings, state: stored.state });
        const given = (await read.readings(key, t - lateMs, t)).map((r) => ({ t: r.t, count: r.observed ?? 0 }));
        return { key, detector, judgedUntil: stored.judgedUntil, active: false, given };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    const judged: Judged = {
      key,
      detector: createDetector({ widthMs, settings, usualPerHour: await options.usualPerHour(key, t) }),
      judgedUntil: floorTo(Math.min(t, origin()), widthMs),
      active: false,
      given: [],
    };
    await learnPast(judged, floorTo(since, widthMs));
    return judged;
  }

  /** Teaches a new detector what the store holds of its series. */
  async function learnPast(judged: Judged, until: number): Promise<void> {
    const from = Math.max(judged.judgedUntil, floorTo(until - pastMs, widthMs));
    const counts = new Map<number, number>();
    for (const { t, authors } of await read.counts(judged.key, from, until, widthMs)) counts.set(t, authors);
    const [first] = counts.keys();
    if (first !== undefined) judge(judged, first, until, counts);
    else catchUp(judged, until);
  }

  /** Judges the steps up to `until` in which the series was idle. */
  function catchUp(judged: Judged, until: number): void {
    judge(judged, Math.max(judged.judgedUntil, floorTo(until - silenceMs, widthMs)), until);
  }

  function judge(judged: Judged, from: number, until: number, counts?: Map<number, number>): void {
    for (let t = from; t < until; t += widthMs)
      if (!wasBlind(t)) judged.detector.step({ t, count: counts?.get(t) ?? 0 });
    judged.judgedUntil = Math.max(judged.judgedUntil, until);
  }

  /** Authors that the detector was not given yet; null when nobody looked. */
  function newAuthors({ given }: Judged, recent: Recent | null): number | null {
    if (!recent) return null;
    let known = 0;
    for (const step of given) if (step.t >= recent.since) known += step.count;
    return Math.max(0, recent.authors - known);
  }

  return {
    async judge(key, t, recent, isOpen) {
      const id = seriesId(key);
      const judged = cache.get(id) ?? (await load(key, t, recent?.since ?? t));
      const count = newAuthors(judged, recent);
      cache.delete(id);
      cache.set(id, judged);
      if (count === 0 && !isOpen) return null;
      catchUp(judged, t);
      const reading = judged.detector.step({ t, count });
      judged.judgedUntil = t + widthMs;
      judged.active = reading.active;
      judged.given = judged.given.filter((step) => step.t >= t - lateMs);
      judged.given.push({ t, count: count ?? 0 });
      changed.add(judged);
      return reading;
    },
    forget(keys) {
      for (const key of keys) cache.get(seriesId(key))?.detector.forget();
    },
    takeChanged() {
      const states = [...changed].map(({ key, detector, judgedUntil, active }) => ({
        ...key,
        judgedUntil,
        active,
        state: detector.save(),
      }));
      changed.clear();
      for (const [id] of cache) {
        if (cache.size <= mostCached) break;
        cache.delete(id);
      }
      return states;
    },
  };
}
