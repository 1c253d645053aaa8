// How busy a series is, apart from its rhythm: reports per step, forgotten slowly and quickly.

/** Half-lives, hours: the slow level remembers weeks, the fast one follows the day. */
const slowHalfLife = 168;
const fastHalfLife = 6;
/** Hours of exposure with which the slow level steadies the fast one. */
const slowWeightHours = 12;
/** What a guess made before anything is known weighs, in reports. */
const priorCounts = 0.5;

/** Discounted counts and exposure at two speeds; the forecast is the fast level shrunk to the slow one. */
export class Level {
  /** Numbers of memory it needs: counts and exposure, slow and fast, and the exposure of the guess. */
  static readonly size = 5;

  private readonly slowKept: number;
  private readonly fastKept: number;
  private readonly shrink: number;

  constructor(
    private readonly memory: Float64Array,
    stepsPerHour: number,
    usualPerHour: number,
  ) {
    this.slowKept = 2 ** (-1 / (slowHalfLife * stepsPerHour));
    this.fastKept = 2 ** (-1 / (fastHalfLife * stepsPerHour));
    memory[4] = (priorCounts * stepsPerHour) / usualPerHour;
    this.shrink = slowWeightHours * stepsPerHour;
  }

  /** Reports per step by the slow level. */
  get slow(): number {
    return (this.memory[0]! + priorCounts) / (this.memory[1]! + this.memory[4]!);
  }

  /** Reports per step by the fast level, steadied by the slow one. */
  get now(): number {
    return (this.memory[2]! + this.shrink * this.slow) / (this.memory[3]! + this.shrink);
  }

  /** Relative variance of the level itself (gamma posterior): large when little was counted. */
  get uncertainty(): number {
    const known = Math.min(this.memory[2]! + this.shrink * this.slow, this.memory[0]! + priorCounts);
    return 1 / Math.max(known, 1e-6);
  }

  /** Takes in one step's count and its exposure (the season's factor). */
  learn(count: number, exposure: number): void {
    const m = this.memory;
    m[0] = m[0]! * this.slowKept + count;
    m[1] = m[1]! * this.slowKept + exposure;
    m[2] = m[2]! * this.fastKept + count;
    m[3] = m[3]! * this.fastKept + exposure;
  }

  /** Nobody looked for some steps: the rate stays, trust in it fades. */
  fade(steps: number): void {
    const m = this.memory;
    const slow = this.slowKept ** steps;
    const fast = this.fastKept ** steps;
    m[0] = m[0]! * slow;
    m[1] = m[1]! * slow;
    m[2] = m[2]! * fast;
    m[3] = m[3]! * fast;
  }

  /** A lasting change: both levels start again at `rate`. */
  restart(rate: number): void {
    const m = this.memory;
    m[1] = Math.max(m[1]!, 1);
    m[0] = rate * m[1]!;
    m[2] = rate * m[3]!;
  }
}
