// The rhythm of a series: how busy this hour of day (workday or weekend) and this weekday are, as a factor on the level.

/** Pseudo-counts that keep the factors of a thin series near 1. */
const priorCounts = 60;
const leastFactor = 0.05;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Observed and expected counts by 2 x 24 hours and 7 weekdays, decayed when touched. Hours are UTC. */
export class Season {
  /** Numbers of memory it needs: observed, expected and last step of each of the 55 cells. */
  static readonly size = 3 * 55;

  private readonly observed: Float64Array;
  private readonly expected: Float64Array;
  private readonly touched: Float64Array;

  /**
   * @param memory Season.size numbers, kept across restarts
   * @param stepDecay what remains of a cell after one step
   */
  constructor(
    memory: Float64Array,
    private readonly stepDecay: number,
  ) {
    this.observed = memory.subarray(0, 55);
    this.expected = memory.subarray(55, 110);
    this.touched = memory.subarray(110, 165);
  }

  /** Factor on the level at `middle` (middle of a step, epoch ms): between hour centres, times the weekday's. */
  factor(middle: number): number {
    const weekday = weekdayOf(middle);
    const group = weekday === 0 || weekday === 6 ? 24 : 0;
    let hours = (middle % dayMs) / hourMs - 0.5;
    if (hours < 0) hours += 24;
    const hour = Math.floor(hours);
    const share = hours - hour;
    const hourly = (1 - share) * this.hourFactor(group, hour) + share * this.hourFactor(group, (hour + 1) % 24);
    return Math.max(hourly * this.weekdayFactor(weekday), leastFactor);
  }

  /** Takes in a step's count: its factor at the time and the slow level tell what was expected. */
  learn(step: number, middle: number, count: number, level: number, factor: number): void {
    const weekday = weekdayOf(middle);
    const group = weekday === 0 || weekday === 6 ? 24 : 0;
    const ofWeekday = this.weekdayFactor(weekday);
    this.add(group + Math.floor((middle % dayMs) / hourMs), step, count, level * ofWeekday);
    this.add(48 + weekday, step, count, (level * factor) / ofWeekday);
  }

  private add(cell: number, step: number, count: number, expected: number): void {
    const steps = step - this.touched[cell]!;
    const kept = steps === 1 ? this.stepDecay : this.stepDecay ** steps;
    this.touched[cell] = step;
    this.observed[cell] = this.observed[cell]! * kept + count;
    this.expected[cell] = this.expected[cell]! * kept + expected;
  }

  private hourFactor(group: number, hour: number): number {
    const both =
      (this.observed[hour]! + this.observed[24 + hour]! + priorCounts) /
      (this.expected[hour]! + this.expected[24 + hour]! + priorCounts);
    return (this.observed[group + hour]! + priorCounts * both) / (this.expected[group + hour]! + priorCounts);
  }

  private weekdayFactor(weekday: number): number {
    return (this.observed[48 + weekday]! + 4 * priorCounts) / (this.expected[48 + weekday]! + 4 * priorCounts);
  }
}

/** 0 = Sunday. */
function weekdayOf(t: number): number {
  return (Math.floor(t / dayMs) + 4) % 7;
}
