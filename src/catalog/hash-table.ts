// Words by hash: the table of nodes in which the scanner keeps its phrases, and the filter that it asks first.

/** Hash of two numbers, such as a node and the hash of the word that leads on from it. */
export function mix(a: number, b: number): number {
  let h = Math.imul(b ^ Math.imul(a, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  return h;
}

/** Numbers of an entry: key, a second hash that tells equal keys apart, and two of the user's, the first of them never 0. */
const width = 4;
const CHECK = 1;
export const VALUE = 2;
export const EXTRA = 3;

/** Open-addressing table of pairs of 32-bit hashes; all of an entry lies in one line of memory. */
export function createTable(capacity: number) {
  let size = 512;
  while (size < capacity * 1.25) size *= 2;
  const entries = new Int32Array(size * width);
  const last = entries.length - 1;
  /** Place of an entry, or of the empty one where it would stand. */
  const place = (key: number, check: number): number => {
    let at = (key * width) & last;
    while (entries[at + VALUE] !== 0 && (entries[at] !== key || entries[at + CHECK] !== check))
      at = (at + width) & last;
    return at;
  };
  return {
    entries,
    /** Place of an entry, or -1. */
    get(key: number, check: number): number {
      const at = place(key, check);
      return entries[at + VALUE] === 0 ? -1 : at;
    },
    /** Place of an entry, a new one with this value when there is none. */
    add(key: number, check: number, value: number): number {
      const at = place(key, check);
      if (entries[at + VALUE] === 0) {
        entries[at] = key;
        entries[at + CHECK] = check;
        entries[at + VALUE] = value;
      }
      return at;
    },
  };
}

/** Bloom filter of 32-bit keys, so small that it stays near the processor: of what is not there it has one in twenty. */
export function createFilter(capacity: number) {
  let bits = 1 << 13;
  while (bits < capacity * 8) bits *= 2;
  const words = new Int32Array(bits >>> 5);
  const mask = words.length - 1;
  const bitsOf = (key: number): number => (1 << (key & 31)) | (1 << ((key >>> 5) & 31));
  return {
    /** 1 if the key may be there, 0 if it is not; without a branch. */
    has(key: number): number {
      const missing = bitsOf(key) & ~words[(key >>> 10) & mask]!;
      return ((missing | -missing) >>> 31) ^ 1;
    },
    add(key: number): void {
      words[(key >>> 10) & mask]! |= bitsOf(key);
    },
  };
}
