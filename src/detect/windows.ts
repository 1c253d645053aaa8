// Several trailing windows over one series at once: what was counted in each, what was expected, how far counts scatter.
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

  /** Surprise of the shortest window, and the largest with the length (steps) it came from. */
  shortest = 0;
  largest = 0;
  largestLength = 0;
  /** Per window: squared error beyond Poisson, and forecast, of the step just judged. */
  readonly errors: Float64Array;
  readonly forecasts: Float64Array;

  private readonly counts: Float64Array;
  private readonly dispersions: Float64Array;
  private readonly weights: Float64Array;
  private readonly countRing: Float64Array;
  private readonly forecastRing: Float64Array;
  private readonly tolerances: readonly number[];
  private readonly penalty: number;
  private readonly dispersionKept: number;

  constructor(
    private readonly memory: Float64Array,
    readonly lengths: readonly number[],
    stepsPerHour: number,
    tolerance: number,
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
    this.tolerances = lengths.map((k) => tolerance * Math.min(1, (k * 60) / stepsPerHour / toleranceMinutes));
    this.penalty = Math.log10(0.6 * n + 0.4);
    this.dispersionKept = 2 ** (-1 / (dispersionHalfLife * stepsPerHour));
  }

  /** Takes in one step and judges every window that ends with it. */
  judge(count: number, forecast: number, uncertainty: number): void {
    const ring = this.countRing.length;
    const head = this.memory[0]!;
    this.shortest = 0;
    this.largest = 0;
    this.largestLength = 0;
    for (let i = 0; i < this.lengths.length; i++) {
      const oldest = (head - this.lengths[i]! + ring) % ring;
      const y = this.counts[i]! + count - this.countRing[oldest]!;
      const m = Math.max(this.forecasts[i]! + forecast - this.forecastRing[oldest]!, 1e-9);
      this.counts[i] = y;
      this.forecasts[i] = m;
      const dispersion =
        (this.dispersions[i]! + priorWeight * m * priorDispersion) / (this.weights[i]! + priorWeight * m);
      const relative = Math.min(Math.max(dispersion / m, 1e-3), 20) + uncertainty;
      const scatter = relative * m * m;
      const tolerated = m + this.tolerances[i]!;
      // A count below the least one can open nothing; only the shortest window's calm is asked for all the same.
      const surprise =
        (y >= leastCount || i === 0) && y > m * leastRatio && y > tolerated
          ? tailSurprise(y, tolerated, (tolerated * tolerated) / scatter)
          : 0;
      if (i === 0) this.shortest = surprise;
      if (surprise > this.largest && y >= leastCount) {
        this.largest = surprise;
        this.largestLength = this.lengths[i]!;
      }
      const error = Math.min(y - m, mostDeviations * Math.sqrt(m + scatter));
      this.errors[i] = error * error - m;
    }
    this.largest = Math.max(0, this.largest - this.penalty);
    this.countRing[head] = count;
    this.forecastRing[head] = forecast;
    this.memory[0] = (head + 1) % ring;
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
