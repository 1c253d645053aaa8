// Regions -> the names of their places, from the lists that ship and the catalog's own regions.
import { readFileSync } from 'node:fs';
import type { Catalog } from '../core/catalog.js';
import { failureWords } from './cues.js';
import { foldTable, ignoredUnit, jointUnit } from './fold.js';
import type { Phrase } from './phrases.js';
import { emptyRegions, wordPlaces } from './place-cues.js';
import { usStates } from './postcode.js';
import { createRegionTable, type RegionTable } from './region-table.js';

/** Weights in thousands of people, for names that are no city: a country, a part of one, a name from our own list. */
export const weightOf = { country: 20_000, part: 400, nickname: 3_000 };

/** Weight from which the name of a place is known without the spaces in it too. */
const leastJoined = 100;

/** What a phrase is (bits): a place; an ordinary word or a short one as well; a word of failure; a utility. */
export const PLACE = 1;
export const WORD = 2;
export const FAILURE = 4;
/** The name or account of a utility that serves one region. */
export const UTILITY = 8;

interface Place {
  code: string;
  /** Thousands of people, or one of the weights above. */
  weight: number;
}

export interface PlaceNames {
  phrases: Phrase[];
  regions: RegionTable;
  /** By phrase. */
  kinds: Uint8Array;
  /** What a name may mean: the places from `first[phrase]` up to `first[phrase + 1]`, the largest first; none for a word of failure. */
  first: Int32Array;
  /** By place: the number of its region, its weight, and the logarithm of that. */
  regionOf: Uint16Array;
  weights: Float32Array;
  sizes: Float32Array;
  /** The regions that a utility serves; by phrase. */
  serves: ReadonlyMap<number, readonly number[]>;
  /** Letters of a name, by phrase: what stands behind them is an ending. */
  lengths: Uint8Array;
}

const readText = (name: string): string => readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8');

const plainName = /^[A-Za-z]+(?: [A-Za-z]+)*$/;

/** A name as the scanner sees it, so that Medellín and Medellin are one. */
function foldName(name: string): string {
  if (plainName.test(name)) return name.toLowerCase();
  let folded = '';
  for (let i = 0; i < name.length; i++) {
    const unit = foldTable[name.charCodeAt(i)]!;
    if (unit > jointUnit) folded += String.fromCharCode(unit);
    else if (unit !== ignoredUnit && folded !== '' && !folded.endsWith(' ')) folded += ' ';
  }
  return folded.trim();
}

/** Whoever writes Georgia mostly means the state. */
const weightOfRegion = (name: string, code: string): number =>
  code.includes('-')
    ? weightOf.part
    : code === 'GE' && foldName(name) === 'georgia'
      ? weightOf.part / 3
      : weightOf.country;

/** Reads the lists of places and compiles their names and the words of failure into one list of phrases. */
export function compilePlaces(catalog: Catalog): PlaceNames {
  const phrases: Phrase[] = [];
  const kinds: number[] = [];
  const places: Place[][] = [];
  const serves = new Map<number, string[]>();
  const lengths: number[] = [];
  const idOf = new Map<string, number>();

  const addPhrase = (text: string, inflects: boolean, kind: number): number => {
    kinds.push(kind);
    places.push([]);
    lengths.push(text.length);
    return phrases.push({ text, recorded: true, inflects }) - 1;
  };
  const addPlace = (name: string, code: string, weight: number, own = false): void => {
    const key = foldName(name);
    if (/^[\u0621-\u064a]/.test(key) && !key.startsWith('ب')) addPlace(`ب${key}`, code, weight, own);
    if (key.length < 2 || emptyRegions.has(key)) return;
    // Tags join the words of a name: `#SanAntonio`.
    if (key.includes(' ') && weight >= leastJoined && key.length >= 8)
      addPlace(key.replaceAll(' ', ''), code, weight, own);
    let id = idOf.get(key);
    if (id === undefined) {
      const isWord = wordPlaces.has(key) || (key.length <= 3 && !own);
      id = addPhrase(key, key.length >= 5 && !wordPlaces.has(key), isWord ? PLACE | WORD : PLACE);
      idOf.set(key, id);
    }
    const same = places[id]!.find((p) => p.code === code);
    if (same) same.weight = Math.max(same.weight, weight);
    else places[id]!.push({ code, weight });
  };

  for (const line of readText('places.tsv').split('\n')) {
    const [name, code, thousands] = line.split('\t') as [string, string, string];
    if (code) addPlace(name, code, Number(thousands) || weightOfRegion(name, code));
  }
  for (const { code, name } of catalog.regions)
    if (!code.includes('-') || !/[,[(]/.test(name)) addPlace(name, code, weightOfRegion(name, code));
  const nicknames = JSON.parse(readText('nicknames.json')) as Record<string, string[]>;
  for (const [code, names] of Object.entries(nicknames))
    for (const name of names) addPlace(name, code, code.includes('-') ? weightOf.nickname : weightOf.country, true);
  for (const state of usStates.split(' ')) addPlace(state, `US-${state}`, weightOf.part);
  for (const word of failureWords) {
    const known = idOf.get(foldName(word));
    if (known === undefined) addPhrase(word, false, FAILURE);
    else kinds[known]! |= FAILURE;
  }
  const utilities = JSON.parse(readText('utilities.json')) as Record<string, string[]>;
  for (const [code, names] of Object.entries(utilities))
    for (const name of names) {
      const id = idOf.get(foldName(name)) ?? addPhrase(name, false, 0);
      kinds[id]! |= UTILITY;
      serves.set(id, [...(serves.get(id) ?? []), code]);
    }
  const flat: Place[] = [];
  const first = new Int32Array(places.length + 1);
  for (const [id, same] of places.entries()) {
    if (same.length > 1) same.sort((a, b) => b.weight - a.weight);
    flat.push(...same);
    first[id + 1] = flat.length;
  }
  const regions = createRegionTable(catalog, [
    ...catalog.regions.map((r) => r.code),
    ...flat.map((p) => p.code),
    ...Object.keys(utilities),
  ]);
  return {
    phrases,
    regions,
    kinds: Uint8Array.from(kinds),
    first,
    regionOf: Uint16Array.from(flat, (p) => regions.numberOf(p.code)),
    weights: Float32Array.from(flat, (p) => p.weight),
    sizes: Float32Array.from(flat, (p) => Math.log10(p.weight + 1)),
    serves: new Map([...serves].map(([id, codes]) => [id, codes.map(regions.numberOf)])),
    lengths: Uint8Array.from(lengths),
  };
}
