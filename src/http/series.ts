// Counts and expectations of one series at one interval: what was judged, and what lies between.
import { setImmediate } from 'node:timers/promises';
import type { ReadStore } from '../core/ports.js';
import type { Bucket, Reading, SeriesKey } from '../core/signal.js';
import { day, floorTo, hour, minute } from '../core/time.js';

/** One step of a series as it is shown; times are epoch ms. */
export interface SeriesStep {
  t: number;
  /** null = a gap. */
  observed: number | null;
  expected: number | null;
  low: number | null;
  high: number | null;
  surprise: number | null;
  authors: number | null;
  seen: number;
  /** Share of the step in which somebody looked, 0..1. */
  coverage: number;
}

export interface SeriesData {
  /** Sums of minutes, of steps, or of anything between. */
  buckets: Pick<Bucket, 't' | 'reports' | 'authors'>[];
  /** In order; may reach beyond the window, so that expectations can be carried into it. */
  readings: Pick<Reading, 't' | 'observed' | 'expected' | 'low' | 'high' | 'surprise'>[];
  seen: { t: number; posts: number }[];
}

export interface SeriesWindow {
  from: number;
  to: number;
  /** Width of the steps wanted, ms. */
  stepMs: number;
  /** Width of the steps that are judged, ms: one divides the other. */
  widthMs: number;
}

/** An expectation is carried from a reading at most this far. */
const carryMs = day;

/**
 * Expectation at `t`: the reading there, or between two readings a straight line, or the nearest one, at most a day off.
 * `cursor` walks along with growing `t`.
 */
function createExpectation(readings: SeriesData['readings']) {
  let next = 0;
  return (t: number) => {
    while (next < readings.length && (readings[next] as { t: number }).t < t) next++;
    const after = readings[next];
    if (after?.t === t) return { expected: after.expected, low: after.low, high: after.high };
    const before = next > 0 ? readings[next - 1] : undefined;
    const a = before && t - before.t <= carryMs ? before : undefined;
    const b = after && after.t - t <= carryMs ? after : undefined;
    const only = a ?? b;
    if (!only) return null;
    if (!a || !b) return { expected: only.expected, low: only.low, high: only.high };
    const share = (t - a.t) / (b.t - a.t);
    const mix = (x: number, y: number) => x + (y - x) * share;
    return { expected: mix(a.expected, b.expected), low: mix(a.low, b.low), high: mix(a.high, b.high) };
  };
}

const round = (n: number) => Math.round(n * 1000) / 1000;

/**
 * Lays counts and expectations over steps of `stepMs`. Inside covered time a step without reports has observed 0; a step
 * in which nobody looked is a gap. The interval of a sum of steps takes its halves as independent (they add in squares);
 * steps narrower than the judged ones share its expectation evenly.
 */
export function buildSeries(data: SeriesData, window: SeriesWindow): SeriesStep[] {
  const { stepMs, widthMs } = window;
  const from = floorTo(window.from, stepMs);
  const baseMs = Math.min(stepMs, widthMs);
  const size = Math.max(0, Math.ceil((window.to - from) / baseMs));
  const reports = new Float64Array(size);
  const authors = new Float64Array(size);
  const seen = new Float64Array(size);
  const covered = new Uint8Array(size);
  const surprise = new Float64Array(size).fill(-1);
  const mark = (t: number, lengthMs: number, to: (i: number) => void) => {
    const first = Math.max(0, Math.floor((t - from) / baseMs));
    const last = Math.min(size, Math.ceil((t + lengthMs - from) / baseMs));
    for (let i = first; i < last; i++) to(i);
  };
  for (const s of data.seen) {
    mark(s.t, 1, (i) => {
      seen[i] = (seen[i] as number) + s.posts;
    });
    // Contact is noted once in a judged step, so the whole of it counts as looked at.
    mark(floorTo(s.t, widthMs), widthMs, (i) => {
      covered[i] = 1;
    });
  }
  for (const r of data.readings) {
    mark(r.t, widthMs, (i) => {
      if (r.observed !== null) covered[i] = 1;
      surprise[i] = r.surprise;
    });
  }
  const perStep = stepMs / baseMs;
  for (const b of data.buckets) {
    const own = Math.floor((b.t - from) / baseMs);
    if (own < 0 || own >= size) continue;
    // A sum of a whole step is laid where somebody looked in it; a report counts even where nobody is known to have.
    const end = Math.min(size, own - (own % perStep) + perStep);
    let i = own;
    while (i < end && !covered[i]) i++;
    if (i === end) i = own;
    reports[i] = (reports[i] as number) + b.reports;
    authors[i] = (authors[i] as number) + b.authors;
    covered[i] = 1;
  }
  const expectation = createExpectation(data.readings);
  const share = baseMs / widthMs;
  /** Judged steps that a wide step holds, or the share of one that a narrow step is. */
  const scale = share * perStep;
  const steps: SeriesStep[] = [];
  for (let first = 0; first < size; first += perStep) {
    const step = {
      observed: 0,
      authors: 0,
      seen: 0,
      expected: 0,
      below: 0,
      above: 0,
      surprise: -1,
      covered: 0,
      known: 0,
    };
    for (let i = first; i < Math.min(first + perStep, size); i++) {
      step.seen += seen[i] as number;
      if (!covered[i]) continue;
      step.covered++;
      step.observed += reports[i] as number;
      step.authors += authors[i] as number;
      step.surprise = Math.max(step.surprise, surprise[i] as number);
      const e = expectation(floorTo(from + i * baseMs, widthMs));
      if (!e) continue;
      step.known++;
      step.expected += e.expected * share;
      step.below += (e.expected - e.low) ** 2 * share;
      step.above += (e.high - e.expected) ** 2 * share;
    }
    const known = step.known > 0 && step.known === step.covered;
    let { expected, below, above } = step;
    // In a gap nothing was counted, but what would have been expected there is still worth a line.
    const idle = step.covered === 0 ? expectation(floorTo(from + first * baseMs, widthMs)) : null;
    if (idle) {
      expected = idle.expected * scale;
      below = (idle.expected - idle.low) ** 2 * scale;
      above = (idle.high - idle.expected) ** 2 * scale;
    }
    // Sums of few and rare counts lie low: the lower half is at least as wide as that of pure chance.
    const half = perStep > 1 ? Math.max(Math.sqrt(below), 1.96 * Math.sqrt(expected)) : Math.sqrt(below);
    const told = known || idle !== null;
    steps.push({
      t: from + first * baseMs,
      observed: step.covered ? step.observed : null,
      expected: told ? round(expected) : null,
      low: told ? round(Math.max(0, expected - half)) : null,
      high: told ? round(expected + Math.sqrt(above)) : null,
      surprise: step.surprise < 0 ? null : round(step.surprise),
      authors: step.covered ? step.authors : null,
      seen: step.seen,
      coverage: round(step.covered / Math.min(perStep, size - first)),
    });
  }
  return steps;
}

