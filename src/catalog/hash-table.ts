// Nodes by hash: the table in which the scanner keeps its phrases.

/** Key of a child: its parent's number and the hash of its word. */
export function mix(node: number, hash: number): number {
  let h = Math.imul(hash ^ Math.imul(node, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  return h;
}

/** Numbers of an entry: its key, and one that is the user's and never 0. */
const width = 2;
export const VALUE = 1;

/** Open-addressing table of 32-bit keys with a bit filter before it: most misses cost one read, most hits two. */
export function createTable(capacity: number) {
  let size = 512;
  while (size < capacity * 1.25) size *= 2;
  const entries = new Int32Array(size * width);
  const last = entries.length - 1;
  let bits = 1 << 15;
  while (bits < capacity * 8) bits *= 2;
  const filter = new Int32Array(bits >>> 5);
  const bitMask = bits - 1;
  return {
    entries,
    /** A key whose bit is not set is not there; read in the hot loop without a call. */
    filter,
    bitMask,
    /** Place of a key's entry, or -1. */
    get(key: number): number {
      const bit = (key >>> 3) & bitMask;
      if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) return -1;
      let at = (key * width) & last;
      while (entries[at] !== key || entries[at + VALUE] === 0) {
        if (entries[at + VALUE] === 0) return -1;
        at = (at + width) & last;
      }
      return at;
    },
    /** Place of a key's entry, a new one with this value when there is none. */
    add(key: number, value: number): number {
      const known = this.get(key);
      if (known >= 0) return known;
      const bit = (key >>> 3) & bitMask;
      filter[bit >>> 5] = filter[bit >>> 5]! | (1 << (bit & 31));
      let at = (key * width) & last;
      while (entries[at + VALUE] !== 0) at = (at + width) & last;
      entries[at] = key;
      entries[at + VALUE] = value;
      return at;
    },
  };
}
