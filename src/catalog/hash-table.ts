// Nodes by hash: the table in which the scanner keeps its phrases.

/** Key of a child: its parent's number and the hash of its word. */
export function mix(node: number, hash: number): number {
  let h = Math.imul(hash ^ Math.imul(node, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  return h;
}

/** Numbers of an entry: its key, 1 where it is taken, and two that are the user's, -1 at first. */
export const entryWidth = 4;
const TAKEN = 1;
export const FIRST = 2;
export const SECOND = 3;

/** Open-addressing table of 32-bit keys with a bit filter before it: most misses cost one read, most hits two. */
export function createTable(capacity: number) {
  let size = 512;
  while (size < capacity * 2) size *= 2;
  const mask = size - 1;
  const entries = new Int32Array(size * entryWidth);
  let bits = 1 << 15;
  while (bits < capacity * 8) bits *= 2;
  const filter = new Int32Array(bits >>> 5);
  const bitMask = bits - 1;
  /** Place of a key's entry, or of the free one where it would stand. */
  const placeOf = (key: number): number => {
    let at = (key & mask) * entryWidth;
    while (entries[at + TAKEN] === 1 && entries[at] !== key) at = (at + entryWidth) & (entries.length - 1);
    return at;
  };
  return {
    entries,
    /** A key whose bit is not set is not there; read in the hot loop without a call. */
    filter,
    bitMask,
    /** Place of a key's entry, or -1. */
    get(key: number): number {
      const bit = (key >>> 3) & bitMask;
      if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) return -1;
      const at = placeOf(key);
      return entries[at + TAKEN] === 1 ? at : -1;
    },
    /** Place of a key's entry, a new one when there is none. */
    add(key: number): number {
      const at = placeOf(key);
      if (entries[at + TAKEN] === 1) return at;
      const bit = (key >>> 3) & bitMask;
      filter[bit >>> 5] = filter[bit >>> 5]! | (1 << (bit & 31));
      entries.set([key, 1, -1, -1], at);
      return at;
    },
  };
}
