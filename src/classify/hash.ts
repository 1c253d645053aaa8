// Hashes of words and of features: 32 bits, no allocation.

export const seed = 0x811c9dc5 | 0;

/** One more UTF-16 unit into a word's hash (FNV-1a). */
export function hashUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Hash of a word in folded form. */
export function hashWord(word: string): number {
  let hash = seed;
  for (let i = 0; i < word.length; i++) hash = hashUnit(hash, word.charCodeAt(i));
  return hash;
}

/** Joins two hashes in order. */
export function hashPair(a: number, b: number): number {
  return hashBehind(halfPair(a), b);
}

/** First half of `hashPair`, for a hash that many others follow. */
export function halfPair(a: number): number {
  return Math.imul(a ^ 0x5bd1e995, 0x85ebca6b);
}

/** Second half of `hashPair`. */
export function hashBehind(half: number, b: number): number {
  const h = half ^ b;
  const m = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return m ^ (m >>> 13);
}
