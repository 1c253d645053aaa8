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

/** Counts how often a series stands out, and makes the surprise stricter where that is oftener than chance allows. */
export class Calibration {
  /** Numbers of memory it needs: steps, outstanding steps, sum of their excess. */
  static readonly size = 3;

  private readonly kept: number;

  constructor(
    private readonly memory: Float64Array,
    stepsPerHour: number,
  ) {
    this.kept = 2 ** (-1 / (halfLifeHours * stepsPerHour));
  }

  /** Raw surprise -> -log10 of the chance per step on this series. Never less strict than the raw one. */
  surprise(raw: number): number {
    if (raw === 0) return 0;
    const steps = this.memory[0]!;
    const out = this.memory[1]!;
    const excess = this.memory[2]!;
    const prior = priorSteps * chance;
    const share = -Math.log10(Math.max(chance, (out + prior) / (steps + priorSteps)));
    if (raw <= standsOut) return (raw * share) / standsOut;
    const slope = Math.max(idealSlope, (excess + prior * idealSlope) / (out + prior));
    return share + (raw - standsOut) / (slope * Math.LN10);
  }

  learn(raw: number): void {
    const m = this.memory;
    m[0] = m[0]! * this.kept + 1;
    m[1] = m[1]! * this.kept;
    m[2] = m[2]! * this.kept;
    if (raw > standsOut) {
      m[1]! += 1;
      m[2]! += Math.min(raw - standsOut, mostExcess);
    }
  }
}
