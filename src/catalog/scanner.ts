// Text -> known phrases: one pass over the text with token hashes and a phrase trie, no allocation while nothing is found.
import { breakUnit, firstUnspaced, foldTable, ignoredUnit, jointUnit } from './fold.js';
import { createTable, mix, VALUE } from './hash-table.js';

/** What `createScanner` is told of one phrase. */
export interface Phrase {
  text: string;
  /** Recorded with its place. Other phrases only leave word that they were seen. */
  recorded: boolean;
  /** May carry an ending (`WhatsAppta`, `Netflixs`): safe for names that are no ordinary word. */
  inflects: boolean;
}

/** Result of the latest scan; overwritten by the next one. */
export interface Scanner {
  /** Reads a text. @returns the number of recorded phrases, in order of their end. */
  scan(text: string): number;
  /** Phrase, first and last unit (exclusive) of each record. */
  readonly phrase: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Every `@handle`, and the `#tags` that are no phrase themselves: the span behind the sign. */
  readonly tagCount: number;
  readonly tagStart: Int32Array;
  readonly tagEnd: Int32Array;
  /** Place of the last sight of a phrase in this text, or -1. */
  seenAt(phrase: number): number;
  /** Phrases of one word that text[start, end) begins with, longest first, into `stemPhrase` and `stemLetters`. @returns their number. */
  stems(text: string, start: number, end: number): number;
  readonly stemPhrase: Int32Array;
  /** Letters of each stem. */
  readonly stemLetters: Int32Array;
}

const maxToken = 64;
/** Signs and spaces between two words of one phrase. */
const maxGap = 3;
/** Value of a node: whether it is one, has children, ends a single phrase that only leaves word; the first phrase above. */
const NODE = 1;
const PARENT = 2;
const PLAIN = 4;
const valueBits = 3;
/** What a phrase is. */
const RECORDED = 1;
const INFLECTS = 2;
/** Its own signs are compared (`at&t`); it mixes scripts. */
const STRICT = 4;
const MIXED = 8;
const prime = 0x01000193;
const seed = 0x811c9dc5 | 0;

/** Endings that inflected languages hang on to a brand, and words that people glue to it. */
const endings = new Set(
  (
    's es a e i u y n da de ta te dan den tan ten daki deki taki teki ya ye yi yu in un nin nun la le li lu ' +
    'em om ie iem owi ach ami ow ov ovi em ban ben bol on en re ra nak nek ot et al ' +
    'nya ku mu kan lah ang ng na ' +
    'а у ом е ы и ов ам ах ой ю я ем ами ' +
    'down app web uk us'
  ).split(' '),
);
const longestEnding = 4;

/** Folded already: most phrases are. */
const plainText = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/** One phrase cut into folded words and, for scripts without spaces, runs. */
function segmentsOf(text: string): { words: string[]; spaced: boolean; mixed: boolean } {
  if (plainText.test(text)) return { words: text.split(' '), spaced: true, mixed: false };
  const words: string[] = [];
  let word = '';
  let kind = 0;
  let spaced = false;
  let unspaced = false;
  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? foldTable[text.charCodeAt(i)]! : breakUnit;
    if (unit === ignoredUnit) continue;
    const next = unit <= jointUnit ? 0 : unit < firstUnspaced ? 1 : 2;
    if (next !== kind && word) {
      words.push(word);
      word = '';
    }
    kind = next;
    if (next === 1) spaced = true;
    if (next === 2) unspaced = true;
    if (next) word += String.fromCharCode(unit);
  }
  return { words, spaced, mixed: spaced && unspaced };
}

/** Signs that tell one name from another (`at&t`, `ps+`, `x.com`); spaces and hyphens do not. */
const telling = /[&+$*!@.]/;

const isTelling = (code: number): boolean =>
  code === 0x26 || code === 0x2b || code === 0x24 || code === 0x2a || code === 0x21 || code === 0x40 || code === 0x2e;

