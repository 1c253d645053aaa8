// The model file: what `outcry train` writes and the classifier reads.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { messageOf, UsageError } from '../core/errors.js';
import { decodeLinear, encodeLinear, type LinearModel } from './linear-model.js';
import { fixedSlots } from './slots.js';
import { classNames, patternNames } from './vocabulary.js';

/** Heads of the kind model, in order. */
export const kindHeads = ['signal', 'question', 'news', 'recovery'] as const;

/** Platt scaling of one head. */
export interface Scaling {
  a: number;
  b: number;
}

export interface Model {
  version: string;
  kinds: LinearModel;
  /** One for each of `kindHeads`, and one for `combine`d scores. */
  scalings: Scaling[];
  symptoms: LinearModel;
  roles: LinearModel;
}

/** Log-odds as a scaling gives them. */
export function scaled({ a, b }: Scaling, score: number): number {
  return a * score + b;
}

/** Chance of log-odds. */
export function chance(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Log-odds of report or question, lowered where the post looks like news or recovery: those share its words. */
export function combine(signal: number, news: number, recovery: number): number {
  return signal - Math.log1p(Math.exp(Math.min(30, news))) - Math.log1p(Math.exp(Math.min(30, recovery)));
}

const magic = 'OUTCRY1\n';
/** A model fits only the lexicon and patterns that it was trained with. */
const layout = createHash('sha256')
  .update(JSON.stringify([classNames, patternNames, fixedSlots]))
  .digest('hex')
  .slice(0, 16);

/** A model as bytes; its version is the hash of what it holds. */
export function encodeModel(model: Omit<Model, 'version'>): Buffer {
  const body = Buffer.concat([model.kinds, model.symptoms, model.roles].map(encodeLinear));
  const head = Buffer.from(JSON.stringify({ layout, scalings: model.scalings }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  const packed = gzipSync(Buffer.concat([size, head, body]), { level: 9 });
  packed[9] = 255; // The operating system that packed it is nobody's business: same model, same bytes.
  return Buffer.concat([Buffer.from(magic), packed]);
}

/**
 * Reads a model's bytes.
 * @throws UsageError when they are no model, or one of another version of the program.
 */
export function decodeModel(bytes: Buffer, name: string): Model {
  try {
    if (bytes.toString('latin1', 0, magic.length) !== magic) throw new Error('it does not begin like one');
    const plain = gunzipSync(bytes.subarray(magic.length));
    const headEnd = 4 + plain.readUInt32LE(0);
    const head = JSON.parse(plain.toString('utf8', 4, headEnd)) as { layout: string; scalings: Scaling[] };
    if (head.layout !== layout) throw new Error('it was trained by another version; run `outcry train` again');
    const kinds = decodeLinear(plain, headEnd);
    const symptoms = decodeLinear(plain, kinds.end);
    const roles = decodeLinear(plain, symptoms.end);
    const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    return { version, kinds: kinds.model, scalings: head.scalings, symptoms: symptoms.model, roles: roles.model };
  } catch (error) {
    throw new UsageError(`${name} is not a model of this program: ${messageOf(error)}`);
  }
}

/** Reads a model file; without a path the one that ships. @throws UsageError when it cannot be read. */
export function loadModel(path?: string): Model {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path ?? new URL('./model/outcry.bin', import.meta.url));
  } catch (error) {
    throw new UsageError(`cannot read the model ${path ?? 'that ships'}: ${messageOf(error)}`);
  }
  return decodeModel(bytes, path ?? 'the model that ships');
}
