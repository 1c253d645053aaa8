// Words by hash: the table of nodes in which the scanner keeps its phrases, and the filter that it asks first. Both are
// plain typed arrays, so that loops that ask about each word of a text keep them at hand.

/** Hash of two numbers, such as a node and the hash of the word that leads on from it. */
export function mix(a: number, b: number): number {
  const h = Math.imul(b ^ Math.imul(a, 0x9e3779b1), 0x85ebca6b);
  return h ^ (h >>> 15);
}

/** Numbers of an entry: its tag, and the user's, which is never 0. */
const width = 2;
export const VALUE = 1;

/**
 * Open-addressing table for pairs of 32-bit hashes: the first tells where to look, both mixed are the tag of an entry, so
 * that one in four billion unknown pairs that are looked for where an entry stands is taken for it.
 */
export function createTable(capacity: number): Int32Array {
  let size = 512;
  while (size < capacity * 1.25) size *= 2;
  return new Int32Array(size * width);
}

/** Place of an entry, or of the empty one where it would stand. */
function placeOf(table: Int32Array, key: number, check: number): number {
  const last = table.length - 1;
  const tag = mix(key, check);
  let at = (key * width) & last;
  while (table[at + VALUE] !== 0 && table[at] !== tag) at = (at + width) & last;
  return at;
}

/** Place of an entry, or -1. */
export function lookUp(table: Int32Array, key: number, check: number): number {
  const at = placeOf(table, key, check);
  return table[at + VALUE] === 0 ? -1 : at;
}

/** Place of an entry, a new one with this value when there is none. */
export function insert(table: Int32Array, key: number, check: number, value: number): number {
  const at = placeOf(table, key, check);
  if (table[at + VALUE] === 0) {
    table[at] = mix(key, check);
    table[at + VALUE] = value;
  }
  return at;
}

/** Bloom filter of 32-bit keys, so small that it stays near the processor: of what is not there it has one in twenty. */
export function createFilter(capacity: number): Int32Array {
  let bits = 1 << 13;
  while (bits < capacity * 8) bits *= 2;
  return new Int32Array(bits >>> 5);
}
const bitsOf = (key: number): number => (1 << (key & 31)) | (1 << ((key >>> 5) & 31));

export function addKey(filter: Int32Array, key: number): void {
  filter[(key >>> 10) & (filter.length - 1)]! |= bitsOf(key);
}

/** 1 if the key may be there, 0 if it is not; without a branch. */
export function mayHave(filter: Int32Array, key: number): number {
  const missing = bitsOf(key) & ~filter[(key >>> 10) & (filter.length - 1)]!;
  return ((missing | -missing) >>> 31) ^ 1;
}
