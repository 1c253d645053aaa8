// The injection benchmark: outages of known size planted in real quiet series (rules of the method note, section 7).
import type { GridSeries } from './grid.js';
import { createRandom, type Random } from './random.js';

const step = 1200;
const perDay = 72;
const perWeek = 504;
export const warmUpSeconds = 14 * 86_400;

export const kinds = ['base', 'thin', 'x10', 'fine5', 'fine1'] as const;
export type Kind = (typeof kinds)[number];

const fastPeaks: Record<Kind, readonly number[]> = {
  base: [3, 5, 10, 20, 50, 200],
  thin: [3, 5, 10, 20],
  x10: [20, 50, 100, 200, 500],
  fine5: [3, 5, 10, 20, 50, 200],
  fine1: [3, 5, 10, 20, 50, 200],
};
const rampPeaks: Record<Kind, readonly number[]> = {
  base: [10, 50],
  thin: [5],
  x10: [200],
  fine5: [10, 50],
  fine1: [10, 50],
};
const copies: Record<Kind, number> = { base: 8, thin: 3, x10: 3, fine5: 2, fine1: 2 };
const fine1Weeks = 16;
const fine1Services = ['facebook', 'github', 'gmail'];

/** One planted outage: seconds, and expected extra counts per 20 minutes at its top. */
export interface Planted {
  start: number;
  end: number;
  peak: number;
  shape: 'fast' | 'ramp';
}

export interface BenchSeries extends GridSeries {
  kind: Kind;
  clean: boolean;
  planted: Planted[];
}

/** A known outage to hide from the benchmark, epoch seconds. */
export interface Label {
  start: number;
  end: number;
}

/** Makes all series of the benchmark for one service. @param index of the service, for kinds that only the first ones have */
export function makeBench(
  series: GridSeries,
  labels: readonly Label[],
  seed: number,
  services: readonly string[],
): BenchSeries[] {
  const random = createRandom(seed + [...series.name].reduce((sum, c) => sum + c.charCodeAt(0), 0));
  const masked = mask(series, labels, random);
  const whole = masked.map((count) => (Number.isNaN(count) ? 0 : count));
  const known = [...masked].filter((count) => !Number.isNaN(count));
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const like = (counts: ArrayLike<number>) =>
    Float64Array.from(masked, (count, i) => (Number.isNaN(count) ? count : counts[i]!));
  const finer = (n: number, k: number) => {
    const out = new Float64Array(n * k);
    for (let i = 0; i < n; i++) {
      if (Number.isNaN(masked[i]!)) out.fill(Number.NaN, i * k, i * k + k);
      else out.set(random.split(whole[i]!, k), i * k);
    }
    return out;
  };
  const variants: [Kind, Float64Array, number][] = [['base', masked, step]];
  const share = Math.min(1, 0.05 / mean);
  variants.push(['thin', like(Array.from(whole, (count) => random.binomial(count, share))), step]);
  const sum = new Float64Array(whole.length);
  for (let i = 0; i < 10; i++) {
    const shift = perWeek * random.below(Math.max(2, Math.floor(whole.length / perWeek)));
    for (let j = 0; j < whole.length; j++) sum[(j + shift) % whole.length]! += whole[j]!;
  }
  variants.push(['x10', like(sum), step], ['fine5', finer(whole.length, 4), step / 4]);
  const withFine1 = fine1Services.some((service) => services.includes(service))
    ? fine1Services.includes(series.name)
    : services.indexOf(series.name) < 3;
  if (withFine1) variants.push(['fine1', finer(Math.min(whole.length, fine1Weeks * perWeek), 20), 60]);
  return variants.flatMap(([kind, counts, width]) => {
    const one = (copy: string, counts: Float64Array, planted: Planted[]): BenchSeries => ({
      name: `${kind}/${series.name}/${copy}`,
      start: series.start,
      width,
      counts,
      kind,
      clean: copy === 'clean',
      planted,
    });
    const planted = Array.from({ length: copies[kind] }, (_, i) => {
      const { counts: with_, planted: truth } = plant(series.start, counts, width, kind, random);
      return one(String(i), with_, truth);
    });
    return [one('clean', counts, []), ...planted];
  });
}

