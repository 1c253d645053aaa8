// Regions as numbers: a few small arrays say what lies where, without a walk through the memory.
import type { Catalog } from '../core/catalog.js';

/** No region. */
export const NONE = -1;

export interface RegionTable {
  /** By number. */
  codes: readonly string[];
  /** Number of a code, or NONE. */
  numberOf(code: string): number;
  /** Number of the region's country, counted apart from 0 on. */
  countryOf: Uint8Array;
  /** Number of a country's code, or NONE. */
  countryNumber(country: string): number;
  /** Whether a region is a part of a country. */
  isPart(region: number): boolean;
  /** True when `region` is `around` or lies in it. */
  isWithin(region: number, around: number): boolean;
  isWithinAny(region: number, all: readonly number[]): boolean;
  /** The narrowest region that holds both, or NONE. */
  holderOf(a: number, b: number): number;
}

/** Numbers these regions and all around them. */
export function createRegionTable(catalog: Catalog, wanted: Iterable<string>): RegionTable {
  const codes: string[] = [];
  const numbers = new Map<string, number>();
  const parents: number[] = [];
  const countries = new Map<string, number>();
  const countryOf: number[] = [];

  function add(code: string): number {
    const known = numbers.get(code);
    if (known !== undefined) return known;
    const number = codes.push(code) - 1;
    numbers.set(code, number);
    const country = code.slice(0, 2);
    if (!countries.has(country)) countries.set(country, countries.size);
    countryOf[number] = countries.get(country)!;
    const parent = catalog.region(code)?.parent;
    parents[number] = parent == null ? NONE : add(parent);
    return number;
  }
  for (const code of wanted) add(code);
  const parentOf = Int16Array.from(parents);

  function isWithin(region: number, around: number): boolean {
    for (let r = region; r !== NONE; r = parentOf[r]!) if (r === around) return true;
    return false;
  }
  return {
    codes,
    numberOf: (code) => numbers.get(code) ?? NONE,
    countryOf: Uint8Array.from(countryOf),
    countryNumber: (country) => countries.get(country) ?? NONE,
    isPart: (region) => codes[region]!.length > 2,
    isWithin,
    isWithinAny(region, all) {
      for (const around of all) if (isWithin(region, around)) return true;
      return false;
    },
    holderOf(a, b) {
      let r = a;
      while (r !== NONE && !isWithin(b, r)) r = parentOf[r]!;
      return r;
    },
  };
}
