// Turns a series' readings into its spikes: opened by the detector's alarm, kept up to date, closed with the episode.

import type { ReadStore } from '../core/ports.js';
import type { Bucket, Reading, SeriesKey, Spike } from '../core/signal.js';
import { floorTo, hour, minute, toCompactIso } from '../core/time.js';
import { findOnset } from '../detect/onset.js';
import { seriesId } from './judge-series.js';

/** How far before an alarm its beginning is looked for. */
const leastLookbackMs = hour;
const mostLookbackMs = 6 * hour;

/** One judged step of one series. */
export interface JudgedStep {
  key: SeriesKey;
  /** End of the step and the moment it was judged, epoch ms. */
  end: number;
  at: number;
  reading: Reading;
}

/**
 * The spike after a step.
 * @param open the series' open spike, or null
 * @returns the new or changed spike (ended when `endedAt` is set), or null when there is none
 */
export async function followSpike(
  read: Pick<ReadStore, 'buckets' | 'readings'>,
  open: Spike | null,
  step: JudgedStep,
  widthMs: number,
): Promise<Spike | null> {
  const { key, end, at, reading } = step;
  if (!open) return reading.active ? openSpike(read, step, widthMs) : null;
  const higher = reading.surprise > open.surprise;
  return {
    ...open,
    ...sumOf(await read.buckets(key, open.startedAt, end)),
    expected: open.expected + (reading.observed === null ? 0 : reading.expected),
    surprise: higher ? reading.surprise : open.surprise,
    peakAt: higher ? reading.t : open.peakAt,
    endedAt: reading.active ? null : at,
  };
}

function sumOf(buckets: readonly Bucket[]): { reports: number; authors: number } {
  let [reports, authors] = [0, 0];
  for (const bucket of buckets) {
    reports += bucket.reports;
    authors += bucket.authors;
  }
  return { reports, authors };
}

async function openSpike(
  read: Pick<ReadStore, 'buckets' | 'readings'>,
  { key, end, at, reading }: JudgedStep,
  widthMs: number,
): Promise<Spike> {
  const lookback = Math.min(mostLookbackMs, Math.max(leastLookbackMs, 1.5 * reading.windowMs));
  let from = floorTo(end - lookback, minute);
  // What belongs to the episode before is not the beginning of this one.
  for (const { active, t } of await read.readings(key, from, reading.t)) if (active) from = Math.max(from, t + widthMs);
  const counts = await read.buckets(key, from, end);
  const usualPerMinute = (reading.expected * minute) / widthMs;
  const startedAt = findOnset(
    counts.map(({ t, authors }) => ({ t, count: authors })),
    { from, to: end, usualPerMinute },
  );
  return {
    ...key,
    id: `${seriesId(key)}/${toCompactIso(startedAt)}`,
    startedAt,
    detectedAt: at,
    peakAt: reading.t,
    endedAt: null,
    surprise: reading.surprise,
    ...sumOf(counts.filter(({ t }) => t >= startedAt)),
    expected: ((end - startedAt) / minute) * usualPerMinute,
    heldBack: null,
  };
}
