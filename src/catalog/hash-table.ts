// Numbers by hash: the table in which the scanner keeps its phrases.

/** Key of a child: its parent's number and the hash of its word. */
export function mix(node: number, hash: number): number {
  let h = Math.imul(hash ^ Math.imul(node, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  return h;
}

/** Open-addressing table of 32-bit keys with a bit filter before it, so that most misses cost one read. */
export function createTable(capacity: number) {
  let size = 1024;
  while (size < capacity * 3) size *= 2;
  const mask = size - 1;
  const keys = new Int32Array(size);
  const values = new Int32Array(size).fill(-1);
  let bits = 1 << 15;
  while (bits < capacity * 8) bits *= 2;
  const filter = new Int32Array(bits >>> 5);
  const bitMask = bits - 1;
  return {
    /** A key whose bit is not set is not there; read in the hot loop without a call. */
    filter,
    bitMask,
    get(key: number): number {
      const bit = (key >>> 3) & bitMask;
      if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) return -1;
      for (let at = key & mask; ; at = (at + 1) & mask) {
        const value = values[at]!;
        if (value < 0 || keys[at] === key) return value;
      }
    },
    set(key: number, value: number): void {
      const bit = (key >>> 3) & bitMask;
      filter[bit >>> 5] = filter[bit >>> 5]! | (1 << (bit & 31));
      let at = key & mask;
      while (values[at]! >= 0 && keys[at] !== key) at = (at + 1) & mask;
      keys[at] = key;
      values[at] = value;
    },
  };
}
