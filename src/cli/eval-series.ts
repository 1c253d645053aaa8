// outcry eval --series: the detector on real counts, beside the classic detectors in the same run at matched alert rates.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.js';
import { methodVersion, referenceSettings } from '../detect/settings.js';
import { classics } from './series-eval/classic.js';
import { burstReports, scoreColdStart } from './series-eval/cold-start.js';
import { scoreCharts } from './series-eval/downdetector.js';
import { type Judge, ourJudge } from './series-eval/grid.js';
import { type BenchSeries, type Kind, kinds, makeBench } from './series-eval/inject.js';
import { type KnownOutage, scoreKnown } from './series-eval/known.js';
import { mixMedium } from './series-eval/medium.js';
import { scoreNab } from './series-eval/nab.js';
import { readCharts, readNab, readOutageReports } from './series-eval/read.js';
import { type Scored, scoreKind } from './series-eval/score.js';

const rates = [0.02, 0.1, 0.25];
const usualSeed = 20_190_414;
const titles = {
  base: '20-minute steps',
  thin: 'thin series (0.05 a step)',
  x10: 'ten times as busy',
  fine5: '5-minute steps',
  fine1: '1-minute steps (few outages)',
};
/** To reach on series never seen in tuning. */
const targets: Partial<Record<(typeof kinds)[number], string>> = {
  base: '.79 at 0.10, .86 at 0.25',
  thin: '.99 at 0.10',
  fine5: '.79 at 0.10; delay 13 / 7',
};

const figure = (n: number | undefined) => (n === undefined ? '' : n.toFixed(3).replace(/^0/, ''));
const minutes = (n: number | undefined) => (n === undefined ? '-' : n.toFixed(0));
const of = (kind: Kind) => (series: BenchSeries) => series.kind === kind;
const isClean = ({ clean }: BenchSeries) => clean;
const labelsOf = (name: string, known: readonly KnownOutage[]) =>
  known
    .filter(({ service }) => service === name)
    .map(({ start, end, uncertaintySeconds }) => ({ start: start - (uncertaintySeconds >= 10_800 ? 7200 : 0), end }));
const row = (...cells: string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(10))).join('');

/**
 * Prints the measures beside their baselines and targets.
 * @param dir a directory with `outage-report/` (unix,time_utc,reports a file, known-outages.csv), and, where it has them,
 * `downdetector/` and `nab/`; or an outage-report directory itself
 * @param seed of the random outages that are planted; the usual one is that of the figures in docs/detection.md
 * @throws UsageError when there is nothing to measure
 */
export function evalSeries(dir: string, print: (line: string) => void, seed: number = usualSeed): void {
  const within = (name: string) => (existsSync(join(dir, name)) ? join(dir, name) : null);
  const reports = within('outage-report') ?? (within('known-outages.csv') ? dir : null);
  const charts = within('downdetector');
  const nab = within('nab');
  if (!reports && !charts && !nab)
    throw new UsageError(`--series: ${dir} holds neither outage-report/ nor downdetector/ nor nab/`);
  print(`method ${methodVersion}, one set of defaults for everything`);
  const ours = ourJudge();
  const judges: [string, Judge][] = [[`ours (${methodVersion})`, ours], ...Object.entries(classics)];
  judges.splice(1, 0, ['reference', ourJudge(referenceSettings)]);

  function printKind(title: string, series: readonly BenchSeries[], target?: string): void {
    if (series.length === 0) return;
    const planted = series.reduce((sum, one) => sum + one.planted.length, 0);
    print(`\nPlanted outages, ${title}: ${planted} in ${series.length} series; mean recall at alerts per series-week`);
    if (target) print(`to reach on unseen series: ${target}`);
    print(row('', ...rates.map((rate) => rate.toFixed(2)), 'own rate', 'recall', 'delay 50', 'delay 200'));
    for (const [name, judge] of judges) print(lineOf(name, scoreKind(series, judge, rates)));
  }

  function printColdStart(bench: readonly BenchSeries[]): void {
    print(
      `\nFirst day: bursts of ${burstReports} reports (more on busy series) that show as provisional, false ones a day, alerts on day two`,
    );
    print(row('', 'shown', 'false', 'day two'));
    for (const kind of ['fine5', 'thin'] as const)
      for (const byClass of [false, true]) {
        const { found, false: wrong, secondDay } = scoreColdStart(bench.filter(of(kind)).filter(isClean), byClass);
        const name = `${kind === 'thin' ? 'thin' : 'as they are'}, ${byClass ? 'by class' : 'one guess'}`;
        print(row(name, figure(found), figure(wrong), figure(secondDay)));
      }
  }

  if (reports) {
    const { series, known } = readOutageReports(reports);
    const labelled = series.map((one) => ({ series: one, labels: labelsOf(one.name, known) }));
    const make = (all: typeof labelled) => {
      const services = all.map(({ series }) => series.name);
      return all.flatMap(({ series, labels }) => makeBench(series, labels, seed, services));
    };
    const bench = make(labelled);
    for (const kind of kinds) printKind(titles[kind], bench.filter(of(kind)), targets[kind]);
    const medium = make(mixMedium(labelled, seed));
    for (const kind of ['base', 'fine5'] as const)
      printKind(`medium-sized services, ${titles[kind]}`, medium.filter(of(kind)));
    printColdStart(bench);
    if (known.length > 0) {
      print(
        '\nKnown outages: famous ones / the list of GitHub, mostly minor; to reach at 0.25: 11 of 12 / 10 of 43 (unseen)',
      );
      print(row('', ...rates.slice(1).map((rate) => `at ${rate}`), 'own', 'own rate'));
      for (const [name, judge] of judges) {
        const { atRate, own } = scoreKnown(series, known, judge, rates.slice(1));
        const cells = [...atRate.values()].map((o) => `${o.found} / ${o.foundOfList}`);
        const any = [...atRate.values()][0]!;
        print(
          row(
            name,
            ...cells,
            own ? `${own.found} / ${own.foundOfList}` : '-',
            own ? own.rate.toFixed(2) : '-',
            `of ${any.of} / ${any.ofList}`,
          ),
        );
      }
    }
  }
  if (charts) {
    const { of, found, early, minutes: median } = scoreCharts(readCharts(charts));
    print(`\nDowndetector's own alerts, each chart alone (to reach: median -10 with 10 early of 69):`);
    print(
      `found within 3 h ${found} of ${of}, median ${median.toFixed(1)} min against theirs, ${early} alerts over 3 h early`,
    );
  }
  if (nab) {
    const { own, leaveOneOut, windows, hit, falsePerWeek } = scoreNab(readNab(nab), ours);
    print('\nNAB realTweets, standard profile (to reach on all ten: 70, leave-one-out 66):');
    print(
      `own threshold ${own.toFixed(1)}, leave-one-out ${leaveOneOut.toFixed(1)}, ${hit} of ${windows} windows, ${falsePerWeek.toFixed(2)} false alerts a series-week`,
    );
    print(
      'published on all ten: ARTime 81.8, contextOSE 74.5, Numenta HTM 68.0, S-H-ESD (twitterADVec) 59.6, windowed Gaussian 51.4',
    );
  }
}

function lineOf(name: string, { atRate, own }: Scored): string {
  const at = [...atRate.values()];
  const delays = own?.delay ?? at.at(-1)!.delay;
  return row(
    name,
    ...at.map(({ recall }) => figure(recall)),
    own ? own.rate.toFixed(2) : '-',
    own ? figure(own.recall) : '-',
    minutes(delays.get(50)),
    minutes(delays.get(200)),
  );
}
