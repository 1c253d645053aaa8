// The classic detectors that ours is measured beside; each scores a step from the past alone, memory given in hours.
import type { GridSeries, Judge } from './grid.js';

const dayHours = 24;
const weekHours = 168;

/** Counts that keep a ratio or a deviation finite on thin series, per 20 minutes. */
const floorPer20Minutes = 1;

export const classics: Record<string, Judge> = {
  'absolute count': (series) => each(series, () => (count) => count),
  'ratio to time of day': (series) =>
    each(series, ({ perDay, floor }) => {
      const usual = new Float64Array(perDay).fill(Number.NaN);
      return (count, i) => {
        const slot = i % perDay;
        const known = usual[slot]!;
        usual[slot] = Number.isNaN(known) ? count : known + 0.1 * (count - known);
        return Number.isNaN(known) ? 0 : count / (known + floor);
      };
    }),
  'STA/LTA': (series) =>
    each(series, ({ perHour, floor }) => {
      let short = 0;
      let long = 0;
      let weight = 0;
      return (count) => {
        const before = weight > 0 ? long / weight : 0;
        short += (count - short) * Math.min(1, 1 / perHour);
        const kept = Math.exp(-1 / (weekHours * perHour));
        long = long * kept + count;
        weight = weight * kept + 1;
        return short / (before + floor);
      };
    }),
  'EWMA z': (series) => each(series, ({ perHour }) => deviation(0.3 / perHour, Number.POSITIVE_INFINITY)),
  'robust EWMA z': (series) => each(series, ({ perHour }) => deviation(0.06 / perHour, 3)),
  'median + MAD': (series) =>
    each(series, ({ perHour, floor }) => {
      const past = createHistory(Math.round(weekHours * perHour));
      return (count) => {
        const score = past.size < perHour * dayHours ? 0 : (count - past.median()) / (1.4826 * past.spread() + floor);
        past.add(count);
        return score;
      };
    }),
  'S-H-ESD-like': (series) =>
    each(series, ({ perHour, perDay, floor }) => {
      const season = new Float64Array(perDay).fill(Number.NaN);
      const past = createHistory(Math.round(weekHours * perHour));
      const rests = createHistory(Math.round(weekHours * perHour));
      return (count, i) => {
        const slot = i % perDay;
        const level = past.size > 0 ? past.median() : 0;
        const usual = season[slot]!;
        season[slot] = Number.isNaN(usual) ? count - level : usual + 0.1 * (count - level - usual);
        past.add(count);
        const rest = Math.round(count - level - (Number.isNaN(usual) ? 0 : usual));
        const score = rests.size < perDay ? 0 : (rest - rests.median()) / (1.4826 * rests.spread() + floor);
        rests.add(rest);
        return score;
      };
    }),
};

interface Scale {
  perHour: number;
  perDay: number;
  floor: number;
}

function each(series: GridSeries, make: (scale: Scale) => (count: number, i: number) => number) {
  const perHour = 3600 / series.width;
  const score = make({ perHour, perDay: Math.round(24 * perHour), floor: floorPer20Minutes / (perHour / 3) });
  const scores = new Float64Array(series.counts.length);
  for (let i = 0; i < scores.length; i++) {
    const count = series.counts[i]!;
    if (!Number.isNaN(count)) scores[i] = Math.max(0, score(count, i));
  }
  return { scores };
}

/** Deviation from an exponential mean in units of an exponential standard deviation, learning cut at `cut` of them. */
function deviation(rate: number, cut: number): (count: number) => number {
  let mean = 0;
  let variance = 1;
  let seen = 0;
  return (count) => {
    const spread = Math.sqrt(variance + 0.1);
    const score = seen > 20 ? (count - mean) / spread : 0;
    const share = Math.max(rate, 1 / ++seen);
    const error = Math.min(Math.max(count - mean, -cut * spread), cut * spread);
    mean += share * error;
    variance += share * (error * error - variance);
    return score;
  };
}

/** The last `length` whole numbers, by how often each occurs. */
function createHistory(length: number) {
  const ring: number[] = [];
  const tally = new Map<number, number>();
  let at = 0;
  let sorted: [number, number][] = [];
  let stale = true;
  let middle = 0;
  let spread = 0;
  const weightedMedian = (pairs: [number, number][]) => {
    let left = ring.length / 2;
    for (const [value, times] of pairs) {
      left -= times;
      if (left <= 0) return value;
    }
    return 0;
  };
  /** Median and spread are those of the last refresh: they move slowly against the length. */
  function refresh() {
    if (!stale) return;
    stale = false;
    sorted = [...tally].sort((a, b) => a[0] - b[0]);
    middle = weightedMedian(sorted);
    spread = weightedMedian(
      sorted.map(([value, times]): [number, number] => [Math.abs(value - middle), times]).sort((a, b) => a[0] - b[0]),
    );
  }
  return {
    get size() {
      return ring.length;
    },
    add(value: number) {
      if (ring.length === length) {
        const oldest = ring[at]!;
        const times = tally.get(oldest)! - 1;
        if (times > 0) tally.set(oldest, times);
        else tally.delete(oldest);
      }
      ring[at] = value;
      tally.set(value, (tally.get(value) ?? 0) + 1);
      at = (at + 1) % length;
      if (at % 12 === 0) stale = true;
    },
    median() {
      refresh();
      return middle;
    },
    spread() {
      refresh();
      return spread;
    },
  };
}
