// The few settings in which our method differs from the reference it was ported from, or which a protocol prescribes.

/** Changes whenever the same counts may give other alarms. */
export const methodVersion = 'nb-scan-3';

/** What the method is, in a sentence for people. */
export const methodWords =
  'Distinct people who report a failure, counted by service, region and step, are held in windows of up to 160 minutes ' +
  'against what is usual at that time of day and week (a seasonal negative binomial forecast that past alarms cannot spoil); ' +
  'the bar is an alert budget, and near-identical posts, single accounts and mere talk open no incident.';

export interface Settings {
  /** Relative variance of the forecast while the day's rhythm is unknown; falls to nothing over the first two days. */
  rhythmDoubt: number;
  /** Reports by which a forecast may be too low in a window of `toleranceMinutes` or more before a count surprises. */
  tolerance: number;
  /** What reports of one burst of 20 minutes and nothing else can surprise, before their number adds a little. */
  loneBurstWorth: number;
  /** Whose tail is recalibrated by the series' own past: each window's, or the scan's as a whole. */
  calibrated: 'windows' | 'scan';
  /** How far each further window counts as a look of its own, 0..1. */
  lookShare: number;
  /** How much oftener finer steps may raise a false alarm: 1 = in proportion to their number. */
  finerStepsPower: number;
  /** Observed hours before the first alert. */
  warmUpHours: number;
  /** The alert budget: about one false alarm per series in this many weeks. */
  budgetWeeks: number;
}

/** One set of defaults for every series and width. */
export const defaultSettings: Readonly<Settings> = {
  rhythmDoubt: 0.06,
  tolerance: 0.5,
  loneBurstWorth: 12,
  calibrated: 'windows',
  lookShare: 1,
  finerStepsPower: 1,
  warmUpHours: 24,
  budgetWeeks: 8,
};

/** Settings of the reference implementation, under which the port must reproduce its test vector. */
export const referenceSettings: Readonly<Settings> = {
  rhythmDoubt: 0,
  tolerance: 0,
  loneBurstWorth: Number.POSITIVE_INFINITY,
  calibrated: 'scan',
  lookShare: 0.6,
  finerStepsPower: 1.3,
  warmUpHours: 24,
  budgetWeeks: 8,
};
