// The few settings in which our method differs from the reference it was ported from, or which a protocol prescribes.

/** Changes whenever the same counts may give other alarms. */
export const methodVersion = 'nb-scan-2';

export interface Settings {
  /** Hours of exposure with which the slow level steadies the fast one. */
  slowWeightHours: number;
  /** Relative variance of the forecast while the day's rhythm is unknown; falls to nothing over the first two days. */
  rhythmDoubt: number;
  /** Reports by which a forecast may be too low in a window of `toleranceMinutes` or more before a count surprises. */
  tolerance: number;
  /** How much oftener finer steps may raise a false alarm: 1 = in proportion to their number. */
  finerStepsPower: number;
  /** Observed hours before the first alert. */
  warmUpHours: number;
}

/** One set of defaults for every series and width. */
export const defaultSettings: Readonly<Settings> = {
  slowWeightHours: 9,
  rhythmDoubt: 0.06,
  tolerance: 1,
  finerStepsPower: 1,
  warmUpHours: 24,
};

/** Settings of the reference implementation, under which the port must reproduce its test vector. */
export const referenceSettings: Readonly<Settings> = {
  slowWeightHours: 12,
  rhythmDoubt: 0,
  tolerance: 0,
  finerStepsPower: 1.3,
  warmUpHours: 24,
};
