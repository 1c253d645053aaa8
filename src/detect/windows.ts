// Several trailing windows over one series at once: what was counted in each, what was expected, how far counts scatter.
import type { Settings } from './settings.js';
import { tailSurprise } from './tail.js';

const longestMinutes = 160;
/** Excess variance in units of the mean before the series has shown its own, and the expected counts that this is worth. */
const priorDispersion = 0.1;
const priorWeight = 200;
const dispersionHalfLife = 672;
const leastCount = 3;
const leastRatio = 1.5;
/** From this length on the whole tolerance is granted, in shorter windows a share of it, so that a sudden burst stays quick. */
const toleranceMinutes = 40;
/** A burst this long that nothing else supports is a lone one: one post that many answered, or a failure already over. */
const loneBurstMinutes = 20;
/** What a lone burst gains with each power of ten by which it exceeds its forecast. */
const loneBurstGain = 2;
/** A window's error is cut at this many standard deviations before the dispersion learns from it. */
const mostDeviations = 2.5;

/** Lengths in steps: 1, 2, 4, ... up to 160 minutes. */
export function windowLengths(stepMinutes: number): number[] {
  const lengths = [1];
  for (let k = 2; k * stepMinutes <= longestMinutes + 1e-9; k *= 2) lengths.push(k);
  return lengths;
}

/** The scan: sums of counts and forecasts per window, and each window's dispersion. */
export class Windows {
  /** Numbers of memory it needs for these lengths. */
  static size(lengths: readonly number[]): number {
    return 1 + 4 * lengths.length + 2 * lengths[lengths.length - 1]!;
  }

  /** Surprise of the shortest window, and the largest of the scan, less what looking through several windows explains. */
  shortest = 0;
  largest = 0;
  /** Per window: surprise of the step just judged, 0 below the least count. */
  readonly surprises: Float64Array;
  /** Per window: squared error beyond Poisson, and forecast, of the step just judged. */
  readonly errors: Float64Array;
  readonly forecasts: Float64Array;

  private readonly counts: Float64Array;
  private readonly dispersions: Float64Array;
  private readonly weights: Float64Array;
  private readonly countRing: Float64Array;
  private readonly forecastRing: Float64Array;
  private readonly tolerances: readonly number[];
  /** What looking through several windows takes off the largest surprise. */
  readonly penalty: number;
  private readonly dispersionKept: number;
  private readonly loneSteps: number;

  constructor(
    private readonly memory: Float64Array,
    readonly lengths: readonly number[],
    stepsPerHour: number,
    private readonly settings: Pick<Settings, 'tolerance' | 'loneBurstWorth' | 'lookShare'>,
  ) {
    const n = lengths.length;
    const ring = lengths[n - 1]!;
    this.counts = memory.subarray(1, 1 + n);
    this.forecasts = memory.subarray(1 + n, 1 + 2 * n);
    this.dispersions = memory.subarray(1 + 2 * n, 1 + 3 * n);
    this.weights = memory.subarray(1 + 3 * n, 1 + 4 * n);
    this.countRing = memory.subarray(1 + 4 * n, 1 + 4 * n + ring);
    this.forecastRing = memory.subarray(1 + 4 * n + ring, 1 + 4 * n + 2 * ring);
    this.errors = new Float64Array(n);
    this.surprises = new Float64Array(n);
    const { tolerance, lookShare } = settings;
    this.tolerances = lengths.map((k) => tolerance * Math.min(1, (k * 60) / stepsPerHour / toleranceMinutes));
    this.penalty = Math.log10(1 + lookShare * (n - 1));
    this.loneSteps = Math.max(1, Math.round((loneBurstMinutes / 60) * stepsPerHour));
    this.dispersionKept = 2 ** (-1 / (dispersionHalfLife * stepsPerHour));
  }

