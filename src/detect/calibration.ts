// Makes surprise mean what it says on this very series: how often and how far its quiet steps stood out.

/** Above this raw surprise a step counts as standing out. */
export const standsOut = 1.3;
const chance = 10 ** -standsOut;
/** Steps that the ideal tail is worth before the series has shown its own. */
const priorSteps = 600;
/** Farther than this above `standsOut`, a step adds no more. */
const mostExcess = 1.5;
const halfLifeHours = 672;
const idealSlope = 1 / Math.LN10;

/** Counts how often each window of a series (or its whole scan) stands out, and makes its surprise stricter where that is oftener than chance allows. */
export class Calibration {
  /** Numbers of memory it needs for so many tails: steps, and of each tail outstanding steps and the sum of their excess. */
  static size(tails: number): number {
    return 1 + 2 * tails;
  }

  /** Which tail the last surprise came from. */
  strongest = 0;

  private readonly tails: number;
  private readonly kept: number;

  constructor(
    private readonly memory: Float64Array,
    stepsPerHour: number,
  ) {
    this.tails = (memory.length - 1) / 2;
    this.kept = 2 ** (-1 / (halfLifeHours * stepsPerHour));
  }

  /** Raw surprises -> the largest -log10 of the chance per step on this series. Never less strict than the raw one. */
  surprise(raw: Float64Array): number {
    let largest = 0;
    for (let i = 0; i < this.tails; i++) {
      const surprise = raw[i] === 0 ? 0 : this.ofTail(i, raw[i]!);
      if (surprise <= largest) continue;
      largest = surprise;
      this.strongest = i;
    }
    return largest;
  }

  private ofTail(i: number, raw: number): number {
    const out = this.memory[1 + 2 * i]!;
    const excess = this.memory[2 + 2 * i]!;
    const prior = priorSteps * chance;
    const share = -Math.log10(Math.max(chance, (out + prior) / (this.memory[0]! + priorSteps)));
    if (raw <= standsOut) return (raw * share) / standsOut;
    const slope = Math.max(idealSlope, (excess + prior * idealSlope) / (out + prior));
    return share + (raw - standsOut) / (slope * Math.LN10);
  }

  learn(raw: Float64Array): void {
    const m = this.memory;
    m[0] = m[0]! * this.kept + 1;
    for (let i = 0; i < this.tails; i++) {
      m[1 + 2 * i] = m[1 + 2 * i]! * this.kept;
      m[2 + 2 * i] = m[2 + 2 * i]! * this.kept;
      if (raw[i]! <= standsOut) continue;
      m[1 + 2 * i]! += 1;
      m[2 + 2 * i]! += Math.min(raw[i]! - standsOut, mostExcess);
    }
  }
}
