// Medium-sized services, of which there are few series: two neighbours added up, the second four weeks later, and thinned.
import type { GridSeries } from './grid.js';
import type { Label } from './inject.js';
import { createRandom } from './random.js';

const shiftSeconds = 28 * 86_400;
/** Mean count of a step that a medium-sized service has at most. */
const mostMean = 1;

/** A series and the outages that are known to lie in it. */
export interface Labelled {
  series: GridSeries;
  labels: Label[];
}

/** One series of each two neighbours. @param services on one width of steps */
export function mixMedium(services: readonly Labelled[], seed: number): Labelled[] {
  if (services.length < 2) return [];
  return services.flatMap((one, i) => {
    const other = services[(i + 1) % services.length]!;
    const { start, width } = one.series;
    // Which step of the other falls on the first of this one.
    const offset = Math.round((start - other.series.start + shiftSeconds) / width);
    const random = createRandom(seed + i);
    const sums = one.series.counts.map((count, step) => count + (other.series.counts[step + offset] ?? Number.NaN));
    const known = sums.filter((count) => !Number.isNaN(count));
    if (known.length === 0) return [];
    const share = Math.min(1, mostMean / (known.reduce((a, b) => a + b, 0) / known.length));
    const last = sums.findLastIndex((count) => !Number.isNaN(count));
    const first = sums.findIndex((count) => !Number.isNaN(count));
    const counts = sums
      .subarray(first, last + 1)
      .map((count) => (Number.isNaN(count) ? count : random.binomial(count, share)));
    const shifted = other.labels.map((label) => ({ start: label.start - shiftSeconds, end: label.end - shiftSeconds }));
    const name = `${one.series.name}+${other.series.name}`;
    return [{ series: { name, start: start + first * width, width, counts }, labels: [...one.labels, ...shifted] }];
  });
}
