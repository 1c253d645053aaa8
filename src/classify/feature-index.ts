// The features a model knows: hash -> slot, by open addressing.

/** Grows while features are collected; read only when serving. */
export class FeatureIndex {
  private keys: Int32Array;
  private slots: Int32Array;
  private mask: number;
  count: number;

  /** @param first number of the first slot given out (those below are fixed features without a hash). */
  constructor(
    readonly first: number,
    capacity = 1 << 16,
  ) {
    let size = 1 << 10;
    while (size < capacity * 2) size *= 2;
    this.keys = new Int32Array(size);
    this.slots = new Int32Array(size);
    this.mask = size - 1;
    this.count = first;
  }

  /** Slot of a feature, or 0 when it is unknown (slot 0 is never used). */
  find(hash: number): number {
    let at = (hash ^ (hash >>> 16)) & this.mask;
    for (;;) {
      const slot = this.slots[at] as number;
      if (slot === 0 || this.keys[at] === hash) return slot;
      at = (at + 1) & this.mask;
    }
  }

  /** Slot of a feature, a new one when it is unknown. */
  add(hash: number): number {
    let at = (hash ^ (hash >>> 16)) & this.mask;
    for (;;) {
      const slot = this.slots[at] as number;
      if (slot === 0) break;
      if (this.keys[at] === hash) return slot;
      at = (at + 1) & this.mask;
    }
    this.keys[at] = hash;
    this.slots[at] = this.count;
    const slot = this.count++;
    if ((this.count - this.first) * 2 > this.mask) this.grow();
    return slot;
  }

  /** Hashes in the order of their slots. */
  hashes(): Int32Array {
    const out = new Int32Array(this.count - this.first);
    for (let at = 0; at <= this.mask; at++) {
      const slot = this.slots[at] as number;
      if (slot !== 0) out[slot - this.first] = this.keys[at] as number;
    }
    return out;
  }

  private grow(): void {
    const { keys, slots } = this;
    this.mask = this.mask * 2 + 1;
    this.keys = new Int32Array(this.mask + 1);
    this.slots = new Int32Array(this.mask + 1);
    for (let i = 0; i < slots.length; i++) {
      if (slots[i] === 0) continue;
      const hash = keys[i] as number;
      let at = (hash ^ (hash >>> 16)) & this.mask;
      while (this.slots[at] !== 0) at = (at + 1) & this.mask;
      this.keys[at] = hash;
      this.slots[at] = slots[i] as number;
    }
  }
}