  /** Takes in one step and judges every window that ends with it. */
  judge(count: number, forecast: number, uncertainty: number): void {
    const ring = this.countRing.length;
    const head = this.memory[0]!;
    for (let i = 0; i < this.lengths.length; i++) {
      const oldest = (head - this.lengths[i]! + ring) % ring;
      const y = this.counts[i]! + count - this.countRing[oldest]!;
      const m = Math.max(this.forecasts[i]! + forecast - this.forecastRing[oldest]!, 1e-9);
      this.counts[i] = y;
      this.forecasts[i] = m;
      // A count below the least one can open nothing; only the shortest window's calm is asked for all the same.
      const stands = (y >= leastCount || i === 0) && y > m * leastRatio;
      const surprise = stands ? this.surpriseOf(y, m, i, uncertainty) : 0;
      if (i === 0) this.shortest = surprise;
      this.surprises[i] = y >= leastCount ? surprise : 0;
      const error = Math.min(y - m, mostDeviations * Math.sqrt(m + this.scatter(m, i, uncertainty)));
      this.errors[i] = error * error - m;
    }
    this.countRing[head] = count;
    this.forecastRing[head] = forecast;
    this.largest = 0;
    for (let i = 0; i < this.lengths.length; i++) {
      if (this.surprises[i]! > this.settings.loneBurstWorth) this.boundLoneBurst(i, uncertainty);
      if (this.surprises[i]! > this.largest) this.largest = this.surprises[i]!;
    }
    this.largest = Math.max(0, this.largest - this.penalty);
    this.memory[0] = (head + 1) % ring;
  }

  /** Variance beyond Poisson of a sum of `m` expected counts in the window. */
  private scatter(m: number, i: number, uncertainty: number): number {
    const dispersion =
      (this.dispersions[i]! + priorWeight * m * priorDispersion) / (this.weights[i]! + priorWeight * m);
    return (Math.min(Math.max(dispersion / m, 1e-3), 20) + uncertainty) * m * m;
  }

  private surpriseOf(y: number, m: number, i: number, uncertainty: number): number {
    const tolerated = m + this.tolerances[i]!;
    return y > tolerated ? tailSurprise(y, tolerated, (tolerated * tolerated) / this.scatter(m, i, uncertainty)) : 0;
  }

  /** Without its fullest 20 minutes a window must surprise too: what a lone burst alone is worth is bounded. */
  private boundLoneBurst(i: number, uncertainty: number): void {
    const ring = this.countRing.length;
    const head = this.memory[0]!;
    let y = 0;
    let m = 0;
    let burst = { y: 0, m: 0 };
    for (let back = 0; back < this.lengths[i]!; back++) {
      const at = (head - back + ring) % ring;
      y += this.countRing[at]!;
      m += this.forecastRing[at]!;
      if (back >= this.loneSteps) {
        const left = (at + this.loneSteps) % ring;
        y -= this.countRing[left]!;
        m -= this.forecastRing[left]!;
      }
      if (y - m > burst.y - burst.m) burst = { y, m };
    }
    const rest = Math.max(this.forecasts[i]! - burst.m, 1e-9);
    const { loneBurstWorth } = this.settings;
    const worth = loneBurstWorth + loneBurstGain * Math.log10(Math.max(1, burst.y / (burst.m + 1)));
    const supported = worth + this.surpriseOf(this.counts[i]! - burst.y, rest, i, uncertainty);
    this.surprises[i] = Math.min(this.surprises[i]!, supported);
  }

  /** True when the two newest steps together lie within two standard deviations of their forecast. */
  isCalm(uncertainty: number): boolean {
    const i = Math.min(1, this.lengths.length - 1);
    const m = this.forecasts[i]!;
    const dispersion =
      (this.dispersions[i]! + priorWeight * m * priorDispersion) / (this.weights[i]! + priorWeight * m);
    return this.counts[i]! < m + 2 * Math.sqrt(m + dispersion * m + uncertainty * m * m);
  }

  /** Excess variance of single steps in units of the mean. */
  get stepDispersion(): number {
    return Math.min(Math.max(this.dispersions[0]! / Math.max(this.weights[0]!, 1e-9), 0), 5);
  }

  /** Lets the dispersions learn from an earlier step's errors and forecasts. */
  learn(errors: Float64Array, forecasts: Float64Array): void {
    for (let i = 0; i < this.lengths.length; i++) {
      this.dispersions[i] = this.dispersions[i]! * this.dispersionKept + errors[i]!;
      this.weights[i] = this.weights[i]! * this.dispersionKept + forecasts[i]!;
    }
  }

  /** Forgets the counts, keeps the dispersions: after a gap nothing may add up over it. */
  clear(): void {
    this.counts.fill(0);
    this.forecasts.fill(0);
    this.countRing.fill(0);
    this.forecastRing.fill(0);
  }
}
