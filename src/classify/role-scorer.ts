// Chances of the roles of a service, from the features of one of its mentions.
import { createFeatureTable } from './feature-table.js';
import type { LinearModel } from './linear-model.js';
import type { RoleFeatures } from './role.js';

/** Chances of the roles of one service; they add up to 1. */
export interface RoleChances {
  service: string;
  subject: number;
  cause: number;
  context: number;
}

/** Scores the mention that the features were read of. */
export type RoleScorer = (features: RoleFeatures, service: string) => RoleChances;

/** @param model its heads are subject, cause and context; it has no fixed features. */
export function createRoleScorer({ first, hashes, weights, scale, bias }: LinearModel): RoleScorer {
  const { findAll } = createFeatureTable(hashes, first);
  /** By slot: weights of the three heads, one in each byte. */
  const packed = new Int32Array(first + hashes.length);
  const slots = new Int32Array(hashes.length);
  findAll(hashes, 0, hashes.length, slots, new Int32Array(hashes.length), 0);
  for (const [i, slot] of slots.entries())
    for (let h = 0; h < 3; h++) packed[slot]! |= ((weights[(first + i) * 3 + h] as number) & 255) << (8 * h);
  /** A bit for each slot found. */
  const met = new Int32Array((packed.length >>> 5) + 1);
  const found = new Int32Array(4096);
  const at = new Int32Array(4096);
  const norm = (n: number) => (n === 0 ? 0 : 1 / Math.sqrt(n));

  return (features, service) => {
    const end = findAll(features.hash, 0, features.n, found, at, 0);
    let n = 0;
    let s = 0;
    let c = 0;
    let x = 0;
    for (let i = 0; i < end; i++) {
      const slot = found[i] as number;
      const bits = met[slot >>> 5] as number;
      const bit = 1 << (slot & 31);
      if ((bits & bit) !== 0) continue;
      met[slot >>> 5] = bits | bit;
      const w = packed[slot] as number;
      s += (w << 24) >> 24;
      c += (w << 16) >> 24;
      x += (w << 8) >> 24;
      n++;
    }
    for (let i = 0; i < end; i++) met[(found[i] as number) >>> 5] = 0;
    const scaled = (sum: number, h: number) => sum * norm(n) * (scale[h] as number) + (bias[h] as number);
    const subject = scaled(s, 0);
    const cause = scaled(c, 1);
    const context = scaled(x, 2);
    const top = Math.max(subject, cause, context);
    const [es, ec, ex] = [Math.exp(subject - top), Math.exp(cause - top), Math.exp(context - top)];
    const sum = es + ec + ex;
    return { service, subject: es / sum, cause: ec / sum, context: ex / sum };
  };
}
