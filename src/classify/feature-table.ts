// Hashes that no longer change: hash -> slot, small enough to stay in the processor's cache.

/** Places for each hash: of unknown hashes, three in four or more meet an empty one. */
const room = 4;
/** The least number of places: what a place does not tell of a hash must fit into a sign, beside two bits or more. */
const leastBits = 18;

export interface FeatureTable {
  /** Slot of a hash, 0 when it is unknown. */
  find(hash: number): number;
  /**
   * Looks up key[from, to). @param out receives the slots of the known ones and `at` their places in `key`, both from
   * `n` on. @returns where they end.
   */
  findAll(key: Int32Array, from: number, to: number, out: Int32Array, at: Int32Array, n: number): number;
}

interface Built {
  /** For each 32 places: a bit for each that is occupied, and the slot of the first of them. */
  places: Int32Array;
  mask: number;
  /** By slot: in high bits what its place does not tell of the hash, in low ones its distance to that place. */
  signs: Uint16Array;
  signMask: number;
}

/** Null where a hash would stand too far from its place. */
function build(hashes: Int32Array, first: number, bits: number): Built | null {
  const size = 1 << bits;
  const mask = size - 1;
  const signMask = 0xffff & -(1 << (bits - 16));
  const places = new Int32Array(((size >>> 5) + 2) * 2);
  const signs = new Uint16Array(first + hashes.length);
  const order = Float64Array.from(hashes, (hash, i) => (mixed(hash) & mask) * 2 ** 24 + i).sort();
  let next = 0;
  for (let k = 0; k < order.length; k++) {
    const hash = mixed(hashes[(order[k] as number) % 2 ** 24] as number);
    const home = hash & mask;
    const place = Math.max(next, home);
    if (((place - home) & signMask) !== 0 || place >= size + 32) return null;
    signs[first + k] = ((hash >>> 16) & signMask) | (place - home);
    places[(place >>> 5) * 2]! |= 1 << (place & 31);
    next = place + 1;
  }
  for (let at = 0, slot = first; at < places.length; at += 2) {
    places[at + 1] = slot;
    slot += ones(places[at] as number);
  }
  return { places, mask, signs, signMask };
}

/**
 * Slots are numbered in the order of their places, from `first` on, and found by counting the occupied places before
 * them. @param hashes each once. @param first at least 1.
 */
export function createFeatureTable(hashes: Int32Array, first: number): FeatureTable {
  let bits = leastBits;
  while (1 << bits < hashes.length * room) bits++;
  let built = build(hashes, first, bits);
  while (built === null) built = build(hashes, first, ++bits);
  const { places, mask, signs, signMask } = built;

  /** Slot of a hash that does not stand at its own place, whose slot is given; 0 when it is unknown. */
  function slotBehind(own: number, slot: number, sign: number): number {
    for (let shift = 1; (shift & signMask) === 0; shift++) {
      const place = own + shift;
      // A run of occupied places ends with the first empty one.
      if ((((places[(place >>> 5) * 2] as number) >>> (place & 31)) & 1) === 0) return 0;
      if (signs[slot + shift] === sign + shift) return slot + shift;
    }
    return 0;
  }

  return {
    find(key) {
      const hash = mixed(key);
      const place = hash & mask;
      const block = (place >>> 5) * 2;
      const bits = places[block] as number;
      if (((bits >>> (place & 31)) & 1) === 0) return 0;
      const slot = (places[block + 1] as number) + ones(bits & ((1 << (place & 31)) - 1));
      const sign = (hash >>> 16) & signMask;
      return signs[slot] === sign ? slot : slotBehind(place, slot, sign);
    },
    findAll(key, from, to, out, at, n) {
      // Without a branch that the processor could not foretell, so that no look into memory waits for another.
      let likely = n;
      for (let k = from; k < to; k++) {
        const place = mixed(key[k] as number) & mask;
        at[likely] = k;
        likely += ((places[(place >>> 5) * 2] as number) >>> (place & 31)) & 1;
      }
      let found = n;
      for (let i = n; i < likely; i++) {
        const k = at[i] as number;
        const hash = mixed(key[k] as number);
        const place = hash & mask;
        const block = (place >>> 5) * 2;
        const before = (places[block] as number) & ((1 << (place & 31)) - 1);
        let slot = (places[block + 1] as number) + ones(before);
        const sign = (hash >>> 16) & signMask;
        if (signs[slot] !== sign) {
          slot = slotBehind(place, slot, sign);
          if (slot === 0) continue;
        }
        at[found] = k;
        out[found++] = slot;
      }
      return found;
    },
  };
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
