// Judges one series of counts, step by step, from its past alone: a scan of trailing windows against a seasonal forecast.
import type { Detector, Point, Reading } from '../core/signal.js';
import { Bar } from './bar.js';
import { Calibration, standsOut } from './calibration.js';
import { Level } from './level.js';
import { Quarantine } from './quarantine.js';
import { Season } from './season.js';
import { defaultSettings, type Settings } from './settings.js';
import { interval95 } from './tail.js';
import { Windows, windowLengths } from './windows.js';

export { methodVersion } from './settings.js';

const hourMs = 3_600_000;
const seasonHalfLife = 336;
/** Hours of observation in which learning does not wait, before scatter is learned, with almost no baseline, with no known rhythm. */
const firstDayHours = 24;
const scatterHours = 6;
const blankHours = 2;
const rhythmHours = 48;
/** A count is cut at this many standard deviations above its forecast before the baseline learns from it. */
const mostDeviations = 2;
const leastPerHour = 0.06;
const escalation = 3;
/** In the first day only what stands this far over the bar shows, as provisional. */
const provisionalBar = 1.3;
const quietHours = 1;
const newNormalHours = 24;
/** After a gap this long the baseline may be out of date: for a day of observation the bar stands higher. */
const longGapHours = 72;
const doubtHours = 24;
const doubtedBar = 1.3;
/** Reports per hour of a series of which nothing at all is known. */
const guessPerHour = 1;
/** Layout of the saved state; bytes of another layout are refused. */
const layout = 2;

/** Places of the detector's own numbers in its memory. */
enum At {
  layout,
  width,
  start,
  last,
  seen,
  active,
  opened,
  peak,
  quiet,
  counted,
  exposed,
  blind,
  doubtedUntil,
  size,
}

/**
 * Makes the judge of one series.
 * @param options.widthMs width of a step, ms
 * @param options.settings other than the defaults for another alert budget, in evaluations and in tests
 * @param options.usualPerHour reports per hour that are usual for such a series, the guess before it has shown its own
 * @param options.state bytes from `save()`; the detector then continues exactly as the saved one would have
 * @throws RangeError when the state is of another width or layout, and from `step` when a time does not come after the last one
 */
export function createDetector(options: {
  widthMs: number;
  state?: Uint8Array;
  settings?: Readonly<Settings>;
  usualPerHour?: number;
}): Detector {
  return new ScanDetector(
    options.widthMs,
    options.settings ?? defaultSettings,
    options.usualPerHour ?? guessPerHour,
    options.state,
  );
}

class ScanDetector implements Detector {
  private readonly memory: Float64Array;
  private readonly season: Season;
  private readonly level: Level;
  private readonly windows: Windows;
  private readonly calibration: Calibration;
  private readonly bar: Bar;
  private readonly quarantine: Quarantine;
  /** Surprises to be calibrated: of each window, or of the scan. */
  private readonly raw: Float64Array;
  /** Number of the window that surprised most. */
  private strongest = 0;
  private readonly stepHours: number;

  constructor(
    private readonly widthMs: number,
    private readonly settings: Readonly<Settings>,
    usualPerHour: number,
    state: Uint8Array | undefined,
  ) {
    if (!(widthMs > 0)) throw new RangeError(`widthMs must be above 0, got ${widthMs}`);
    if (!(usualPerHour > 0)) throw new RangeError(`usualPerHour must be above 0, got ${usualPerHour}`);
    const stepsPerHour = hourMs / widthMs;
    this.stepHours = widthMs / hourMs;
    const lengths = windowLengths(widthMs / 60_000);
    const tails = settings.calibrated === 'windows' ? lengths.length : 1;
    const sizes = [
      At.size,
      Season.size,
      Level.size,
      Windows.size(lengths),
      Calibration.size(tails),
      Bar.size,
      Quarantine.size(stepsPerHour, lengths.length, tails),
    ];
    this.memory = new Float64Array(sizes.reduce((a, b) => a + b));
    const part = (i: number) => {
      const start = sizes.slice(0, i).reduce((a, b) => a + b, 0);
      return this.memory.subarray(start, start + sizes[i]!);
    };
    this.season = new Season(part(1), 2 ** (-1 / (seasonHalfLife * stepsPerHour)));
    this.level = new Level(part(2), stepsPerHour, usualPerHour);
    this.windows = new Windows(part(3), lengths, stepsPerHour, settings);
    this.calibration = new Calibration(part(4), stepsPerHour);
    this.bar = new Bar(part(5), stepsPerHour, settings.finerStepsPower, settings.budgetWeeks);
    this.quarantine = new Quarantine(part(6), stepsPerHour, lengths.length, tails);
    this.raw = settings.calibrated === 'windows' ? this.windows.surprises : new Float64Array(1);
    if (state) this.restore(state);
    else {
      this.memory[At.layout] = layout;
      this.memory[At.width] = widthMs;
      this.memory[At.last] = -1;
    }
  }

  save(): Uint8Array {
    return new Uint8Array(this.memory.buffer.slice(0));
  }

  private restore(state: Uint8Array): void {
    const saved = state.byteLength === this.memory.byteLength ? new Float64Array(new Uint8Array(state).buffer) : null;
    if (saved?.[At.layout] !== layout || saved[At.width] !== this.widthMs)
      throw new RangeError(
        `the saved state is not one of a detector with steps of ${this.widthMs} ms; start without it`,
      );
    this.memory.set(saved);
  }

  forget(): void {
    this.quarantine.drop(this.memory[At.last]!);
  }

