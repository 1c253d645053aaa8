// Text -> known phrases: a quick look at every token, a closer one where something may be; no allocation while nothing is found.
import { jointUnit } from './fold.js';
import { mayHave, mix } from './hash-table.js';
import { follow, type Phrase, showsSigns } from './phrases.js';
import {
  addLetter,
  behindLetters,
  GLUED,
  HANDLE,
  hashBetween,
  hashOf,
  lettersIn,
  longestText,
  longestWord,
  type Reading,
  RUN,
  TAG,
} from './reading.js';
import { createRuns } from './runs.js';
import { child, createTrie, flagsAt, INFLECTS, MIXED, MORE, phraseAt, RECORDED, STRICT, shortestStem } from './trie.js';

/** Spans of a text that hold something; `of` says what. */
export interface Spans {
  count: number;
  of: Int32Array;
  start: Int32Array;
  end: Int32Array;
}

/** Result of the latest scan; overwritten by the next one. */
export interface Scanner {
  /** Looks for the recorded phrases in a text. @returns whether there is a hit or a tag. */
  scan(reading: Reading): boolean;
  /** Recorded phrases, in order of their start. */
  readonly hits: Spans;
  /** Every `@handle`, and the `#tags` that are no phrase themselves: what stands behind the sign. */
  readonly tags: Spans;
  /**
   * Place of the last sight of any phrase in this text, or -1. Those that are not recorded are looked for when first asked,
   * so ask before another text is read.
   */
  seenAt(phrase: number): number;
  /** Recorded phrases of one word that [start, end) begins with, longest first, with the number of their letters. */
  stems(reading: Reading, start: number, end: number): { phrase: number; letters: number }[];
}

/** Endings that inflected languages hang on to a brand, and words that people glue to it; by their hashes. */
const endings: ReadonlySet<number> = new Set(
  (
    's es a e i u y n da de ta te dan den tan ten daki deki taki teki ya ye yi yu in un nin nun la le li lu ' +
    'em om ie iem owi ach ami ow ov ovi em ban ben bol on en re ra nak nek ot et al ' +
    'nya ku mu kan lah ang ng na ' +
    'а у ом е ы и ов ам ах ой ю я ем ами ' +
    'down app web uk us'
  )
    .split(' ')
    .map(hashOf),
);
const longestEnding = 4;

/** Why a token is worth a look (bits): it may be a word that is known; begin a phrase with the next one; begin like a name. */
const WORD = 1;
const PAIR = 2;
const STEM = 4;
const noStems: never[] = [];

const doubled = (a: Int32Array): Int32Array<ArrayBuffer> => {
  const b = new Int32Array(a.length * 2);
  b.set(a);
  return b;
};

class SpanList implements Spans {
  count = 0;
  of = new Int32Array(64);
  start = new Int32Array(64);
  end = new Int32Array(64);

  add(of: number, start: number, end: number): void {
    const at = this.count++;
    if (at === this.of.length) {
      this.of = doubled(this.of);
      this.start = doubled(this.start);
      this.end = doubled(this.end);
    }
    this.of[at] = of;
    this.start[at] = start;
    this.end[at] = end;
  }
}

