// The features that a finished model knows: hash -> slot, small enough to stay in the processor's cache.

/** Places for each hash: seven in eight unknown hashes meet an empty one. */
const room = 8;
const signBits = 16;

/** Slots are numbered in the order of their places and found by counting the occupied places before them. */
export class FeatureTable {
  /** For each 32 places: a bit for each that is occupied, and the slot of the first of them. */
  private places = new Int32Array(0);
  private placeBits = 32 - signBits + 2;
  /** Bits of a sign that tell how far behind its own place a hash stands. */
  private shiftBits = 0;
  /** By slot: the bits of the hash that its place does not tell, and its distance to that place. */
  private signs = new Uint16Array(0);

  /** @param hashes each once. @param first number of the first slot given out. */
  constructor(
    hashes: Int32Array,
    private readonly first: number,
  ) {
    while (1 << this.placeBits < hashes.length * room) this.placeBits++;
    while (!this.build(hashes)) this.placeBits++;
  }

  /** False where a hash would stand too far from its place. */
  private build(hashes: Int32Array): boolean {
    const { placeBits } = this;
    const shiftBits = signBits - 32 + placeBits;
    this.shiftBits = shiftBits;
    const size = 1 << placeBits;
    this.places = new Int32Array(((size >>> 5) + 2) * 2);
    this.signs = new Uint16Array(this.first + hashes.length);
    const order = Float64Array.from(hashes, (hash, i) => (mixed(hash) & (size - 1)) * 2 ** 24 + i).sort();
    let next = 0;
    for (const [k, key] of order.entries()) {
      const hash = mixed(hashes[key % 2 ** 24] as number);
      const home = hash & (size - 1);
      const place = Math.max(next, home);
      if (place - home >= 1 << shiftBits || place >= size + 32) return false;
      this.signs[this.first + k] = ((hash >>> placeBits) << shiftBits) | (place - home);
      this.places[(place >>> 5) * 2]! |= 1 << (place & 31);
      next = place + 1;
    }
    for (let at = 0, slot = this.first; at < this.places.length; at += 2) {
      this.places[at + 1] = slot;
      slot += ones(this.places[at] as number);
    }
    return true;
  }

  /**
   * Looks up key[from, to). Works in steps without a branch that the processor could not foretell, so that it need not
   * wait for one look into memory before the next.
   * @param out receives the slots of the known ones, @param at their places in `key`. @returns their number.
   */
  findAll(key: Int32Array, from: number, to: number, out: Int32Array, at: Int32Array): number {
    const { places, signs, placeBits, shiftBits } = this;
    const mask = (1 << placeBits) - 1;
    let likely = 0;
    for (let k = from; k < to; k++) {
      const place = mixed(key[k] as number) & mask;
      at[likely] = k;
      likely += ((places[(place >>> 5) * 2] as number) >>> (place & 31)) & 1;
    }
    let n = 0;
    for (let i = 0; i < likely; i++) {
      const k = at[i] as number;
      const hash = mixed(key[k] as number);
      const place = hash & mask;
      const block = (place >>> 5) * 2;
      const before = (places[block] as number) & ((1 << (place & 31)) - 1);
      let slot = (places[block + 1] as number) + ones(before);
      if (signs[slot] !== (hash >>> placeBits) << shiftBits) {
        slot = this.findBehind(hash, slot);
        if (slot === 0) continue;
      }
      at[n] = k;
      out[n++] = slot;
    }
    return n;
  }

  /** Slot of a hash that does not stand at its own place, whose slot is given; 0 when it is unknown. */
  private findBehind(hash: number, first: number): number {
    const { places, signs, placeBits, shiftBits } = this;
    const own = hash & ((1 << placeBits) - 1);
    const sign = (hash >>> placeBits) << shiftBits;
    for (let shift = 1; shift < 1 << shiftBits; shift++) {
      const place = own + shift;
      // A run of occupied places ends with the first empty one.
      if ((((places[(place >>> 5) * 2] as number) >>> (place & 31)) & 1) === 0) return 0;
      if (signs[first + shift] === sign + shift) return first + shift;
    }
    return 0;
  }
}

function mixed(hash: number): number {
  return hash ^ (hash >>> 16);
}

/** Number of bits set. */
function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
