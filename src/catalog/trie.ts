// Phrases -> a trie of their words, by hash: what stands behind each node, and which words are worth a look.
import { firstUnspaced, jointUnit } from './fold.js';
import { addKey, createFilter, createTable, insert, lookUp, mix, VALUE } from './hash-table.js';
import { cutPhrase, type Phrase, tellingSign } from './phrases.js';
import { hashOf, longestWord, type Reading } from './reading.js';

/** What a phrase is (bits): recorded; may carry an ending; its own signs are compared; it mixes scripts; more end where it ends. */
export const RECORDED = 1;
export const INFLECTS = 2;
export const STRICT = 4;
export const MIXED = 8;
export const MORE = 16;

/** The value of a node at which phrases end holds the flags of the first one below its number. */
const flagBits = 5;

/** Letters that a name with an ending has at least. */
export const shortestStem = 4;

/** Value of a node at which no phrase ends, only goes on. */
const way = -1;

/** A second hash of folded letters. */
const spell = (hash: number, form: number): number => Math.imul(hash ^ form, 0x01000193) ^ (hash >>> 15);

function checkOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = spell(hash, word.charCodeAt(i));
  return hash;
}

function checkAt({ forms }: Reading, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) if (forms[i]! > jointUnit) hash = spell(hash, forms[i]!);
  return hash;
}

/** Node to which the word in [start, end) leads from another one (-1: from the root), or -1. */
export const child = (
  nodes: Int32Array,
  node: number,
  reading: Reading,
  start: number,
  end: number,
  hash: number,
): number => lookUp(nodes, mix(node + 1, hash), checkAt(reading, start, end));

/** First of the phrases that end in a node, or -1; and its flags. */
export const phraseAt = (nodes: Int32Array, node: number): number =>
  nodes[node + VALUE] === way ? -1 : (nodes[node + VALUE]! >>> flagBits) - 1;
export const flagsAt = (nodes: Int32Array, node: number): number => nodes[node + VALUE]! & ((1 << flagBits) - 1);

/** Compiles phrases of words; `unspaced` are those that begin in a script without spaces. */
export function createTrie(phrases: readonly Phrase[]) {
  const cut = phrases.map((p) => cutPhrase(p.text));
  const nodes = createTable(cut.reduce((sum, c) => sum + c.words.length, 0));
  const flags = new Uint8Array(phrases.length);
  /** Phrase that ends in the same node. */
  const others = new Int32Array(phrases.length).fill(-1);
  /** Keys of phrases of one word (0 and its hash) and of those of several (the hashes of the first two). */
  const recordedHeads = createFilter(phrases.filter((p) => p.recorded).length);
  const otherHeads = createFilter(phrases.filter((p) => !p.recorded).length);
  /** Keys (0 and their hash) of the first letters of phrases that may carry an ending. */
  const stemHeads = createFilter(phrases.filter((p) => p.inflects).length);
  const folded = cut.map((c) => c.words.join(''));
  const unspaced: number[] = [];

  // A loop, not a callback, which would keep the cut phrases in memory for good.
  for (const [id, { text, recorded, inflects }] of phrases.entries()) {
    const { words, spaced, mixed } = cut[id]!;
    const head = words[0];
    if (head === undefined || head.length > longestWord) continue;
    flags[id] = (recorded ? RECORDED : 0) | (inflects ? INFLECTS : 0);
    if (!spaced || (mixed && head.charCodeAt(0) >= firstUnspaced)) {
      unspaced.push(id);
      continue;
    }
    if (mixed) flags[id]! |= MIXED;
    else if (tellingSign.test(text)) flags[id]! |= STRICT;
    const path = mixed ? [head] : words;
    const hashes = path.map(hashOf);
    const first = path.length > 1 ? mix(hashes[0]!, hashes[1]!) : mix(0, hashes[0]!);
    addKey(recorded ? recordedHeads : otherHeads, first);
    if (inflects && words.length === 1) addKey(stemHeads, mix(0, hashOf(head.slice(0, shortestStem))));
    let node = -1;
    for (let w = 0; w < path.length; w++) node = insert(nodes, mix(node + 1, hashes[w]!), checkOf(path[w]!), way);
    if (nodes[node + VALUE] !== way) {
      others[id] = phraseAt(nodes, node);
      flags[id]! |= MORE;
    }
    nodes[node + VALUE] = ((id + 1) << flagBits) | flags[id]!;
  }

  return {
    nodes,
    recordedHeads,
    otherHeads,
    stemHeads,
    unspaced,
    folded,
    /** By phrase. */
    flags,
    others,
  };
}