/** Reads series from the store. */
export type SeriesReader = (
  key: SeriesKey,
  window: { from: number; to: number; stepMs: number },
) => Promise<SeriesStep[]>;

/** Blocks of watched steps that are kept: some years of hours. */
const maxBlocks = 50_000;

/**
 * Tells which judged steps were watched, and how many posts were read in each. What lies an hour behind the judgement no
 * longer changes, so it is kept: a week of minutes is not read anew for every chart.
 */
function createWatch(read: Pick<ReadStore, 'seen' | 'judgedUntil'>, widthMs: number) {
  const blockMs = 12 * widthMs;
  const blocks = new Map<number, SeriesData['seen']>();
  return async (from: number, to: number): Promise<SeriesData['seen']> => {
    const settled = ((await read.judgedUntil()) ?? 0) - hour;
    const wanted: number[] = [];
    for (let t = floorTo(from, blockMs); t < to; t += blockMs) wanted.push(t);
    const found = new Map<number, SeriesData['seen']>();
    for (let i = 0; i < wanted.length; i++) {
      const first = wanted[i] as number;
      const kept = blocks.get(first);
      if (kept) {
        found.set(first, kept);
        continue;
      }
      // A day at a time, so that a long window does not hold up everybody else.
      let end = first + blockMs;
      while (i + 1 < wanted.length && !blocks.has(end) && end - first < day) {
        end += blockMs;
        i++;
      }
      for (let t = first; t < end; t += blockMs) found.set(t, []);
      await setImmediate();
      for (const { t, posts } of await read.seen(first, end)) {
        const block = found.get(floorTo(t, blockMs)) as SeriesData['seen'];
        const step = floorTo(t, widthMs);
        const last = block.at(-1);
        if (last?.t === step) last.posts += posts;
        else block.push({ t: step, posts });
      }
      if (blocks.size > maxBlocks) blocks.clear();
      for (let t = first; t < end; t += blockMs)
        if (t + blockMs <= settled) blocks.set(t, found.get(t) as SeriesData['seen']);
    }
    return wanted.flatMap((t) => found.get(t) as SeriesData['seen']);
  };
}

export function createSeriesReader(read: ReadStore, widthMs: number): SeriesReader {
  const watch = createWatch(read, widthMs);
  let firstReport: number | undefined;
  return async (key, { from: wanted, to, stepMs }) => {
    const from = floorTo(wanted, Math.max(stepMs, widthMs));
    // Before the first report of all there is nothing to read, however far back a reader asks. It is asked for once: what
    // comes late is not later than a day.
    firstReport ??= (await read.span())?.first;
    const first = Math.max(from, (firstReport ?? to) - day);
    const [buckets, readings, seen] = await Promise.all([
      read.counts(key, from, to, stepMs),
      read.expectations(key, from - carryMs, to, stepMs),
      stepMs < widthMs ? read.seen(first, to) : watch(first, to),
    ]);
    return buildSeries({ buckets, readings, seen }, { from: wanted, to, stepMs, widthMs });
  };
}

/** The interval that gives at most `points` steps: the first of `choices` (ms, growing) that is wide enough. */
export function fittingStep(spanMs: number, points: number, choices: readonly number[]): number {
  return choices.find((c) => spanMs / c <= points) ?? (choices.at(-1) as number);
}

/** Intervals that fit the width of the judged steps: one divides the other. */
export function possibleSteps(widthMs: number, choices: readonly number[]): number[] {
  return choices.filter((c) => c >= minute && (c % widthMs === 0 || widthMs % c === 0));
}
