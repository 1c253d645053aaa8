// The table keeps what was added, equal keys apart; the filter never denies a key that it has.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addKey,
  createFilter,
  createTable,
  insert,
  lookUp,
  mayHave,
  mix,
  VALUE,
} from '../../src/catalog/hash-table.js';

/** Hashes, of which some come again: an entry's tag tells pairs of hashes apart, not pairs of any small numbers. */
const key = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 })).map((n) => mix(mix(n, 0x85ebca6b), n));

test('a table gives each pair of hashes its own value, and none to others', () => {
  const pairs = fc.uniqueArray(fc.tuple(key, key), { maxLength: 700, selector: ([a, b]) => `${a} ${b}` });
  fc.assert(
    fc.property(pairs, fc.nat(), (all, half) => {
      const table = createTable(all.length);
      const added = all.slice(0, half % (all.length + 1));
      added.forEach(([a, b], i) => {
        insert(table, a, b, i + 1);
      });
      for (const [i, [a, b]] of all.entries()) {
        const at = lookUp(table, a, b);
        expect(at < 0 ? 0 : table[at + VALUE]).toBe(i < added.length ? i + 1 : 0);
      }
    }),
    { numRuns: 30 },
  );
});

test('adding a pair again leaves its value', () => {
  const table = createTable(4);
  const at = insert(table, 7, 8, 1);
  expect(insert(table, 7, 8, 2)).toBe(at);
  expect(table[at + VALUE]).toBe(1);
});

test('a filter has every key added, and few others', () => {
  const filter = createFilter(2_000);
  const hash = (i: number) => Math.imul(i + 1, 0x9e3779b1) ^ (i << 7);
  for (let i = 0; i < 2_000; i++) addKey(filter, hash(i));
  for (let i = 0; i < 2_000; i++) expect(mayHave(filter, hash(i))).toBe(1);
  let wrong = 0;
  for (let i = 2_000; i < 22_000; i++) wrong += mayHave(filter, hash(i));
  expect(wrong / 20_000).toBeLessThan(0.08);
});