/** Compiles phrases. The scanner keeps its latest result, so it serves one text at a time. */
export function createScanner(phrases: readonly Phrase[]): Scanner {
  const { nodes, recordedHeads, otherHeads, stemHeads, unspaced, folded, flags, others } = createTrie(phrases);
  const signs = phrases.map((p, id) => (flags[id]! & STRICT ? p.text.toLowerCase() : ''));
  const isRecorded = (id: number): boolean => (flags[id]! & RECORDED) !== 0;
  const findRuns = createRuns(folded, unspaced.filter(isRecorded), record);
  const findOtherRuns = createRuns(
    folded,
    unspaced.filter((id) => !isRecorded(id)),
    record,
  );
  const hits = new SpanList();
  const tags = new SpanList();
  /** By phrase: the number of the text that it was last seen in (upper half), and where (lower half). */
  const seen = new Int32Array(phrases.length);
  let epoch = 0;
  /** The last bits of the numbers of those seen in this text: of most others nothing more need be asked. */
  let sighted = 0;
  /** The text at hand, and whether its other phrases have been looked for. */
  let latest: Reading | null = null;
  let isComplete = false;
  /** Tokens at which something may be found. */
  const sifted = new Int32Array(longestText);
  const reasons = new Uint8Array(longestText);

  function record(id: number, start: number, end: number): void {
    sighted |= 1 << id;
    seen[id] = (epoch << 16) | start;
    if (isRecorded(id)) hits.add(id, start, end);
  }

  /** Records the phrases, recorded ones or others, that end in a node. */
  function recordNode(reading: Reading, node: number, recorded: number, start: number, end: number): void {
    let is = flagsAt(nodes, node);
    for (let id = phraseAt(nodes, node); id >= 0; is = flags[id]!) {
      if ((is & RECORDED) === recorded) {
        const stop = is & MIXED ? follow(reading, start, folded[id]!) : end;
        if (stop > 0 && ((is & STRICT) === 0 || showsSigns(reading, start, signs[id]!))) record(id, start, stop);
      }
      if ((is & MORE) === 0) return;
      id = others[id]!;
    }
  }

  /** A name with an ending: looks for the longest known stem of a word that is itself unknown. */
  function recordStem(reading: Reading, start: number, end: number, word: number): void {
    const letters = lettersIn(reading, start, end);
    if (letters > longestWord) return;
    for (let cutOff = 1; cutOff <= longestEnding && letters - cutOff >= shortestStem; cutOff++) {
      const stop = behindLetters(reading, start, letters - cutOff);
      const stem = hashBetween(reading, start, stop, letters - cutOff);
      if (!mayHave(recordedHeads, mix(0, stem)) || !endings.has(hashBetween(reading, stop, end, cutOff))) continue;
      const node = child(nodes, -1, reading, start, stop, stem);
      if (node < 0) continue;
      if (child(nodes, -1, reading, start, end, word) >= 0) return;
      for (let id = phraseAt(nodes, node); id >= 0; id = others[id]!)
        if ((flags[id]! & (INFLECTS | STRICT | MIXED)) === INFLECTS) {
          record(id, start, end);
          return;
        }
    }
  }

  /** Records the phrases of several words that start with token `t`. @returns the tokens that they end with, bit 0 being `t`. */
  function recordLonger(reading: Reading, t: number, recorded: number): number {
    const { count, flags: tokens, start, end, hash } = reading;
    let ends = 0;
    let node = child(nodes, -1, reading, start[t]!, end[t]!, hash[t]!);
    for (let u = t + 1; node >= 0 && u < count && tokens[u]! & GLUED; u++) {
      node = child(nodes, node, reading, start[u]!, end[u]!, hash[u]!);
      if (node < 0 || phraseAt(nodes, node) < 0) continue;
      recordNode(reading, node, recorded, start[t]!, end[u]!);
      ends |= 1 << (u - t);
    }
    return ends;
  }

  /** True when the token is a phrase of its own. */
  function isPhrase(reading: Reading, t: number): boolean {
    const node = child(nodes, -1, reading, reading.start[t]!, reading.end[t]!, reading.hash[t]!);
    return node >= 0 && phraseAt(nodes, node) >= 0;
  }

  /**
   * Lists the tokens at which a recorded phrase may be found, and why each is worth a look. Reckons instead of branching:
   * what a token is cannot be foreseen.
   * @returns their number
   */
  function sift(reading: Reading): number {
    const { count, flags: tokens, start, end, hash } = reading;
    const always = reading.marked ? 1 : 0;
    let found = 0;
    for (let t = 0; t < count; t++) {
      const word = hash[t]!;
      const from = start[t]!;
      const long = (shortestStem - end[t]! + from) >>> 31;
      const stem = hashBetween(reading, from, from + shortestStem, shortestStem);
      const why =
        mayHave(recordedHeads, mix(0, word)) |
        ((tokens[t + 1]! & GLUED & mayHave(recordedHeads, mix(word, hash[t + 1]!))) << 1) |
        ((long & (mayHave(stemHeads, mix(0, stem)) | always)) << 2) |
        ((tokens[t]! & (RUN | HANDLE | TAG)) << 2);
      sifted[found] = t;
      reasons[found] = why;
      found += -why >>> 31;
    }
    return found;
  }

  function scan(reading: Reading): boolean {
    const { flags: tokens, start, end, hash } = reading;
    hits.count = 0;
    tags.count = 0;
    latest = reading;
    isComplete = false;
    sighted = 0;
    epoch = (epoch % 0xffff) + 1;
    if (epoch === 1) seen.fill(0);
    const found = sift(reading);
    /** Tokens from the latest one on (bits) with which a phrase ends. */
    let named = 0;
    let before = 0;
    for (let k = 0; k < found; k++) {
      const t = sifted[k]!;
      const why = reasons[k]!;
      const token = tokens[t]!;
      if (token & RUN) {
        findRuns(reading, start[t]!, end[t]!);
        continue;
      }
      named = t - before < 32 ? named >>> (t - before) : 0;
      before = t;
      const word = hash[t]!;
      const node = why & WORD ? child(nodes, -1, reading, start[t]!, end[t]!, word) : -1;
      if (node >= 0 && phraseAt(nodes, node) >= 0) {
        recordNode(reading, node, RECORDED, start[t]!, end[t]!);
        named |= 1;
      } else if (why & STEM) recordStem(reading, start[t]!, end[t]!, word);
      if (why & PAIR) named |= recordLonger(reading, t, RECORDED);
      if (token & HANDLE || (token & TAG && (named & 1) === 0 && !isPhrase(reading, t)))
        tags.add(t, start[t]!, end[t]!);
    }
    return hits.count + tags.count > 0;
  }

  /** Looks for the phrases that only leave word. */
  function complete(reading: Reading): void {
    const { count, flags: tokens, start, end, hash } = reading;
    for (let t = 0; t < count; t++) {
      if (tokens[t]! & RUN) findOtherRuns(reading, start[t]!, end[t]!);
      else {
        const word = hash[t]!;
        if (mayHave(otherHeads, mix(0, word))) {
          const node = child(nodes, -1, reading, start[t]!, end[t]!, word);
          if (node >= 0) recordNode(reading, node, 0, start[t]!, end[t]!);
        }
        if (tokens[t + 1]! & GLUED && mayHave(otherHeads, mix(word, hash[t + 1]!))) recordLonger(reading, t, 0);
      }
    }
  }

  function seenAt(phrase: number): number {
    if (!isComplete && latest !== null) {
      isComplete = true;
      complete(latest);
    }
    return (sighted >>> phrase) & 1 && seen[phrase]! >>> 16 === epoch ? seen[phrase]! & 0xffff : -1;
  }

  function stems(reading: Reading, start: number, end: number): { phrase: number; letters: number }[] {
    const { forms } = reading;
    let found: { phrase: number; letters: number }[] = noStems;
    let hash = 0;
    let letters = 0;
    for (let i = start; i < end && letters < longestWord; i++) {
      if (forms[i]! <= jointUnit) continue;
      hash = addLetter(hash, forms[i]!);
      if (++letters === 1 || !mayHave(recordedHeads, mix(0, hash))) continue;
      const node = child(nodes, -1, reading, start, i + 1, hash);
      for (let id = node < 0 ? -1 : phraseAt(nodes, node); id >= 0; id = others[id]!)
        if ((flags[id]! & (RECORDED | STRICT | MIXED)) === RECORDED && follow(reading, start, folded[id]!) > 0) {
          if (found === noStems) found = [];
          found.push({ phrase: id, letters });
        }
    }
    return found.reverse();
  }

  return { scan, hits, tags, stems, seenAt };
}
