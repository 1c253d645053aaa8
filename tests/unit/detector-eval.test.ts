// The rules by which the detector is measured: episodes, matched rates, planted outages, NAB's score; and the whole run on a small set.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evalSeries } from '../../src/cli/eval-series.js';
import { scoreColdStart } from '../../src/cli/series-eval/cold-start.js';
import { type GridSeries, type Judge, toGrid } from '../../src/cli/series-eval/grid.js';
import { makeBench } from '../../src/cli/series-eval/inject.js';
import { mixMedium } from '../../src/cli/series-eval/medium.js';
import { scoreNab } from '../../src/cli/series-eval/nab.js';
import { createRandom } from '../../src/cli/series-eval/random.js';
import { countEpisodes, scoreKind, thresholdsAtRates } from '../../src/cli/series-eval/score.js';
import { UsageError } from '../../src/core/errors.js';

const start = Date.UTC(2026, 0, 1) / 1000;
const day = 86_400;

function quiet(days: number): GridSeries {
  const random = createRandom(7);
  return {
    name: 'acme',
    start,
    width: 1200,
    counts: Float64Array.from({ length: days * 72 }, () => random.poisson(0.5)),
  };
}

describe('rules', () => {
  test('rows at most three hours apart are one episode', () => {
    expect(countEpisodes([])).toBe(0);
    expect(countEpisodes([0, 10_800, 21_600])).toBe(1);
    expect(countEpisodes([0, 10_801])).toBe(2);
  });

  test('the threshold of a rate is the lowest before the rate is first exceeded', () => {
    const clean = [{ t: [0, day, 2 * day, 3 * day], scores: [5, 3, 4, 1] }];
    expect(thresholdsAtRates(clean, 1, [1, 2, 9])).toEqual([5, 4, 1]);
    expect(thresholdsAtRates(clean, 1, [0])[0]).toBeGreaterThan(5);
  });

  test('random numbers have the means and spreads they claim, and the same seed gives the same', () => {
    const random = createRandom(1);
    for (const mean of [0.3, 8, 200]) {
      const drawn = Array.from({ length: 4000 }, () => random.poisson(mean));
      const average = drawn.reduce((a, b) => a + b, 0) / drawn.length;
      const variance = drawn.reduce((a, b) => a + (b - average) ** 2, 0) / drawn.length;
      expect(Math.abs(average / mean - 1)).toBeLessThan(0.06);
      expect(Math.abs(variance / mean - 1)).toBeLessThan(0.15);
    }
    expect(random.split(100, 4).reduce((a, b) => a + b, 0)).toBe(100);
    expect(createRandom(5).unit()).toBe(createRandom(5).unit());
  });
});

