// Where an outage is: a Welsh one is not a British one, and a worldwide one is everywhere.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { binomialSurprise, localise } from '../../src/detect/localise.js';

const catalog = loadCatalog();
const pathOf = (region: string) => catalog.regionPath(region);

/** Counts by region and all around it, as buckets hold them; `somewhere` are unlocated. */
function counts(byRegion: Record<string, number>, somewhere = 0): Map<string, number> {
  const sums = new Map<string, number>([['*', somewhere]]);
  for (const [region, n] of Object.entries(byRegion))
    for (const code of pathOf(region)) sums.set(code, (sums.get(code) ?? 0) + n);
  return sums;
}

const british = { 'GB-CRF': 8, 'GB-WLS': 4, 'GB-LND': 90, 'GB-MAN': 40, 'GB-BST': 20, 'GB-GLG': 25, 'GB-BFS': 10 };
const worldly = {
  'US-CA': 300,
  'US-NY': 250,
  'US-TX': 200,
  GB: 150,
  DE: 120,
  FR: 80,
  'ES-M': 60,
  'BR-SP': 90,
  IN: 110,
  JP: 40,
};
const week = { scale: 1 / 168, pathOf, home: null };

describe('the narrowest region that explains the excess', () => {
  const cases: [string, Record<string, number>, Record<string, number>, string[], string[] | null][] = [
    ['Wales', { 'GB-CRF': 9, 'GB-SWA': 7, 'GB-NWP': 4, 'GB-WRX': 3, 'GB-WLS': 12, GB: 6 }, british, ['GB-WLS'], null],
    [
      'Wales, of a British provider',
      { 'GB-CRF': 9, 'GB-SWA': 7, 'GB-NWP': 4, 'GB-WRX': 3, GB: 3 },
      british,
      ['GB-WLS'],
      ['GB'],
    ],
    ['Wales, told by its name alone', { 'GB-WLS': 14 }, british, ['GB-WLS'], ['GB']],
    ['all of Britain', { 'GB-LND': 30, 'GB-MAN': 14, 'GB-GLG': 9, 'GB-CRF': 4, 'GB-BST': 7 }, worldly, ['GB'], null],
    [
      'all of Britain, of a British provider',
      { 'GB-LND': 30, 'GB-MAN': 14, 'GB-GLG': 9, 'GB-CRF': 4 },
      british,
      ['GB'],
      ['GB'],
    ],
    [
      'the world',
      { 'US-CA': 12, 'US-NY': 9, 'US-TX': 10, GB: 8, DE: 6, FR: 4, 'BR-SP': 5, IN: 4 },
      worldly,
      ['*'],
      null,
    ],
    [
      'the world, mostly Americans as always',
      { 'US-CA': 22, 'US-NY': 19, 'US-TX': 20, GB: 3, DE: 2 },
      { 'US-CA': 400, 'US-NY': 380, 'US-TX': 390, GB: 60, DE: 40 },
      ['*'],
      null,
    ],
    ['California', { 'US-CA': 24, 'US-NY': 1, US: 3 }, worldly, ['US-CA'], null],
    ['two countries', { 'ES-M': 12, 'ES-CT': 9, 'PT-11': 6, 'PT-13': 5 }, worldly, ['ES', 'PT'], null],
    ['Wales on the first day, without a past', { 'GB-WLS': 20, 'GB-CRF': 8, 'GB-SWA': 6 }, {}, ['GB-WLS'], null],
    ['nobody says where', {}, worldly, ['*'], null],
    ['two voices of a place among many from nowhere', { 'FR-75': 2 }, worldly, ['*'], null],
  ];
  for (const [name, now, usual, expected, home] of cases)
    test(name, () =>
      expect(localise(counts(now, 40), counts(usual, 900), { ...week, home }).regions).toEqual(expected),
    );
});

test('all touched regions are listed beside', () => {
  expect(localise(counts({ 'GB-CRF': 9, 'US-CA': 1 }, 5), counts(british, 100), week).touched).toEqual([
    'GB',
    'GB-CRF',
    'GB-WLS',
    'US',
    'US-CA',
  ]);
});

test('one busy region tells nothing when it is as busy as always', () => {
  const usual = { 'US-CA': 500, GB: 500 };
  expect(localise(counts({ 'US-CA': 30, GB: 31 }), counts(usual), week).regions).toEqual(['*']);
});

test('any counts give regions of the catalog that were touched, or everywhere', () => {
  const regions = ['GB-CRF', 'GB-WLS', 'GB', 'US-CA', 'US', 'DE-BY', 'JP', 'FR-75'];
  const some = fc.dictionary(fc.constantFrom(...regions), fc.nat({ max: 500 }));
  fc.assert(
    fc.property(
      some,
      some,
      fc.nat({ max: 1000 }),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (now, usual, somewhere, scale) => {
        const found = localise(counts(now, somewhere), counts(usual, somewhere), { scale, pathOf, home: null });
        expect(found.regions.length).toBeGreaterThan(0);
        for (const region of found.regions) if (region !== '*') expect(found.touched).toContain(region);
        for (const region of found.regions)
          for (const wider of pathOf(region).slice(1)) expect(found.regions).not.toContain(wider);
      },
    ),
    { numRuns: 300 },
  );
});

test('the binomial bound is never larger than the exact tail', () => {
  const exact = (hits: number, n: number, p: number) => {
    let sum = 0;
    for (let k = hits; k <= n; k++) {
      let log = k * Math.log(p) + (n - k) * Math.log(1 - p);
      for (let i = 0; i < k; i++) log += Math.log((n - i) / (i + 1));
      sum += Math.exp(log);
    }
    return -Math.log10(sum);
  };
  for (const n of [1, 5, 20, 60])
    for (let hits = 0; hits <= n; hits++)
      for (const p of [0.02, 0.3, 0.9])
        expect(binomialSurprise(hits, n, p)).toBeLessThanOrEqual(exact(hits, n, p) + 1e-9);
});