  step(point: Point): Reading {
    const m = this.memory;
    if (m[At.last]! < 0) m[At.start] = point.t;
    const step = Math.round((point.t - m[At.start]!) / this.widthMs);
    const missing = step - m[At.last]! - 1;
    if (!(missing >= 0)) throw new RangeError(`t = ${point.t} does not come a step after the last one`);
    if (missing > 0) this.skip(missing);
    m[At.last] = step;
    if (point.count !== null) {
      if (m[At.blind]! > longGapHours) m[At.doubtedUntil] = m[At.seen]! + doubtHours;
      m[At.blind] = 0;
    }

    const middle = point.t + this.widthMs / 2;
    const factor = this.season.factor(middle);
    const expected = Math.max(this.level.now * factor, leastPerHour * this.stepHours);
    const rhythmUnknown = Math.max(0, 1 - m[At.seen]! / rhythmHours);
    const uncertainty = this.level.uncertainty + this.settings.rhythmDoubt * rhythmUnknown;
    const variance = expected * (1 + this.windows.stepDispersion) + uncertainty * expected * expected;
    const { low, high } = interval95(expected, variance);
    const reading: Reading = {
      t: point.t,
      observed: point.count,
      expected,
      low,
      high,
      surprise: 0,
      bar: this.bar.now * (m[At.seen]! < m[At.doubtedUntil]! ? doubtedBar : 1),
      windowMs: 0,
      alert: null,
      active: m[At.active] === 1,
      calming: false,
      provisional: false,
    };
    if (point.count === null) {
      this.skip(1);
      return reading;
    }
    m[At.seen]! += this.stepHours;
    this.windows.judge(point.count, expected, uncertainty);
    const raw = this.windows.largest;
    const surprise = this.calibrate();
    reading.surprise = surprise;
    if (surprise > 0) reading.windowMs = this.windows.lengths[this.strongest]! * this.widthMs;
    const young = m[At.seen]! < this.settings.warmUpHours;
    reading.provisional = young && m[At.seen]! > blankHours && surprise >= provisionalBar * reading.bar;
    this.bar.fade(1);
    reading.alert = this.followEpisode(step, surprise, raw, reading.bar, young);
    reading.active = m[At.active] === 1;
    reading.calming = reading.active && this.windows.isCalm(uncertainty);
    if (surprise > this.bar.base || reading.active) this.bar.note(surprise);
    m[At.counted]! += point.count;
    m[At.exposed]! += factor;

    if (reading.active) this.quarantine.drop(step);
    else
      this.quarantine.put(step, {
        count: point.count,
        factor,
        forecast: expected,
        raw: this.raw,
        errors: this.windows.errors,
        forecasts: this.windows.forecasts,
      });
    this.learn(m[At.seen]! < firstDayHours ? step : step - this.quarantine.delay, uncertainty);
    return reading;
  }

  /** Surprise of the step just judged, by what this series' own quiet steps are like. */
  private calibrate(): number {
    const { windows, calibration, raw } = this;
    if (this.settings.calibrated === 'windows') {
      const surprise = calibration.surprise(raw);
      this.strongest = calibration.strongest;
      return Math.max(0, surprise - windows.penalty);
    }
    raw[0] = windows.largest;
    this.strongest = windows.surprises.indexOf(Math.max(...windows.surprises));
    return calibration.surprise(raw);
  }

  /** Opens, escalates and closes the episode. */
  private followEpisode(step: number, surprise: number, raw: number, bar: number, young: boolean): Reading['alert'] {
    const m = this.memory;
    if (m[At.active] === 0) {
      if (young || !(surprise >= bar)) return null;
      m[At.active] = 1;
      m[At.opened] = step;
      m[At.peak] = surprise;
      m[At.quiet] = 0;
      m[At.counted] = 0;
      m[At.exposed] = 0;
      this.bar.countAlarm();
      this.quarantine.empty();
      return 'open';
    }
    const escalated = surprise > escalation * m[At.peak]! && surprise > bar;
    if (escalated) m[At.peak] = surprise;
    const quiet = this.windows.shortest < 1 && raw < standsOut;
    m[At.quiet] = quiet ? m[At.quiet]! + this.stepHours : 0;
    const hours = (step - m[At.opened]!) * this.stepHours;
    if (m[At.quiet]! >= quietHours && hours >= quietHours) {
      m[At.active] = 0;
      return 'close';
    }
    if (hours > newNormalHours) {
      m[At.active] = 0;
      this.level.restart(m[At.counted]! / Math.max(m[At.exposed]!, 1e-9));
      this.windows.clear();
      return 'close';
    }
    return escalated ? 'escalate' : null;
  }

  /** Lets the baseline learn from a step that has left the quarantine. */
  private learn(step: number, uncertainty: number): void {
    const held = this.quarantine.take(step);
    if (!held) return;
    const { count, factor, forecast } = held;
    const hoursSeen = this.memory[At.seen]!;
    const slow = this.level.slow;
    const variance = forecast * (1 + this.windows.stepDispersion) + uncertainty * forecast * forecast;
    const most = forecast + mostDeviations * Math.sqrt(variance) + (forecast < 1 ? 1 : 0);
    const learned = Math.min(count, hoursSeen < blankHours ? Math.max(4 * slow, 3) : most);
    this.level.learn(learned, factor);
    const middle = this.memory[At.start]! + (step + 0.5) * this.widthMs;
    this.season.learn(step, middle, learned, slow, factor);
    if (hoursSeen > scatterHours) {
      this.windows.learn(held.errors, held.forecasts);
      this.calibration.learn(held.raw);
    }
  }

  /** Steps at which nobody looked: neither calm nor burst may come of them. */
  private skip(steps: number): void {
    this.memory[At.blind]! += steps * this.stepHours;
    this.windows.clear();
    this.bar.fade(steps);
    this.level.fade(steps);
  }
}