/** Compiles phrases. The scanner keeps its latest result, so it serves one text at a time. */
export function createScanner(phrases: readonly Phrase[]): Scanner {
  const cut = phrases.map((p) => segmentsOf(p.text));
  const table = createTable(cut.reduce((sum, c) => sum + c.words.length, 0) + 16);
  const nodes = table.entries;
  // Phrases that end in a node, as a linked list through `nextInNode`.
  const nextInNode = new Int32Array(phrases.length).fill(-1);
  const flags = Uint8Array.from(phrases, (p) => (p.recorded ? RECORDED : 0) | (p.inflects ? INFLECTS : 0));
  /** By phrase: the last text that it was seen in, and where. */
  const seen = new Int32Array(phrases.length * 2);
  const firstPhrase = (node: number): number => (nodes[node + VALUE]! >> valueBits) - 1;
  /** The phrase's own signs, compared where they tell names apart; for mixed scripts the whole folded text. */
  const strict: (string | null)[] = phrases.map(() => null);
  const byPair = createTable(phrases.length + 16);
  /** The first is nobody's. */
  const pairLists: number[][] = [[]];
  const startsPair = new Uint8Array(0x10000);

  const hashOf = (word: string): number => {
    let h = seed;
    for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), prime);
    return h;
  };
  phrases.forEach((phrase, id) => {
    const { words, spaced, mixed } = cut[id]!;
    const head = words[0];
    if (head === undefined || head.length > maxToken) return;
    if (telling.test(phrase.text)) strict[id] = phrase.text.toLowerCase();
    if (mixed) strict[id] = words.join('');
    if (!spaced || (mixed && head.charCodeAt(0) >= firstUnspaced)) {
      const all = words.join('');
      if (all.length < 2) return;
      const key = (all.charCodeAt(0) << 16) | all.charCodeAt(1);
      const list = byPair.entries[byPair.add(mix(1, key), pairLists.length) + VALUE]!;
      if (list === pairLists.length) pairLists.push([]);
      pairLists[list]!.push(id);
      startsPair[all.charCodeAt(0)] = 1;
      return;
    }
    let node = -1;
    for (const word of mixed ? [head] : words) {
      if (node >= 0) nodes[node + VALUE]! |= PARENT;
      node = table.add(mix(node + 1, hashOf(word)), NODE);
    }
    if (strict[id] !== null) flags[id]! |= mixed ? MIXED : STRICT;
    nextInNode[id] = firstPhrase(node);
    const plain = nextInNode[id]! < 0 && (flags[id]! & ~INFLECTS) === 0 ? PLAIN : 0;
    nodes[node + VALUE] = ((id + 1) << valueBits) | plain | (nodes[node + VALUE]! & (NODE | PARENT));
  });
  const folded = cut.map((c) => c.words.join(''));
  for (const list of pairLists) list.sort((a, b) => folded[b]!.length - folded[a]!.length);

  const { filter: rootFilter, bitMask: rootBits } = table;
  cut.length = 0;
  let epoch = 0;
  let phraseOut = new Int32Array(256);
  let startOut = new Int32Array(256);
  let endOut = new Int32Array(256);
  let count = 0;
  let tagStarts = new Int32Array(64);
  let tagEnds = new Int32Array(64);
  let tags = 0;
  const history = new Int32Array(maxToken + 1);
  const activeNode = new Int32Array(16);
  const activeStart = new Int32Array(16);

  const grow = (a: Int32Array): Int32Array<ArrayBuffer> => {
    const b = new Int32Array(a.length * 2);
    b.set(a);
    return b;
  };

  /** End of `pattern` in the text from `at` on, signs between ignored; -1 when the text goes another way. */
  function follow(text: string, at: number, pattern: string, from: number): number {
    let k = from;
    let gap = 0;
    let i = at;
    for (; i < text.length && k < pattern.length; i++) {
      const unit = foldTable[text.charCodeAt(i)]!;
      if (unit === ignoredUnit) continue;
      if (unit === pattern.charCodeAt(k)) {
        k++;
        gap = 0;
      } else if (unit !== jointUnit || ++gap > 1) return -1;
    }
    return k === pattern.length ? i : -1;
  }

  /** True when the text from `start` on shows the phrase's own signs: `at&t` is not `at t`. */
  function showsSigns(text: string, start: number, pattern: string): boolean {
    let i = pattern.charCodeAt(0) === 0x40 ? start - 1 : start;
    for (let k = 0; k < pattern.length; k++) {
      const sign = pattern.charCodeAt(k);
      if (sign === 0x20) continue;
      while (i < text.length && (text.charCodeAt(i) === 0x20 || foldTable[text.charCodeAt(i)] === ignoredUnit)) i++;
      if (i >= text.length) return false;
      const code = text.charCodeAt(i++);
      if (isTelling(sign) || isTelling(code) ? code !== sign : false) return false;
    }
    return true;
  }

  const http = hashOf('http');
  const https = hashOf('https');
  const isWord = (text: string, at: number): boolean => at < text.length && foldTable[text.charCodeAt(at)]! > jointUnit;

  /** First place from `at` on where a run without spaces ends. */
  function skipRun(text: string, at: number): number {
    let i = at;
    while (i < text.length && text.charCodeAt(i) > 0x20 && text.charCodeAt(i) < firstUnspaced) i++;
    return i;
  }

  /** Place to read on from in a link: behind `://` when it is a bare host, else its end. */
  function skipLink(text: string, at: number): number {
    const end = skipRun(text, at);
    const path = text.indexOf('/', at + 3);
    return path < 0 || path >= end - 1 ? at + 2 : end - 1;
  }

  function record(id: number, start: number, end: number): void {
    seen[id * 2] = epoch;
    seen[id * 2 + 1] = start;
    if ((flags[id]! & RECORDED) === 0) return;
    if (count === phraseOut.length) {
      phraseOut = grow(phraseOut);
      startOut = grow(startOut);
      endOut = grow(endOut);
    }
    phraseOut[count] = id;
    startOut[count] = start;
    endOut[count] = end;
    count++;
  }

  /** Records the phrases that end in a node of this value. */
  function recordNode(text: string, value: number, start: number, end: number): void {
    const first = (value >> valueBits) - 1;
    if (value & PLAIN) {
      seen[first * 2] = epoch;
      seen[first * 2 + 1] = start;
      return;
    }
    for (let id = first; id >= 0; id = nextInNode[id]!) {
      const is = flags[id]!;
      if (is & MIXED) {
        const stop = follow(text, start, strict[id]!, 0);
        if (stop > 0) record(id, start, stop);
      } else if (is & STRICT) {
        if (showsSigns(text, start, strict[id]!)) record(id, start, end);
      } else if ((is & RECORDED) === 0 || sameLetters(text, start, end, folded[id]!)) record(id, start, end);
    }
  }

  /** True when the letters of text[start, end) are the phrase's: hashes may collide. */
  function sameLetters(text: string, start: number, end: number, pattern: string): boolean {
    let k = 0;
    for (let i = start; i < end; i++) {
      const unit = foldTable[text.charCodeAt(i)]!;
      if (unit > jointUnit && unit !== pattern.charCodeAt(k++)) return false;
    }
    return k === pattern.length;
  }

  /** A name with an ending: looks for the longest known stem of a token that is itself unknown. */
  function recordStem(text: string, start: number, end: number, length: number): void {
    for (let cutOff = 1; cutOff <= longestEnding && length - cutOff >= 4; cutOff++) {
      const key = mix(0, history[length - cutOff - 1]!);
      const bit = (key >>> 3) & rootBits;
      if ((rootFilter[bit >>> 5]! & (1 << (bit & 31))) === 0) continue;
      const node = table.get(key);
      if (node < 0) continue;
      let rest = '';
      for (let i = end - 1; i >= start && rest.length < cutOff; i--) {
        const unit = foldTable[text.charCodeAt(i)]!;
        if (unit > jointUnit) rest = String.fromCharCode(unit) + rest;
      }
      if (!endings.has(rest)) continue;
      for (let id = firstPhrase(node); id >= 0; id = nextInNode[id]!)
        if ((flags[id]! & (INFLECTS | STRICT | MIXED)) === INFLECTS && follow(text, start, folded[id]!, 0) > 0) {
          record(id, start, end);
          return;
        }
    }
  }

  const isKatakana = (unit: number): boolean => (unit >= 0x30a1 && unit <= 0x30fa) || unit === 0x30fc;
  const isHangul = (unit: number): boolean => unit >= 0xac00 && unit <= 0xd7a3;

  /** Records the phrases of a script without spaces that start at `at`. */
  function recordRun(text: string, at: number, first: number, before: number): void {
    let next = at + 1;
    while (next < text.length && foldTable[text.charCodeAt(next)]! === ignoredUnit) next++;
    if (next >= text.length) return;
    let second = foldTable[text.charCodeAt(next)]!;
    if (second === jointUnit && next + 1 < text.length) second = foldTable[text.charCodeAt(next + 1)]!;
    const pair = byPair.get(mix(1, (first << 16) | second));
    if (pair < 0) return;
    for (const id of pairLists[byPair.entries[pair + VALUE]!]!) {
      const pattern = folded[id]!;
      const stop = follow(text, at, pattern, 0);
      if (stop < 0) continue;
      const short = pattern.length <= 3;
      // ライン is not in オンライン, 라인 is not in 온라인.
      if (isKatakana(first) && short) {
        const after = stop < text.length ? foldTable[text.charCodeAt(stop)]! : breakUnit;
        if (isKatakana(before) || isKatakana(after)) continue;
      }
      if (isHangul(first) && pattern.length <= 2 && isHangul(before)) continue;
      record(id, at, stop);
    }
  }

  function scan(text: string): number {
    count = 0;
    tags = 0;
    epoch = (epoch + 1) | 0 || 1;
    const n = text.length;
    const fold = foldTable;
    const filter = rootFilter;
    const bitMask = rootBits;
    let active = 0;
    let hash = seed;
    let length = 0;
    let start = 0;
    let gap = 0;
    let named = false;
    for (let i = 0; i <= n; i++) {
      const char = i < n ? text.charCodeAt(i) : 0x0a;
      const unit = fold[char]!;
      if (unit > jointUnit && unit < firstUnspaced) {
        if (length === 0) start = i;
        hash = Math.imul(hash ^ unit, prime);
        if (length < maxToken) history[length] = hash;
        length++;
        continue;
      }
      if (unit === ignoredUnit) continue;
      if (length !== 0) {
        // A token ends here.
        if (length <= maxToken) {
          let kept = 0;
          for (let k = 0; k < active; k++) {
            const key = mix(activeNode[k]! + 1, hash);
            const bit = (key >>> 3) & bitMask;
            if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) continue;
            const child = table.get(key);
            if (child < 0) continue;
            const value = nodes[child + VALUE]!;
            if (value >> valueBits !== 0) {
              recordNode(text, value, activeStart[k]!, i);
              named = true;
            }
            if (value & PARENT) {
              activeNode[kept] = child;
              activeStart[kept++] = activeStart[k]!;
            }
          }
          active = kept;
          const key = mix(0, hash);
          const bit = (key >>> 3) & bitMask;
          const node = (filter[bit >>> 5]! & (1 << (bit & 31))) === 0 ? -1 : table.get(key);
          if (node >= 0) {
            const value = nodes[node + VALUE]!;
            if (value >> valueBits !== 0) {
              recordNode(text, value, start, i);
              named = true;
            }
            if (value & PARENT && active < 16) {
              activeNode[active] = node;
              activeStart[active++] = start;
            }
          } else if (length >= 5) recordStem(text, start, i, length);
        } else active = 0;
        const sign = start > 0 ? text.charCodeAt(start - 1) : 0;
        if (char === 0x3a && (hash === http || hash === https) && text.charCodeAt(i + 1) === 0x2f) {
          i = skipLink(text, i);
          active = 0;
        } else if (char === 0x40 && isWord(text, i + 1)) {
          // An address (me@mail.example): its host names no service.
          i = skipRun(text, i) - 1;
          active = 0;
        } else if (sign === 0x40 || (sign === 0x23 && !named)) {
          if (tags === tagStarts.length) {
            tagStarts = grow(tagStarts);
            tagEnds = grow(tagEnds);
          }
          tagStarts[tags] = start;
          tagEnds[tags++] = i;
          // The host of a handle (@someone.example.social) names no service either.
          if (sign === 0x40 && char === 0x2e && isWord(text, i + 1)) {
            i = skipRun(text, i) - 1;
            active = 0;
          }
        }
        hash = seed;
        length = 0;
        gap = 0;
        named = false;
      }
      if (unit === breakUnit) active = 0;
      else if (unit === jointUnit) {
        // A full stop or exclamation mark before a space ends a sentence.
        if ((char === 0x2e || char === 0x21) && (i + 1 >= n || text.charCodeAt(i + 1) <= 0x20)) active = 0;
        else if (++gap > maxGap) active = 0;
      } else {
        if (startsPair[unit]) recordRun(text, i, unit, i > 0 ? foldTable[text.charCodeAt(i - 1)]! : breakUnit);
        active = 0;
      }
    }
    return count;
  }

  const stemPhrase = new Int32Array(maxToken);
  const stemLetters = new Int32Array(maxToken);

  function stems(text: string, start: number, end: number): number {
    let hash = seed;
    let letters = 0;
    let found = 0;
    for (let i = start; i < end && letters < maxToken; i++) {
      const unit = foldTable[text.charCodeAt(i)]!;
      if (unit <= jointUnit) continue;
      hash = Math.imul(hash ^ unit, prime);
      letters++;
      const key = mix(0, hash);
      const bit = (key >>> 3) & rootBits;
      if (letters === 1 || (rootFilter[bit >>> 5]! & (1 << (bit & 31))) === 0) continue;
      const node = table.get(key);
      for (let id = node < 0 ? -1 : firstPhrase(node); id >= 0; id = nextInNode[id]!)
        if (
          (flags[id]! & (RECORDED | STRICT | MIXED)) === RECORDED &&
          found < maxToken &&
          follow(text, start, folded[id]!, 0) > 0
        ) {
          stemPhrase[found] = id;
          stemLetters[found++] = letters;
        }
    }
    stemPhrase.subarray(0, found).reverse();
    stemLetters.subarray(0, found).reverse();
    return found;
  }

  return {
    scan,
    stems,
    stemPhrase,
    stemLetters,
    get phrase() {
      return phraseOut;
    },
    get start() {
      return startOut;
    },
    get end() {
      return endOut;
    },
    get tagCount() {
      return tags;
    },
    get tagStart() {
      return tagStarts;
    },
    get tagEnd() {
      return tagEnds;
    },
    seenAt: (phrase) => (seen[phrase * 2] === epoch ? seen[phrase * 2 + 1]! : -1),
  };
}
