// Features of a post, from its scan: word and character n-grams, lexicon classes in pairs, patterns, shape, context.
import { type Category, categories } from '../core/catalog.js';
import type { Mention, Post } from '../core/post.js';
import type { FeatureIndex } from './feature-index.js';
import { fold } from './fold.js';
import { hashPair, hashWord } from './hash.js';
import type { Kin } from './kin.js';
import { DUR, ERR, MONEY, NUM, Scan, SVC, TIME, URL_, USER } from './scan.js';
import { classMask, classNames, findPatterns, patternNames } from './vocabulary.js';

const classes = classNames.length;

export const families = ['words', 'characters', 'lexicon', 'patterns', 'shape', 'context', 'skeleton'] as const;
/** Each family is scaled to this length, so that none drowns another; chosen by cross-validation. */
export const familyScale = [2, 1, 1, 1, 0.6, 0.6, 1] as const;
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
const s = Object.fromEntries([...shapes, ...contexts].map((name, i) => [name, i])) as Record<
  (typeof shapes)[number] | (typeof contexts)[number],
  number
>;

// Fixed features come first, each with a slot of its own; slot 0 stays free.
const lexiconBase = 1;
const pairBase = lexiconBase + classes;
const orderBase = pairBase + classes * classes;
const patternBase = orderBase + classes * classes;
const shapeBase = patternBase + patternNames.length;
const openings = ['other', 'user', 'service', 'handle'] as const;
const categoryBase = shapeBase + shapes.length + contexts.length;
const openingBase = categoryBase + (categories.length + 1) * classes;
/** First slot of the hashed features. */
export const fixedSlots = openingBase + openings.length * classes;
const categoryNumber = new Map<Category, number>(categories.map((name, i) => [name, i + 1]));

/** What a fixed slot stands for, by name; null for pairs of classes and hashed slots. */
export function fixedName(slot: number): { family: 'class' | 'pattern' | 'shape'; index: number } | null {
  if (slot >= lexiconBase && slot < pairBase) return { family: 'class', index: slot - lexiconBase };
  if (slot >= patternBase && slot < shapeBase) return { family: 'pattern', index: slot - patternBase };
  if (slot >= shapeBase && slot < categoryBase) return { family: 'shape', index: slot - shapeBase };
  return null;
}

const w1 = 0x1f83d9ab;
const w2 = 0x5be0cd19 | 0;
const w3 = 0x6a09e667;
const c0 = 0x3c6ef372;
const x1 = 0x510e527f;
const l1 = 0x71374491;
const l2 = 0x3956c25b;
const p1 = 0x59f111f1;
const s1 = 0x12835b01;
const k2 = 0x1b873593;
const k3 = 0x2545f491;
const k4 = 0x7f4a7c15;
const edgeFirst = hashWord('<first>');
const edgeLast = hashWord('<last>');
const maxFeatures = 16384;
/** Mentions that are looked at; a longer list of names says nothing more. */
const mostMentions = 32;

/** What is read of a post; language and platform may be missing. */
export type Readable = Pick<Post, 'text' | 'context'> & { lang?: string | null; platform?: string };

