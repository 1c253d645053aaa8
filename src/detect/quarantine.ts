// Judged steps wait here for three hours before the baseline learns from them, so that an outage's first signs teach nothing.

const hours = 3;

/** What the baseline needs to know of a step when it learns from it. */
export interface Held {
  count: number;
  factor: number;
  forecast: number;
  /** Surprises before calibration, one a tail. */
  raw: Float64Array;
  errors: Float64Array;
  forecasts: Float64Array;
}

/** Ring of judged steps. */
export class Quarantine {
  /** Steps of delay. */
  static delay(stepsPerHour: number): number {
    return Math.floor(hours * stepsPerHour + 0.5);
  }

  /** Numbers of memory it needs. */
  static size(stepsPerHour: number, windows: number, tails: number): number {
    return (Quarantine.delay(stepsPerHour) + 1) * (4 + 2 * windows + tails);
  }

  readonly delay: number;
  private readonly stride: number;
  private readonly out: Held;

  constructor(
    private readonly memory: Float64Array,
    stepsPerHour: number,
    private readonly windows: number,
    private readonly tails: number,
  ) {
    this.delay = Quarantine.delay(stepsPerHour);
    this.stride = 4 + 2 * windows + tails;
    this.out = {
      count: 0,
      factor: 0,
      forecast: 0,
      raw: new Float64Array(tails),
      errors: new Float64Array(windows),
      forecasts: new Float64Array(windows),
    };
  }

  put(step: number, held: Held): void {
    const at = (step % (this.delay + 1)) * this.stride;
    const m = this.memory;
    m[at] = step + 1;
    m[at + 1] = held.count;
    m[at + 2] = held.factor;
    m[at + 3] = held.forecast;
    for (let i = 0; i < this.windows; i++) {
      m[at + 4 + i] = held.errors[i]!;
      m[at + 4 + this.windows + i] = held.forecasts[i]!;
    }
    for (let i = 0; i < this.tails; i++) m[at + 4 + 2 * this.windows + i] = held.raw[i]!;
  }

  /** Takes a step out, valid until the next call; null when it was never put in, or emptied since. */
  take(step: number): Held | null {
    if (step < 0) return null;
    const at = (step % (this.delay + 1)) * this.stride;
    const m = this.memory;
    if (m[at] !== step + 1) return null;
    m[at] = 0;
    const out = this.out;
    out.count = m[at + 1]!;
    out.factor = m[at + 2]!;
    out.forecast = m[at + 3]!;
    for (let i = 0; i < this.windows; i++) {
      out.errors[i] = m[at + 4 + i]!;
      out.forecasts[i] = m[at + 4 + this.windows + i]!;
    }
    for (let i = 0; i < this.tails; i++) out.raw[i] = m[at + 4 + 2 * this.windows + i]!;
    return out;
  }

  drop(step: number): void {
    if (step < 0) return;
    this.memory[(step % (this.delay + 1)) * this.stride] = 0;
  }

  empty(): void {
    for (let at = 0; at < this.memory.length; at += this.stride) this.memory[at] = 0;
  }
}
