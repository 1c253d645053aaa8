// What a series not heard before is taken for: the median of its class here, once enough of it was heard, else a guess.
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { day, hour, minute } from '../../src/core/time.js';
import { createUsualRates, type UsualRates } from '../../src/pipeline/usual-rates.js';

const start = Date.UTC(2026, 5, 1);
const catalog = loadCatalog();

function world(heard: { service: string; region: string; authors: number }[], kept?: UsualRates) {
  const asked: [number, number][] = [];
  let memory = kept;
  const usual = createUsualRates({
    catalog,
    read: {
      async touchedSeries(from, to) {
        asked.push([from, to]);
        return heard.map((one) => ({ ...one, reports: one.authors }));
      },
    },
    origin: () => start,
    kept: () => memory,
    keep: (rates) => {
      memory = rates;
    },
  });
  return { usual, asked, memory: () => memory };
}

const isps = [
  { service: 'comcast', region: '*', authors: 10 },
  { service: 'virgin-media', region: '*', authors: 40 },
  { service: 'cox', region: '*', authors: 900 },
];

test('a guess at first: more for what everybody uses, less for narrow regions', async () => {
  const { usual, asked } = world(isps);
  const t = start + hour + 5 * minute;
  const rate = (service: string, region: string) => usual({ service, region }, t);
  expect(asked).toEqual([]);
  expect(await rate('netflix', '*')).toBeGreaterThan(await rate('stripe', '*'));
  expect(await rate('netflix', '*')).toBeGreaterThan(await rate('netflix', 'GB'));
  expect(await rate('netflix', 'GB')).toBeGreaterThan(await rate('netflix', 'GB-WLS'));
  expect(await rate('no-such-service', 'GB-WLS')).toBeGreaterThan(0);
  expect(asked).toEqual([]);
});

test('then the median of the class, learned once an hour and taken up again after a restart', async () => {
  const { usual, asked, memory } = world(isps);
  const category = (id: string) => catalog.service(id)?.category;
  expect(isps.map(({ service }) => category(service))).toEqual(['isp', 'isp', 'isp']);
  const t = start + 10 * hour + 5 * minute;
  expect(await usual({ service: 'spectrum', region: '*' }, t)).toBeCloseTo(4);
  expect(await usual({ service: 'spectrum', region: '*' }, t + 50 * minute)).toBeCloseTo(4);
  expect(asked).toEqual([[start, start + 10 * hour]]);
  // Too few of another breadth, or of another category, tell nothing.
  const { usual: blank } = world([]);
  expect(await usual({ service: 'spectrum', region: 'GB' }, t)).toBe(
    await blank({ service: 'spectrum', region: 'GB' }, t),
  );
  const again = world([], JSON.parse(JSON.stringify(memory())));
  expect(await again.usual({ service: 'spectrum', region: '*' }, t + 50 * minute)).toBeCloseTo(4);
  expect(again.asked).toEqual([]);
  await again.usual({ service: 'spectrum', region: '*' }, t + 3 * day);
  expect(again.asked).toEqual([[start + 2 * day + 10 * hour, start + 3 * day + 10 * hour]]);
});