/** A context that is a handle or a forum names a place; longer ones are titles and read as text. */
export function titleOf(context: string | null): string {
  if (context === null || context.startsWith('@') || /^\/?[ru]\//.test(context)) return '';
  return context.trim().split(/\s+/).length > 2 ? context : '';
}

/** Turns posts into features; its arrays hold those of the last post read. */
export class Features {
  readonly scan: Scan;
  n = 0;
  readonly slot = new Int32Array(maxFeatures);
  readonly family = new Uint8Array(maxFeatures);
  /** Tokens that a feature came from, for the explanation. */
  readonly fromToken = new Int16Array(maxFeatures);
  readonly toToken = new Int16Array(maxFeatures);
  private stamp: Int32Array;
  private post = 0;
  /** Collecting: unknown features get a slot. */
  private readonly collecting: boolean;
  private at = 0;
  private atTo = 0;

  constructor(
    private readonly index: FeatureIndex,
    private readonly kin: Kin,
    options: { collecting?: boolean; scan?: Scan } = {},
  ) {
    this.scan = options.scan ?? new Scan();
    this.collecting = options.collecting ?? false;
    this.stamp = new Int32Array(Math.max(1 << 16, index.count));
  }

  private fixed(slot: number, family: number): void {
    if (this.stamp[slot] === this.post || this.n === maxFeatures) return;
    this.stamp[slot] = this.post;
    const n = this.n++;
    this.slot[n] = slot;
    this.family[n] = family;
    this.fromToken[n] = this.at;
    this.toToken[n] = this.atTo;
  }

  private hashed(hash: number, family: number): void {
    const slot = this.collecting ? this.collect(hash) : this.index.find(hash);
    if (slot !== 0) this.fixed(slot, family);
  }

  private collect(hash: number): number {
    const slot = this.index.add(hash);
    if (slot >= this.stamp.length) {
      const grown = new Int32Array(this.stamp.length * 2);
      grown.set(this.stamp);
      this.stamp = grown;
    }
    return slot;
  }

  /** Reads a post; afterwards `slot` and `family` hold its `n` features, `scan` its tokens. */
  read(post: Readable, mentions: readonly Mention[]): void {
    this.scan.read(titleOf(post.context), post.text, mentions);
    this.readScan(post, mentions);
  }

  /** Reads the post that the scan holds already. */
  readScan(post: Readable, mentions: readonly Mention[]): void {
    this.post++;
    this.n = 0;
    this.words();
    this.characters();
    this.lexicon(post.platform ?? 'unknown', mentions);
    this.patterns();
    this.skeleton();
    this.shape();
    this.origin(post, mentions);
    this.context(post.context, titleOf(post.context), mentions);
  }

  private words(): void {
    const { n, hash } = this.scan;
    let h1 = edgeFirst;
    let h2 = 0;
    for (let i = 0; i < n; i++) {
      const h = hash[i] as number;
      this.at = i;
      this.atTo = i + 1;
      this.hashed(hashPair(w1, h), WORDS);
      this.at = i === 0 ? 0 : i - 1;
      const pair = hashPair(hashPair(w2, h1), h);
      this.hashed(pair, WORDS);
      if (i > 0) {
        this.at = i === 1 ? 0 : i - 2;
        this.hashed(hashPair(hashPair(w3, h2), h), WORDS);
      }
      h2 = pair;
      h1 = h;
    }
    if (n > 0) {
      this.at = n - 1;
      this.atTo = n;
      this.hashed(hashPair(hashPair(w2, h1), edgeLast), WORDS);
    }
  }

  /** Four characters in a row within a word and the blanks around it. */
  private characters(): void {
    const { spans, spanFrom, spanTo, units } = this.scan;
    this.at = this.atTo = -1;
    for (let k = 0; k < spans; k++) {
      const from = spanFrom[k] as number;
      const to = spanTo[k] as number;
      let a = 32;
      let b = units[from] as number;
      let c = from + 1 < to ? (units[from + 1] as number) : 32;
      for (let i = from + 2; i <= to; i++) {
        const d = i < to ? (units[i] as number) : 32;
        this.hashed(hashPair(c0 ^ (a | (b << 16)), c | (d << 16)), CHARACTERS);
        a = b;
        b = c;
        c = d;
      }
    }
  }

  /** Neighbours with words of the lexicon read as their classes, others as their kind; and pairs of words with gaps. */
  private skeleton(): void {
    const { n, row, kind, hash } = this.scan;
    let first = 0;
    let second = 0;
    for (let i = 0; i < n; i++) {
      const r = row[i] as number;
      const mask = r === -1 ? 0 : (classMask[r] as number);
      const third = mask === 0 ? (kind[i] as number) + 100 : mask;
      this.at = i === 0 ? 0 : i - 1;
      this.atTo = i + 1;
      const pair = hashPair(hashPair(k2, second), third);
      this.hashed(pair, SKELETON);
      this.hashed(hashPair(hashPair(k3, first), pair), SKELETON);
      first = second;
      second = third;
      const from = hashPair(k4, hash[i] as number);
      this.at = i;
      for (let j = i + 2; j < n && j < i + 5; j++) {
        this.atTo = j + 1;
        this.hashed(hashPair(from, hash[j] as number), SKELETON);
      }
    }
  }

  private lexicon(platform: string, mentions: readonly Mention[]): void {
    const { n, row } = this.scan;
    let all = 0;
    for (let i = 0; i < n; i++) {
      const r = row[i] as number;
      if (r === -1) continue;
      const mask = classMask[r] as number;
      if (mask === 0) continue;
      this.at = i;
      this.atTo = i + 1;
      for (let a = mask & ~all; a !== 0; a &= a - 1) this.fixed(lexiconBase + lowest(a), LEXICON);
      all |= mask;
      const stop = Math.min(n, i + 5);
      for (let j = i + 1; j < stop; j++) {
        const q = row[j] as number;
        if (q === -1) continue;
        this.atTo = j + 1;
        for (let a = mask; a !== 0; a &= a - 1) {
          const base = orderBase + lowest(a) * classes;
          for (let b = classMask[q] as number; b !== 0; b &= b - 1) this.fixed(base + lowest(b), LEXICON);
        }
      }
    }
    this.at = this.atTo = -1;
    for (let a = all; a !== 0; a &= a - 1) {
      const base = pairBase + lowest(a) * classes;
      for (let b = a & (a - 1); b !== 0; b &= b - 1) this.fixed(base + lowest(b), LEXICON);
    }
    // The same words say another thing of a bank, a game or a device, at the head of a reply, in a forum.
    let met = mentions.length === 0 ? 1 : 0;
    for (let i = 0; i < mentions.length && i < mostMentions; i++)
      met |= 1 << (categoryNumber.get(this.kin((mentions[i] as Mention).service)?.category as Category) ?? 0);
    for (let c = met; c !== 0; c &= c - 1) this.eachClass(categoryBase + lowest(c) * classes, all);
    this.eachClass(openingBase + this.opening() * classes, all);
    if (platform === 'unknown') return;
    const where = hashPair(l2, hashWord(platform));
    for (let a = all; a !== 0; a &= a - 1) this.hashed(hashPair(where, lowest(a)), LEXICON);
  }

  private eachClass(base: number, mask: number): void {
    for (let a = mask; a !== 0; a &= a - 1) this.fixed(base + lowest(a), LEXICON);
  }

  /** What the post begins with, as a place in `openings`. */
  private opening(): number {
    const { n, kind, handle } = this.scan;
    if (n === 0) return 0;
    return kind[0] === SVC ? (handle[0] ? 3 : 2) : kind[0] === USER ? 1 : 0;
  }

  /** Language, platform with the length that is usual there, and the services named. */
  private origin({ lang, platform }: Readable, mentions: readonly Mention[]): void {
    this.at = this.atTo = -1;
    if (lang && lang !== 'und') this.hashed(hashPair(l1, hashWord(lang.slice(0, 2))), CONTEXT);
    if (platform && platform !== 'unknown') {
      const { n } = this.scan;
      this.hashed(hashPair(hashPair(p1, hashWord(platform)), n < 9 ? 1 : n < 25 ? 2 : n < 80 ? 3 : 4), CONTEXT);
    }
    for (let i = 0; i < mentions.length && i < mostMentions; i++)
      this.hashed(hashPair(s1, hashWord((mentions[i] as Mention).service)), CONTEXT);
  }

  private readonly found = (pattern: number, from: number, to: number) => {
    this.at = from;
    this.atTo = to;
    this.fixed(patternBase + pattern, PATTERNS);
  };

  private patterns(): void {
    findPatterns(this.scan, this.found);
  }

  private shape(): void {
    const { scan } = this;
    const { n, kind } = scan;
    this.at = this.atTo = -1;
    let services = 0;
    let users = 0;
    let links = 0;
    let kinds = 0;
    let handle = false;
    for (let i = 0; i < n; i++) {
      const k = kind[i] as number;
      kinds |= 1 << k;
      if (k === SVC) services++;
      if (k === USER) users++;
      if (k === URL_) links++;
      if (scan.handle[i]) handle = true;
    }
    const put = (slot: number) => this.fixed(shapeBase + slot, SHAPE);
    put(n < 5 ? 0 : n < 9 ? 1 : n < 15 ? 2 : n < 25 ? 3 : n < 40 ? 4 : n < 80 ? 5 : 6);
    put(s['services-0'] + Math.min(2, services));
    put(s['users-0'] + Math.min(2, users));
    put(s['links-0'] + Math.min(2, links));
    const first = scan.titleTokens < n ? scan.titleTokens : 0;
    if (n > 0) {
      if (kind[first] === SVC) put(s['starts-service']);
      if (kind[first] === SVC && scan.handle[first]) put(s['starts-handle']);
      if (kind[first] === USER) put(s['starts-user']);
      if (scan.hash[first] === retweet) put(s.retweet);
      if (scan.hash[n - 1] === questionMark) put(s['ends-question']);
    }
    if (scan.questions > 0) put(s.question);
    put(s['exclaims-0'] + Math.min(3, scan.exclaims));
    const capitals = scan.capitals / (scan.letters + 1);
    put(s['capitals-0'] + (capitals < 0.02 ? 0 : capitals < 0.1 ? 1 : capitals < 0.3 ? 2 : 3));
    if (scan.shouted > 0) put(s.shouts);
    if (scan.angry > 0) put(s.angry);
    if (scan.glad > 0) put(s.glad);
    if (kinds & (1 << ERR)) put(s['error-code']);
    if (kinds & (1 << DUR)) put(s.duration);
    if (kinds & (1 << TIME)) put(s.time);
    if (kinds & (1 << MONEY)) put(s.money);
    if (kinds & (1 << NUM)) put(s.numbers);
    put(s['hashtags-0'] + Math.min(2, scan.hashtags));
    if (handle) put(s['handle-service']);
  }

  private context(context: string | null, title: string, mentions: readonly Mention[]): void {
    const put = (slot: number) => this.fixed(shapeBase + slot, CONTEXT);
    if (context === null || context === '') {
      put(s['context-none']);
      return;
    }
    put(s['context-any']);
    if (mentions.some((m) => m.start < 0)) put(s['context-service']);
    if (context.startsWith('@')) put(s['context-handle']);
    else if (title === '') put(s['context-forum']);
    if (title === '') return;
    put(s['context-title']);
    this.at = this.atTo = -1;
    const { scan } = this;
    for (let i = 0; i < scan.titleTokens; i++) {
      this.hashed(hashPair(x1, scan.hash[i] as number), CONTEXT);
      if (i > 0) this.hashed(hashPair(hashPair(x1, scan.hash[i - 1] as number), scan.hash[i] as number), CONTEXT);
    }
  }
}

const retweet = hashWord(fold('RT'));
const questionMark = hashWord('?');

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
