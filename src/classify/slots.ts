// Families of features, and the fixed features that have a slot of their own.
import { type Category, categories } from '../core/catalog.js';
import { classNames, patternNames } from './vocabulary.js';

export const classes = classNames.length;

export const families = ['words', 'characters', 'lexicon', 'patterns', 'shape', 'context', 'skeleton'] as const;
/** Each family is scaled to this length, so that none drowns another; chosen by cross-validation. */
export const familyScale = [2, 1, 1, 1, 0.6, 0.36, 1] as const;
export const WORDS = 0;
export const CHARACTERS = 1;
export const LEXICON = 2;
export const PATTERNS = 3;
export const SHAPE = 4;
export const CONTEXT = 5;
export const SKELETON = 6;

const shapes = [
  'length-0',
  'length-1',
  'length-2',
  'length-3',
  'length-4',
  'length-5',
  'length-6',
  'services-0',
  'services-1',
  'services-2',
  'users-0',
  'users-1',
  'users-2',
  'links-0',
  'links-1',
  'links-2',
  'starts-service',
  'starts-user',
  'retweet',
  'ends-question',
  'question',
  'exclaims-0',
  'exclaims-1',
  'exclaims-2',
  'exclaims-3',
  'capitals-0',
  'capitals-1',
  'capitals-2',
  'capitals-3',
  'shouts',
  'angry',
  'glad',
  'error-code',
  'duration',
  'time',
  'money',
  'numbers',
  'hashtags-0',
  'hashtags-1',
  'hashtags-2',
  'handle-service',
  'starts-handle',
] as const;
const contexts = [
  'context-none',
  'context-any',
  'context-service',
  'context-handle',
  'context-forum',
  'context-title',
] as const;
/** Place of each shape and context among the fixed slots from `shapeBase` on. */
export const shapeAt = Object.fromEntries([...shapes, ...contexts].map((name, i) => [name, i])) as Record<
  (typeof shapes)[number] | (typeof contexts)[number],
  number
>;

// Fixed features come first, each with a slot of its own; slot 0 stays free.
export const lexiconBase = 1;
export const pairBase = lexiconBase + classes;
export const orderBase = pairBase + classes * classes;
export const patternBase = orderBase + classes * classes;
export const shapeBase = patternBase + patternNames.length;
const openings = ['other', 'user', 'service', 'handle'] as const;
export const categoryBase = shapeBase + shapes.length + contexts.length;
export const openingBase = categoryBase + (categories.length + 1) * classes;
/** First slot of the hashed features. */
export const fixedSlots = openingBase + openings.length * classes;
/** Number of a category, for its slots; 0 stands for none. */
export const categoryNumber = new Map<Category, number>(categories.map((name, i) => [name, i + 1]));

/** What a fixed slot stands for, by name; null for pairs of classes and hashed slots. */
export function fixedName(slot: number): { family: 'class' | 'pattern' | 'shape'; index: number } | null {
  if (slot >= lexiconBase && slot < pairBase) return { family: 'class', index: slot - lexiconBase };
  if (slot >= patternBase && slot < shapeBase) return { family: 'pattern', index: slot - patternBase };
  if (slot >= shapeBase && slot < categoryBase) return { family: 'shape', index: slot - shapeBase };
  return null;
}
