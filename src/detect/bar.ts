// The surprise that opens an episode: a budget of false alarms, raised for a while by recent alarms.

const recordHalfLife = 24;
const alarmHalfLife = 168;
/** How much each recent alarm beyond the first raises the bar (in ln). */
const alarmWeight = 0.2;

/** Bar of a series: `base` by the alert budget, times what the last day's record and the last week's alarms add. */
export class Bar {
  /** Numbers of memory it needs: record (ln of surprise over base), recent alarms. */
  static readonly size = 2;

  readonly base: number;
  private readonly recordKept: number;
  private readonly alarmsKept: number;

  constructor(
    private readonly memory: Float64Array,
    stepsPerHour: number,
    finerStepsPower: number,
    budgetWeeks: number,
  ) {
    // 504 steps of 20 minutes a week.
    this.base = Math.log10(504 * budgetWeeks * (stepsPerHour / 3) ** finerStepsPower);
    this.recordKept = 2 ** (-1 / (recordHalfLife * stepsPerHour));
    this.alarmsKept = 2 ** (-1 / (alarmHalfLife * stepsPerHour));
  }

  /** The bar of this moment. */
  get now(): number {
    if (this.memory[0] === 0 && this.memory[1]! <= 1) return this.base;
    return this.base * Math.exp(this.memory[0]! + alarmWeight * Math.max(0, this.memory[1]! - 1));
  }

  fade(steps: number): void {
    this.memory[0] = this.memory[0]! * (steps === 1 ? this.recordKept : this.recordKept ** steps);
    this.memory[1] = this.memory[1]! * (steps === 1 ? this.alarmsKept : this.alarmsKept ** steps);
  }

  /** Keeps the largest excess over the base as the record to beat. */
  note(surprise: number): void {
    if (surprise > this.base) this.memory[0] = Math.max(this.memory[0]!, Math.log(surprise / this.base));
  }

  countAlarm(): void {
    this.memory[1]! += 1;
  }
}
