// Handle or tag -> service: a name with what brands and customers hang on it (`@AskPayPal`, `#NetflixDown`).
import type { Service } from '../core/catalog.js';
import { leads, tails } from './cues.js';
import { foldLetters } from './fold.js';
import type { Entry } from './names.js';
import type { Reading } from './reading.js';
import type { Scanner } from './scanner.js';

/** Leads by their first letter. */
const leadsBy = new Map<number, string[]>();
for (const lead of leads) leadsBy.set(lead.charCodeAt(0), [...(leadsBy.get(lead.charCodeAt(0)) ?? []), lead]);

/** True when the text at `at` begins with a folded word. */
function beginsWith(forms: Uint16Array, at: number, word: string): boolean {
  for (let k = 0; k < word.length; k++) if (forms[at + k] !== word.charCodeAt(k)) return false;
  return true;
}

const first = (...candidates: (number | undefined)[]): number =>
  candidates.find((c) => c !== undefined && c >= 0) ?? -1;

/** Country of a known tail (null: it tells none); undefined when it is no tail. Two tails may follow each other. */
function tailOf(rest: string): string | null | undefined {
  if (rest.length > 24) return undefined;
  const whole = tails.get(rest);
  if (whole !== undefined) return whole;
  for (let cut = 2; cut < rest.length - 1; cut++) {
    const a = tails.get(rest.slice(0, cut));
    const b = a === undefined ? undefined : tails.get(rest.slice(cut));
    if (a !== undefined && b !== undefined) return a ?? b;
  }
  return undefined;
}

/** Reads what stands behind the sign of a handle or tag. */
export type TagReader = (reading: Reading, start: number, end: number, handle: boolean) => number;

/** The returned reader gives the index of the service that text[start, end) names, or -1. */
export function createTagReader(scanner: Scanner, entries: readonly Entry[], services: readonly Service[]): TagReader {
  /** Service of a handle or tag that starts with a name and ends in words people hang on it; -1 when there is none. */
  function resolveTag(reading: Reading, start: number, end: number, handle: boolean): number {
    const found = scanner.stems(reading, start, end);
    if (found.length === 0) return -1;
    const total = foldLetters(reading.text.slice(start, end));
    for (const { phrase, letters } of found) {
      const entry = entries[phrase]!;
      const rest = total.slice(letters);
      if (rest === '') {
        const service = handle ? first(entry.account, entry.sure, entry.maybe[0]) : first(entry.sure, entry.account);
        if (service >= 0 && (entry.account >= 0 || entry.sure >= 0 || total.length >= 4)) return service;
      } else {
        const country = tailOf(rest);
        if (country === undefined) continue;
        const candidates = entry.sure >= 0 ? [entry.sure, ...entry.maybe] : entry.maybe;
        const local = country && candidates.find((i) => services[i]!.regions?.includes(country));
        if (typeof local === 'number') return local;
        const service = first(entry.sure, handle || letters >= 4 ? entry.maybe[0] : undefined, entry.account);
        if (service >= 0) return service;
      }
    }
    return -1;
  }

  return (reading, start, end, handle) => {
    const direct = resolveTag(reading, start, end, handle);
    if (direct >= 0) return direct;
    const same = leadsBy.get(reading.forms[start]!);
    if (same === undefined || end - start < 5) return -1;
    for (const lead of same) {
      if (!beginsWith(reading.forms, start, lead)) continue;
      const from = start + lead.length + (reading.units[start + lead.length] === 0x5f ? 1 : 0);
      const service = from < end - 1 ? resolveTag(reading, from, end, handle) : -1;
      if (service >= 0) return service;
    }
    return -1;
  };
}
