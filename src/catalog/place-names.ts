// Regions -> the names of their places, from the lists that ship and the catalog's own regions.
import { readFileSync } from 'node:fs';
import type { Catalog } from '../core/catalog.js';
import { failureWords } from './cues.js';
import { foldTable, ignoredUnit, jointUnit } from './fold.js';
import type { Phrase } from './phrases.js';
import { emptyRegions, wordPlaces } from './place-cues.js';
import { usStates } from './postcode.js';

/** Weights in thousands of people, for names that are no city: a country, a part of one, a name from our own list. */
export const weightOf = { country: 20_000, part: 400, nickname: 3_000 };

/** What a phrase is (bits): a place; an ordinary word or a short one as well; a word of failure. */
export const PLACE = 1;
export const WORD = 2;
export const FAILURE = 4;

export interface Place {
  code: string;
  /** Thousands of people, or one of the weights above. */
  weight: number;
}

export interface PlaceNames {
  phrases: Phrase[];
  /** By phrase. */
  kinds: Uint8Array;
  /** What a name may mean, the largest first; by phrase, none for a word of failure. */
  places: Place[][];
  /** Letters of a name: what stands behind them is an ending. */
  lengths: number[];
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

/** Reads the lists of places and compiles their names and the words of failure into one list of phrases. */
export function compilePlaces(catalog: Catalog): PlaceNames {
  const phrases: Phrase[] = [];
  const kinds: number[] = [];
  const places: Place[][] = [];
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
    if (code) addPlace(name, code, Number(thousands) || (code.includes('-') ? weightOf.part : weightOf.country));
  }
  for (const r of catalog.regions) {
    // Whoever writes Georgia or Jersey in English mostly means the state.
    if (!r.code.includes('-')) addPlace(r.name, r.code, r.code === 'GE' ? weightOf.part / 3 : weightOf.country);
    else if (!/[,[(]/.test(r.name)) addPlace(r.name, r.code, weightOf.part);
  }
  const nicknames = JSON.parse(readText('nicknames.json')) as Record<string, string[]>;
  for (const [code, names] of Object.entries(nicknames))
    for (const name of names) addPlace(name, code, code.includes('-') ? weightOf.nickname : weightOf.country, true);
  for (const state of usStates.split(' ')) addPlace(state, `US-${state}`, weightOf.part);
  for (const same of places) if (same.length > 1) same.sort((a, b) => b.weight - a.weight);

  for (const word of failureWords) {
    const known = idOf.get(foldName(word));
    if (known === undefined) addPhrase(word, false, FAILURE);
    else kinds[known]! |= FAILURE;
  }
  return { phrases, kinds: Uint8Array.from(kinds), places, lengths };
}
