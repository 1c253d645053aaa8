// The first day of a series: what a burst that nobody could miss shows, with one guess for all and with its class's usual rate.
import { createDetector } from '../../detect/detector.js';
import type { BenchSeries } from './inject.js';
import { median } from './score.js';

const hour = 3600;
const burstAt = 3 * hour;
const burstSeconds = 1800;
/** The burst: so many reports, or what is usual in so many hours. */
export const burstReports = 8;
const burstHours = 5;
const episodeGap = 3 * hour;

export interface ColdStart {
  /** Starts that were tried. */
  starts: number;
  /** Share of bursts in the fourth hour that show as provisional. */
  found: number;
  /** Provisional episodes without a burst, per first day. */
  false: number;
  /** Alerts per second day. */
  secondDay: number;
}

/**
 * Starts a detector on every second day of quiet series.
 * @param clean series of one class
 * @param byClass true = told the median rate of the others of its class, false = one guess for all
 */
export function scoreColdStart(clean: readonly BenchSeries[], byClass: boolean): ColdStart {
  const perHour = clean.map(({ counts, width }) => {
    const known = counts.filter((count) => !Number.isNaN(count));
    return (known.reduce((a, b) => a + b, 0) / known.length) * (hour / width);
  });
  const sum = { starts: 0, found: 0, false: 0, secondDay: 0 };
  for (const [i, { start, width, counts }] of clean.entries()) {
    const others = perHour.filter((_, j) => j !== i).sort((a, b) => a - b);
    const usualPerHour = byClass && others.length > 0 ? median(others) : undefined;
    const day = 86_400 / width;
    const steps = burstSeconds / width;
    const extra = Math.ceil(Math.max(burstReports, burstHours * perHour[i]!) / Math.ceil(steps));
    const judge = (from: number, to: number, more: (step: number) => number) => {
      const detector = createDetector({ widthMs: width * 1000, usualPerHour });
      return Array.from(counts.subarray(from, to), (count, step) =>
        detector.step({
          t: (start + (from + step) * width) * 1000,
          count: Number.isNaN(count) ? null : count + more(step),
        }),
      );
    };
    for (let from = 0; from + 2 * day <= counts.length; from += 2 * day) {
      sum.starts++;
      let last = Number.NEGATIVE_INFINITY;
      for (const { t, provisional, alert } of judge(from, from + 2 * day, () => 0)) {
        if (alert === 'open') sum.secondDay++;
        if (!provisional) continue;
        if (t / 1000 - last > episodeGap) sum.false++;
        last = t / 1000;
      }
      const first = burstAt / width;
      const burst = judge(from, from + first + 2 * Math.ceil(steps), (step) =>
        step >= first && step < first + steps ? extra : 0,
      );
      if (burst.slice(first).some(({ provisional }) => provisional)) sum.found++;
    }
  }
  const { starts } = sum;
  return { starts, found: sum.found / starts, false: sum.false / starts, secondDay: sum.secondDay / starts };
}
