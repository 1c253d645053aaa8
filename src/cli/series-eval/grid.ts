// A series on a grid of steps, and what a detector says of it.
import { createDetector } from '../../detect/detector.js';
import type { Settings } from '../../detect/settings.js';

export interface GridSeries {
  name: string;
  /** Start of the first step, epoch seconds. */
  start: number;
  /** Width of a step, seconds. */
  width: number;
  /** NaN = no row. */
  counts: Float64Array;
}

/** One score a step, larger = more anomalous; alerts only of detectors that have a threshold of their own. */
export interface Judgement {
  scores: Float64Array;
  /** 1 on steps that open an episode. */
  alerts?: Uint8Array;
  /** 1 on steps that open or escalate one. */
  notices?: Uint8Array;
  /** Surprise over bar, 0 while an episode is open: what a threshold may be moved on. */
  ratios?: Float64Array;
}

export type Judge = (series: GridSeries) => Judgement;

/** Puts rows (epoch seconds, ascending) on a grid whose width is their smallest step. */
export function toGrid(name: string, t: readonly number[], counts: readonly number[], width?: number): GridSeries {
  let step = width ?? Number.POSITIVE_INFINITY;
  if (width === undefined) for (let i = 1; i < t.length; i++) step = Math.min(step, t[i]! - t[i - 1]!);
  const start = t[0]!;
  const grid = new Float64Array(Math.round((t.at(-1)! - start) / step) + 1).fill(Number.NaN);
  for (let i = 0; i < t.length; i++) grid[Math.round((t[i]! - start) / step)] = counts[i]!;
  return { name, start, width: step, counts: grid };
}

/** Our detector as a judge. */
export function ourJudge(settings?: Settings): Judge {
  return ({ start, width, counts }) => {
    const detector = createDetector({ widthMs: width * 1000, settings });
    const n = counts.length;
    const scores = new Float64Array(n);
    const alerts = new Uint8Array(n);
    const notices = new Uint8Array(n);
    const ratios = new Float64Array(n);
    let active = false;
    for (let i = 0; i < n; i++) {
      const count = counts[i]!;
      const reading = detector.step({ t: (start + i * width) * 1000, count: Number.isNaN(count) ? null : count });
      scores[i] = reading.surprise;
      if (reading.alert === 'open') alerts[i] = 1;
      if (reading.alert === 'open' || reading.alert === 'escalate') notices[i] = 1;
      if (!active)
        ratios[i] =
          reading.alert === 'open' ? reading.surprise / reading.bar : Math.min(0.99, reading.surprise / reading.bar);
      active = reading.active;
    }
    return { scores, alerts, notices, ratios };
  };
}
