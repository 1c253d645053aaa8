// The features a model knows: hash -> slot, by open addressing.

/** Grows while features are collected; read only when serving. */
export class FeatureIndex {
  /** Key and slot of each place, side by side so that one look fetches both; slot 0 = free. */
  private table: Int32Array;
  private mask: number;
  /** A bit for each hash that is present: most unknown features are turned away without a look at the table. */
  private filter: Int32Array;
  count: number;

  /** @param first number of the first slot given out (those below are fixed features without a hash). */
  constructor(
    readonly first: number,
    capacity = 1 << 16,
  ) {
    let size = 1 << 10;
    while (size < capacity * 2) size *= 2;
    this.table = new Int32Array(size * 2);
    this.mask = size - 1;
    this.filter = new Int32Array(size / 4);
    this.count = first;
  }

  /** Slot of a feature, or 0 when it is unknown (slot 0 is never used). */
  find(hash: number): number {
    const { table, mask, filter } = this;
    if (((filter[(hash >>> 5) & (filter.length - 1)] as number) & (1 << (hash & 31))) === 0) return 0;
    let at = (hash ^ (hash >>> 16)) & mask;
    for (;;) {
      const slot = table[at * 2 + 1] as number;
      if (slot === 0 || table[at * 2] === hash) return slot;
      at = (at + 1) & mask;
    }
  }

  /** Slot of a feature, a new one when it is unknown. */
  add(hash: number): number {
    const known = this.find(hash);
    if (known !== 0) return known;
    this.put(hash, this.count);
    const slot = this.count++;
    if ((this.count - this.first) * 2 > this.mask) this.grow();
    return slot;
  }

  /** Hashes in the order of their slots. */
  hashes(): Int32Array {
    const out = new Int32Array(this.count - this.first);
    for (let at = 0; at < this.table.length; at += 2) {
      const slot = this.table[at + 1] as number;
      if (slot !== 0) out[slot - this.first] = this.table[at] as number;
    }
    return out;
  }

  private put(hash: number, slot: number): void {
    let at = (hash ^ (hash >>> 16)) & this.mask;
    while (this.table[at * 2 + 1] !== 0) at = (at + 1) & this.mask;
    this.table[at * 2] = hash;
    this.table[at * 2 + 1] = slot;
    this.filter[(hash >>> 5) & (this.filter.length - 1)]! |= 1 << (hash & 31);
  }

  private grow(): void {
    const { table } = this;
    this.mask = this.mask * 2 + 1;
    this.table = new Int32Array(table.length * 2);
    this.filter = new Int32Array((this.mask + 1) / 4);
    for (let at = 0; at < table.length; at += 2)
      if (table[at + 1] !== 0) this.put(table[at] as number, table[at + 1] as number);
  }
}
