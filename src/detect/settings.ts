// The few settings in which our method differs from the reference it was ported from, or which a protocol prescribes.

/** Changes whenever the same counts may give other alarms. */
export const methodVersion = 'nb-scan-2';

/** What the method is, in a sentence for people. */
export const methodWords =
  'Distinct people who report a failure, counted by service, region and step, are held in windows of up to 160 minutes ' +
  'against what is usual at that time of day and week (a seasonal negative binomial forecast that past alarms cannot spoil); ' +
  'the bar is an alert budget, and near-identical posts, single accounts and mere talk open no incident.';

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
  /** The alert budget: about one false alarm per series in this many weeks. */
  budgetWeeks: number;
}

/** One set of defaults for every series and width. */
export const defaultSettings: Readonly<Settings> = {
  slowWeightHours: 9,
  rhythmDoubt: 0.06,
  tolerance: 1,
  finerStepsPower: 1,
  warmUpHours: 24,
  budgetWeeks: 8,
};

/** Settings of the reference implementation, under which the port must reproduce its test vector. */
export const referenceSettings: Readonly<Settings> = {
  slowWeightHours: 12,
  rhythmDoubt: 0,
  tolerance: 0,
  finerStepsPower: 1.3,
  warmUpHours: 24,
  budgetWeeks: 8,
};
