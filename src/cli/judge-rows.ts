// Judges one series of a file: sorts its rows onto a grid of steps and asks the detector for each.
import type { Reading } from '../core/signal.js';
import { minute } from '../core/time.js';
import { createDetector } from '../detect/detector.js';
import type { Settings } from '../detect/settings.js';
import type { RowSeries } from './count-rows.js';

/** A row may stand this share of a step off the grid that begins with the first row. */
const mostOffGrid = 0.1;

/** The smallest step between two rows, ms; null when no two rows differ in time. */
function smallestStep(t: readonly number[]): number | null {
  const sorted = Float64Array.from(t).sort();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) {
    const step = sorted[i]! - sorted[i - 1]!;
    if (step > 0 && step < least) least = step;
  }
  return least < Number.POSITIVE_INFINITY ? least : null;
}

/**
 * Judges the rows in the order of time; steps without a row are gaps.
 * @param widthMs width of a step; null = the smallest step between two rows
 * @param each is given the index of a row within the series and its reading, in the order of time
 * @param refuse is told of each row that is left out
 */
export function judgeRows(
  series: RowSeries,
  widthMs: number | null,
  each: (index: number, reading: Reading) => void,
  refuse: (words: string) => void,
  settings?: Settings,
): void {
  const width = widthMs ?? smallestStep(series.t) ?? minute;
  const order = Uint32Array.from(series.t.keys()).sort((a, b) => series.t[a]! - series.t[b]! || a - b);
  const start = series.t[order[0]!]!;
  const detector = createDetector({ widthMs: width, settings });
  let last = -1;
  let lastLine = 0;
  for (const index of order) {
    const offset = (series.t[index]! - start) / width;
    const step = Math.round(offset);
    const line = series.line[index]!;
    if (step <= last) {
      refuse(
        `line ${line}: t: series ${JSON.stringify(series.name)} has a row of the same step in line ${lastLine}; one row a step: add them up first`,
      );
      continue;
    }
    if (Math.abs(offset - step) > mostOffGrid) {
      refuse(
        `line ${line}: t: series ${JSON.stringify(series.name)}: off the grid of ${width / 1000} s steps that begins with its first row; say the right width with --bucket`,
      );
      continue;
    }
    last = step;
    lastLine = line;
    each(index, detector.step({ t: start + step * width, count: series.count[index]! }));
  }
}