describe('injection', () => {
  const bench = makeBench(quiet(60), [], 1, ['acme']);

  test('planted outages add counts where they lie, and nowhere in the first fortnight; gaps stay gaps', () => {
    const clean = bench.find(({ name }) => name === 'base/acme/clean')!;
    const one = bench.find(({ name }) => name === 'base/acme/0')!;
    expect(one.planted.length).toBeGreaterThan(3);
    for (const [i, count] of one.counts.entries()) {
      expect(count).toBeGreaterThanOrEqual(clean.counts[i]!);
      if (i < 14 * 72) expect(count).toBe(clean.counts[i]);
    }
    for (const { start: from, end, peak } of one.planted) {
      let extra = 0;
      for (let t = from - (from % 1200); t < end; t += 1200)
        extra += one.counts[(t - start) / 1200]! - clean.counts[(t - start) / 1200]!;
      expect(extra).toBeGreaterThan(peak / 4);
    }
    const again = makeBench(quiet(60), [], 1, ['acme']);
    expect(again.map((series) => [...series.counts])).toEqual(bench.map((series) => [...series.counts]));
  });

  test('a medium-sized series is two added up, the second four weeks later, thinned; what is known of both is known of it', () => {
    const day = 86_400;
    const one = quiet(60);
    const other = { ...quiet(60), name: 'other', counts: one.counts.map((_, i) => (i === 28 * 72 ? 900 : 0)) };
    const label = { start: start + 28 * day, end: start + 29 * day };
    const [mixed] = mixMedium(
      [
        { series: one, labels: [] },
        { series: other, labels: [label] },
      ],
      1,
    );
    expect(mixed!.series).toMatchObject({ name: 'acme+other', start, width: 1200 });
    expect(mixed!.labels).toEqual([{ start, end: start + day }]);
    const { counts } = mixed!.series;
    expect(counts).toHaveLength(32 * 72);
    expect(Math.max(...counts)).toBe(counts[0]);
    expect(counts.reduce((a, b) => a + b, 0) / counts.length).toBeLessThan(1.1);
    expect(mixMedium([{ series: one, labels: [] }], 1)).toEqual([]);
  });

  test('the usual rate of its class shows more of the bursts of a thin series on its first day', () => {
    const clean = bench.filter((series) => series.kind === 'thin' && series.clean);
    const pair = [clean[0]!, clean[0]!];
    const [guessed, told] = [scoreColdStart(pair, false), scoreColdStart(pair, true)];
    expect(guessed.starts).toBe(60);
    expect(told.found).toBeGreaterThan(guessed.found);
    expect(told.false).toBeLessThan(0.05);
  });

  test('a judge that sees everything finds everything, one that sees nothing finds nothing', () => {
    const base = bench.filter(({ kind }) => kind === 'base');
    const clean = base.find((series) => series.clean)!;
    const all: Judge = ({ counts }) => ({ scores: counts.map((count, i) => count - clean.counts[i]!) });
    const none: Judge = ({ counts }) => ({
      scores: new Float64Array(counts.length),
      alerts: new Uint8Array(counts.length),
    });
    expect(scoreKind(base, all, [0.1]).atRate.get(0.1)!.recall).toBeGreaterThan(0.95);
    expect(scoreKind(base, none, [0.1]).own).toMatchObject({ rate: 0, recall: 0 });
  });
});

test("NAB's score: 0 for silence, near 100 for the first row of every window, less for each false alert", () => {
  const series = toGrid(
    'x',
    Array.from({ length: 2000 }, (_, i) => start + i * 300),
    new Array<number>(2000).fill(1),
  );
  const corpus = [{ series, steps: [...Array(2000).keys()], windows: [[600, 700] as const, [1200, 1300] as const] }];
  const at =
    (...rows: number[]): Judge =>
    ({ counts }) => {
      const alerts = new Uint8Array(counts.length);
      for (const row of rows) alerts[row] = 1;
      return { scores: new Float64Array(counts.length), alerts, ratios: Float64Array.from(alerts) };
    };
  expect(scoreNab(corpus, at()).own).toBe(0);
  const perfect = scoreNab(corpus, at(600, 1200));
  expect(perfect).toMatchObject({ windows: 2, hit: 2, falsePerWeek: 0 });
  expect(perfect.own).toBeCloseTo(100, 0);
  expect(scoreNab(corpus, at(600, 1200, 1800)).own).toBeLessThan(perfect.own - 2);
  expect(scoreNab(corpus, at(650, 1250)).own).toBeLessThan(perfect.own);
});

test('the whole run prints every row, ours first', { timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'outcry-series-'));
  expect(() => evalSeries(dir, () => {})).toThrow(UsageError);
  mkdirSync(join(dir, 'outage-report'));
  const { counts } = quiet(30);
  const rows = [...counts].map((count, i) => `${start + i * 1200},x,${count}`);
  writeFileSync(join(dir, 'outage-report', 'acme.csv'), `unix,time_utc,reports\n${rows.join('\n')}\n`);
  writeFileSync(
    join(dir, 'outage-report', 'known-outages.csv'),
    'service,start_utc,end_utc,start_uncertainty_min,label_type,selection\nacme,2026-01-20T10:00:00Z,,30,news,prior_knowledge\n',
  );
  const lines: string[] = [];
  evalSeries(dir, (line) => lines.push(line));
  const text = lines.join('\n');
  expect(lines.filter((line) => line.startsWith('ours'))).toHaveLength(6);
  expect(lines.filter((line) => line.startsWith('robust EWMA z'))).toHaveLength(6);
  expect(text).toContain('of 1 / 0');
  expect(text).not.toContain('NaN');
});
