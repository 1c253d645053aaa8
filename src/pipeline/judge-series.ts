// Keeps the detectors of all series: a small cache before the store, idle ones caught up at their next touch.

import type { ReadStore, TickBatch } from '../core/ports.js';
import type { Reading, SeriesKey } from '../core/signal.js';
import { day, floorTo } from '../core/time.js';
import { createDetector } from '../detect/detector.js';

/** A quiet past longer than this teaches a baseline nothing more. */
const longestCatchUpMs = 21 * day;
const mostCached = 4_000;

interface Judged {
  key: SeriesKey;
  detector: ReturnType<typeof createDetector>;
  judgedUntil: number;
  active: boolean;
}

export interface SeriesJudge {
  /** Judges the step of the series that begins at `t`; a count of null is a gap. */
  judge(key: SeriesKey, t: number, count: number | null): Promise<Reading>;
  /** States changed since the last call, to be stored. */
  takeChanged(): TickBatch['detectors'];
}

export interface SeriesJudgeOptions {
  read: Pick<ReadStore, 'detector' | 'buckets'>;
  widthMs: number;
  /** Start of the first step ever judged, epoch ms: from then on silence means that nobody reported. */
  origin(): number;
  /** True when nobody looked in the step that begins at `t`. */
  wasBlind(t: number): boolean;
}

/** Text that stands for a series in maps. */
export function seriesId({ service, region }: SeriesKey): string {
  return `${service}/${region}`;
}

export function createSeriesJudge({ read, widthMs, origin, wasBlind }: SeriesJudgeOptions): SeriesJudge {
  const cache = new Map<string, Judged>();
  const changed = new Set<Judged>();

  /** The stored detector, or a new one when there is none or its steps were of another width or layout. */
  async function load(key: SeriesKey, until: number): Promise<Judged> {
    const stored = await read.detector(key);
    if (stored) {
      try {
        const detector = createDetector({ widthMs, state: stored.state });
        return { key, detector, judgedUntil: stored.judgedUntil, active: false };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    return {
      key,
      detector: createDetector({ widthMs }),
      judgedUntil: floorTo(Math.min(until, origin()), widthMs),
      active: false,
    };
  }

  /** Judges the steps up to `until` in which the series was idle; only late posts can have counts there. */
  async function catchUp(judged: Judged, until: number): Promise<void> {
    const from = Math.max(judged.judgedUntil, floorTo(until - longestCatchUpMs, widthMs));
    if (from >= until) return;
    const counts = new Map<number, number>();
    for (const { t, authors } of await read.buckets(judged.key, from, until)) {
      const step = floorTo(t, widthMs);
      counts.set(step, (counts.get(step) ?? 0) + authors);
    }
    for (let t = from; t < until; t += widthMs)
      if (!wasBlind(t)) judged.detector.step({ t, count: counts.get(t) ?? 0 });
  }

  return {
    async judge(key, t, count) {
      const id = seriesId(key);
      const judged = cache.get(id) ?? (await load(key, t));
      cache.delete(id);
      cache.set(id, judged);
      await catchUp(judged, t);
      const reading = judged.detector.step({ t, count });
      judged.judgedUntil = t + widthMs;
      judged.active = reading.active;
      changed.add(judged);
      return reading;
    },
    takeChanged() {
      const states = [...changed].map(({ key, detector, judgedUntil, active }) => ({
        service: key.service,
        region: key.region,
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
