// Phrases of scripts without spaces, found by their first two letters wherever they stand in a run.
import { breakUnit, ignoredUnit, jointUnit } from './fold.js';
import { follow } from './phrases.js';
import type { Reading } from './reading.js';

const isKatakana = (form: number): boolean => (form >= 0x30a1 && form <= 0x30fa) || form === 0x30fc;
const isHangul = (form: number): boolean => form >= 0xac00 && form <= 0xd7a3;
const pairOf = (first: number, second: number): number => (first << 16) | second;

/** Compiles phrases given by their folded letters; `record` is called for each that `find` meets. */
export function createRuns(
  folded: readonly string[],
  phrases: readonly number[],
  record: (phrase: number, start: number, end: number) => void,
) {
  const byPair = new Map<number, number[]>();
  const starts = new Uint8Array(0x10000);
  for (const id of phrases) {
    const letters = folded[id]!;
    if (letters.length < 2) continue;
    const pair = pairOf(letters.charCodeAt(0), letters.charCodeAt(1));
    const same = byPair.get(pair);
    if (same) same.push(id);
    else byPair.set(pair, [id]);
    starts[letters.charCodeAt(0)] = 1;
  }
  for (const same of byPair.values()) same.sort((a, b) => folded[b]!.length - folded[a]!.length);

  /** Records the phrases that start at `at`. */
  function findAt(reading: Reading, at: number): void {
    const { text, forms } = reading;
    const first = forms[at]!;
    let next = at + 1;
    while (next < text.length && forms[next] === ignoredUnit) next++;
    if (next >= text.length) return;
    if (forms[next] === jointUnit && next + 1 < text.length) next++;
    const same = byPair.get(pairOf(first, forms[next]!));
    if (same === undefined) return;
    const before = at > 0 ? forms[at - 1]! : breakUnit;
    for (const id of same) {
      const letters = folded[id]!;
      const stop = follow(reading, at, letters);
      if (stop < 0) continue;
      // ライン is not in オンライン, 라인 is not in 온라인.
      if (isKatakana(first) && letters.length <= 3 && (isKatakana(before) || isKatakana(forms[stop]!))) continue;
      if (isHangul(first) && letters.length <= 2 && isHangul(before)) continue;
      record(id, at, stop);
    }
  }

  /** Records the phrases in the run [start, end). */
  return (reading: Reading, start: number, end: number): void => {
    for (let i = start; i < end; i++) if (starts[reading.forms[i]!] !== 0) findAt(reading, i);
  };
}
