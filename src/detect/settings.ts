// The few settings in which our method differs from the reference it was ported from, or which a protocol prescribes.

/** Changes whenever the same counts may give other alarms. */
export const methodVersion = 'nb-scan-3';

/** What the method is, in a sentence for people. */
export const methodWords =
  'Distinct people who report a failure, counted by service, region and step, are held in windows of up to 160 minutes ' +
  'against what is usual at that time of day and week (a seasonal negative binomial forecast that past alarms cannot spoil); ' +
  'the bar is an alert budget, and near-identical posts, single accounts and mere talk open no incident.';

const onlyCounts =
  'A version tells how counts were judged; which rules of evidence stood at the time, it does not tell.';

/** Versions that older incidents may name, newest first, by what set them apart from the one that came after. */
export const olderMethods: readonly { version: string; description: string }[] = [
  {
    version: 'nb-scan-2',
    description:
      'As nb-scan-3, but how often a series stands out by chance was learned of its whole scan instead of each window; ' +
      'a lone burst of 20 minutes was worth all its height; a forecast could be one report too low before a count ' +
      'surprised, instead of half a one; each further window counted as 0.6 of a look; the slow level weighed 9 hours ' +
      `instead of 12; and a series not heard before started at one report an hour. ${onlyCounts}`,
  },
  {
    version: 'nb-scan-1',
    description:
      'The reference as it was ported. As nb-scan-2, but no forecast was taken to be too low; the rhythm of the first two ' +
      'days was not doubted; the slow level weighed 12 hours instead of 9; and steps finer than 20 minutes raised the bar ' +
      `by the power 1.3 of their number instead of 1. ${onlyCounts}`,
  },
];

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
