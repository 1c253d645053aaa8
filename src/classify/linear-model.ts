// A sparse linear model with several heads: hashed features, 8-bit weights, one block of bytes.
import type { FeatureIndex } from './feature-index.js';

/** Weights of some heads over fixed features, which have the first slots, and hashed ones. */
export interface LinearModel {
  heads: number;
  /** First slot of the hashed features. */
  first: number;
  /** Hashes in the order of their slots. */
  hashes: Int32Array;
  /** Rarity of each slot's feature. */
  idf: Float32Array;
  /** weights[slot * heads + head], times scale[head]. */
  weights: Int8Array;
  scale: Float32Array;
  bias: Float32Array;
}

/** idf in a byte: 1..17 in steps of 1/16. */
const idfSteps = 16;

function packIdf(idf: number): number {
  return Math.max(0, Math.min(255, Math.round((idf - 1) * idfSteps)));
}
function unpackIdf(byte: number): number {
  return 1 + byte / idfSteps;
}

/** Rounds trained weights (one array a head; the last number is the constant) to 8 bits. */
export function quantise(index: FeatureIndex, idf: Float32Array, trained: readonly Float64Array[]): LinearModel {
  const heads = trained.length;
  const slots = index.count;
  const weights = new Int8Array(slots * heads);
  const scale = new Float32Array(heads);
  const bias = new Float32Array(heads);
  for (const [h, w] of trained.entries()) {
    let largest = 1e-9;
    for (let i = 0; i < slots; i++) largest = Math.max(largest, Math.abs(w[i] as number));
    scale[h] = largest / 127;
    for (let i = 0; i < slots; i++) weights[i * heads + h] = Math.round((w[i] as number) / (scale[h] as number));
    bias[h] = w[w.length - 1] as number;
  }
  const packed = new Float32Array(slots);
  for (let i = 0; i < slots; i++) packed[i] = unpackIdf(packIdf(idf[i] as number));
  return { heads, first: index.first, hashes: index.hashes(), idf: packed, weights, scale, bias };
}

/** A model as bytes: heads, counts, scales, constants, hashes (sorted, as differences), idf, weights head by head. */
export function encodeLinear(model: LinearModel): Buffer {
  const { heads, first: fixed, hashes, idf, weights, scale, bias } = model;
  const order = [...hashes.keys()].sort((a, b) => (hashes[a] as number) - (hashes[b] as number));
  const slots = fixed + order.length;
  const head = Buffer.alloc(12 + heads * 8);
  head.writeUInt32LE(heads, 0);
  head.writeUInt32LE(fixed, 4);
  head.writeUInt32LE(order.length, 8);
  for (let h = 0; h < heads; h++) {
    head.writeFloatLE(scale[h] as number, 12 + h * 8);
    head.writeFloatLE(bias[h] as number, 16 + h * 8);
  }
  const keys = Buffer.alloc(order.length * 4);
  let last = -2147483648;
  for (const [k, at] of order.entries()) {
    // The four bytes of a difference in four planes: the high ones are nearly all zero.
    const step = (hashes[at] as number) - last;
    for (let b = 0; b < 4; b++) keys[b * order.length + k] = Math.floor(step / 256 ** b) & 255;
    last = hashes[at] as number;
  }
  const rest = Buffer.alloc(slots * (heads + 1));
  for (let i = 0; i < slots; i++) {
    const from = i < fixed ? i : fixed + (order[i - fixed] as number);
    rest[i] = packIdf(idf[from] as number);
    for (let h = 0; h < heads; h++) rest.writeInt8(weights[from * heads + h] as number, slots * (h + 1) + i);
  }
  return Buffer.concat([head, keys, rest]);
}

/** Reads what `encodeLinear` wrote. @throws RangeError when the bytes end too soon. */
export function decodeLinear(bytes: Buffer, at: number): { model: LinearModel; end: number } {
  const heads = bytes.readUInt32LE(at);
  const fixed = bytes.readUInt32LE(at + 4);
  const count = bytes.readUInt32LE(at + 8);
  const slots = fixed + count;
  const scale = new Float32Array(heads);
  const bias = new Float32Array(heads);
  for (let h = 0; h < heads; h++) {
    scale[h] = bytes.readFloatLE(at + 12 + h * 8);
    bias[h] = bytes.readFloatLE(at + 16 + h * 8);
  }
  const keys = at + 12 + heads * 8;
  const rest = keys + count * 4;
  const end = rest + slots * (heads + 1);
  if (end > bytes.length) throw new RangeError('the model ends too soon');
  const hashes = new Int32Array(count);
  let last = -2147483648;
  for (let k = 0; k < count; k++) {
    let step = 0;
    for (let b = 3; b >= 0; b--) step = step * 256 + (bytes[keys + b * count + k] as number);
    last += step;
    hashes[k] = last;
  }
  const idf = new Float32Array(slots);
  const weights = new Int8Array(slots * heads);
  for (let i = 0; i < slots; i++) {
    idf[i] = unpackIdf(bytes[rest + i] as number);
    for (let h = 0; h < heads; h++) weights[i * heads + h] = bytes.readInt8(rest + slots * (h + 1) + i);
  }
  return { model: { heads, first: fixed, hashes, idf, weights, scale, bias }, end };
}