/** Replaces known outages (+- 1 h) and visible big episodes by counts of the same time on other days. Looks ahead: for data only. */
function mask({ start, counts }: GridSeries, labels: readonly Label[], random: Random): Float64Array {
  const n = counts.length;
  const sorted = Float64Array.from(counts.filter((count) => !Number.isNaN(count))).sort();
  const place = 0.99 * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const most = low + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - low);
  const bad = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (!(counts[i]! >= 10) || counts[i]! < 5 * (localMean(counts, i, most) + 1)) continue;
    bad.fill(1, Math.max(0, i - 2), i + 3);
  }
  for (const label of labels) {
    const from = Math.floor((label.start - 3600 - start) / step);
    const to = Math.floor((label.end + 3600 - start) / step) + 1;
    if (to > 0) bad.fill(1, Math.max(0, from), to);
  }
  const out = counts.slice();
  for (let i = 0; i < n; i++) {
    if (!bad[i]) continue;
    const others: number[] = [];
    for (let k = -10; k <= 10; k++) {
      const j = i + perDay * k;
      if (k !== 0 && j >= 0 && j < n && !bad[j] && !Number.isNaN(counts[j]!)) others.push(counts[j]!);
    }
    out[i] = others.length > 0 ? others[random.below(others.length)]! : Number.NaN;
  }
  return out;
}

/** Mean over 15 days of the mean of the two hours around this time of day, counts cut at `most`. */
function localMean(counts: Float64Array, i: number, most: number): number {
  let sum = 0;
  let days = 0;
  for (let k = -7; k <= 7; k++) {
    let near = 0;
    let known = 0;
    for (let j = Math.max(0, i - 3); j <= Math.min(counts.length - 1, i + 3); j++) {
      const count = counts[j - perDay * k];
      if (count === undefined || Number.isNaN(count)) continue;
      near += Math.min(count, most);
      known++;
    }
    if (known === 0) continue;
    sum += near / known;
    days++;
  }
  return sum / days;
}

/** Plants one outage about every week, of random size, shape and time, with noise of its own. */
function plant(
  start: number,
  clean: Float64Array,
  width: number,
  kind: Kind,
  random: Random,
): { counts: Float64Array; planted: Planted[] } {
  const counts = clean.slice();
  const planted: Planted[] = [];
  const sizes = [
    ...fastPeaks[kind].map((peak) => ({ shape: 'fast' as const, peak })),
    ...rampPeaks[kind].map((peak) => ({ shape: 'ramp' as const, peak })),
  ];
  let bag: typeof sizes = [];
  let t = start + warmUpSeconds + random.between(0, 5 * 86_400);
  while (t < start + counts.length * width - 86_400) {
    if (bag.length === 0) bag = random.shuffled(sizes);
    const { shape, peak } = bag.pop()!;
    const onset = Math.floor(t / 60) * 60;
    const fast = shape === 'fast';
    const rise = fast ? random.between(5, 40) : random.between(180, 480);
    const plateau = fast ? random.between(10, 90) : random.between(10, 60);
    const decay = fast ? random.between(30, 180) : random.between(60, 180);
    const extra = new Map<number, number>();
    for (let m = 0; m < Math.floor(rise + plateau + 3 * decay); m++) {
      const x = m + 0.5;
      const level = x < rise ? x / rise : x < rise + plateau ? 1 : Math.exp(-(x - rise - plateau) / decay);
      const at = Math.floor((Math.floor((onset - start) / 60) + m) / (width / 60));
      extra.set(at, (extra.get(at) ?? 0) + (peak / 20) * level);
    }
    for (const [at, mean] of extra) {
      const more = random.poisson(mean * random.gammaOfMeanOne(8));
      if (at < counts.length && !Number.isNaN(counts[at]!)) counts[at]! += more;
    }
    planted.push({ start: onset, end: onset + Math.floor((rise + plateau + decay) * 60), peak, shape });
    t += random.between(4, 9) * 86_400;
  }
  return { counts, planted };
}
