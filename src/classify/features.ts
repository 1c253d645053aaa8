// Features of a post, from its scan: word and character n-grams, lexicon classes in pairs, patterns, shape, context.
import type { Category } from '../core/catalog.js';
import type { Mention, Post } from '../core/post.js';
import { fold } from './fold.js';
import { halfPair, hashBehind, hashPair, hashWord } from './hash.js';
import type { Kin } from './kin.js';
import { DUR, ERR, MONEY, mostMentions, NUM, Scan, SVC, TIME, URL_, USER } from './scan.js';
import {
  CHARACTERS,
  CONTEXT,
  categoryBase,
  categoryNumber,
  classes,
  LEXICON,
  lexiconBase,
  openingBase,
  orderBase,
  PATTERNS,
  pairBase,
  patternBase,
  SHAPE,
  SKELETON,
  shapeAt as s,
  shapeBase,
  WORDS,
} from './slots.js';
import { findPatterns, patternNames } from './vocabulary.js';

/** What stands behind one another in `Features.key`: hashes, or fixed slots. */
export const runs: readonly { family: number; fixed: boolean }[] = [
  { family: WORDS, fixed: false },
  { family: CHARACTERS, fixed: false },
  { family: LEXICON, fixed: true },
  { family: LEXICON, fixed: false },
  { family: PATTERNS, fixed: true },
  { family: SKELETON, fixed: false },
  { family: SHAPE, fixed: true },
  { family: CONTEXT, fixed: false },
  { family: CONTEXT, fixed: true },
];

const w1 = halfPair(0x1f83d9ab);
const w2 = halfPair(0x5be0cd19);
const w3 = halfPair(0x6a09e667);
const c0 = 0x3c6ef372;
const l1 = halfPair(0x71374491);
const l2 = halfPair(0x3956c25b);
const p1 = halfPair(0x59f111f1);
const s1 = halfPair(0x12835b01);
const k2 = halfPair(0x1b873593);
const k3 = halfPair(0x2545f491);
const k4 = halfPair(0x7f4a7c15);
const edgeFirst = hashWord('<first>');
const edgeLast = hashWord('<last>');
const retweet = hashWord(fold('RT'));
const questionMark = hashWord('?');
/** More than the longest scan gives. */
const maxKeys = 1 << 15;

/** What is read of a post; language and platform may be missing. */
export type Readable = Pick<Post, 'text' | 'context'> & { lang?: string | null; platform?: string };

/** Networks under the names that our sources give them -> those that the labelled posts know. */
const learntAs = new Map([
  ['x', 'twitter'],
  ['hackernews', 'hn'],
]);

/** A context that is a handle or a forum names a place; longer ones are titles and read as text. */
export function titleOf(context: string | null): string {
  if (context === null || context.startsWith('@') || /^\/?[ru]\//.test(context)) return '';
  return context.trim().split(/\s+/).length > 2 ? context : '';
}

/** Turns posts into features; its arrays hold those of the last post read. */
export class Features {
  readonly scan = new Scan();
  /** Hashes and fixed slots, run by run. A hash may stand there twice, a fixed slot only once. */
  readonly key = new Int32Array(maxKeys);
  /** Tokens that words, classes and patterns came from, as from << 16 | to; -1 where there are none. */
  readonly place = new Int32Array(maxKeys);
  /** End in `key` of each of the `runs`. */
  readonly end = new Int32Array(runs.length);
  private n = 0;
  private run = 0;
  private readonly metBehind = new Int32Array(classes);
  private readonly metPattern = new Uint8Array(patternNames.length);

  constructor(private readonly kin: Kin) {}

  /** Reads a post; afterwards `key` holds its features, `scan` its tokens. */
  read(post: Readable, mentions: readonly Mention[]): void {
    const title = titleOf(post.context);
    this.scan.read(title, post.text, mentions);
    this.n = 0;
    this.run = 0;
    this.words();
    this.characters();
    const all = this.lexicon(mentions);
    const named = post.platform || 'unknown';
    const platform = learntAs.get(named) ?? named;
    this.byPlatform(platform, all);
    this.patterns();
    this.skeleton();
    this.shape();
    this.origin(post.lang, platform, mentions);
    this.context(post.context, title, mentions);
  }

  /** Slot of the fixed feature at a place of `key`, 0 where a hash stands. */
  slotAt(at: number): number {
    let run = 0;
    while (at >= (this.end[run] as number)) run++;
    return runs[run]?.fixed ? (this.key[at] as number) : 0;
  }

  /** True for a place of `key` that holds a hash of words. */
  isWords(at: number): boolean {
    return at < (this.end[0] as number);
  }

  private close(n: number): void {
    this.end[this.run++] = n;
    this.n = n;
  }

  private words(): void {
    const { key, place, scan } = this;
    const { n, hash } = scan;
    let at = this.n;
    let h1 = edgeFirst;
    let h2 = 0;
    for (let i = 0; i < n; i++) {
      const h = hash[i] as number;
      place[at] = (i << 16) | (i + 1);
      key[at++] = hashBehind(w1, h);
      const pair = hashPair(hashBehind(w2, h1), h);
      place[at] = (Math.max(0, i - 1) << 16) | (i + 1);
      key[at++] = pair;
      if (i > 0) {
        place[at] = (Math.max(0, i - 2) << 16) | (i + 1);
        key[at++] = hashPair(hashBehind(w3, h2), h);
      }
      h2 = pair;
      h1 = h;
    }
    if (n > 0) {
      place[at] = ((n - 1) << 16) | n;
      key[at++] = hashPair(hashBehind(w2, h1), edgeLast);
    }
    this.close(at);
  }

  /** Four characters in a row within a word and the blanks around it. */
  private characters(): void {
    const { key, scan } = this;
    const { spans, spanFrom, spanTo, units } = scan;
    let at = this.n;
    for (let k = 0; k < spans; k++) {
      const from = spanFrom[k] as number;
      const to = spanTo[k] as number;
      let b = units[from] as number;
      let c = from + 1 < to ? (units[from + 1] as number) : 32;
      let head = 32 | (b << 16);
      for (let i = from + 2; i <= to; i++) {
        const d = i < to ? (units[i] as number) : 32;
        key[at++] = hashPair(c0 ^ head, c | (d << 16));
        head = b | (c << 16);
        b = c;
        c = d;
      }
    }
    this.close(at);
  }

  /** Classes, and which stand near behind which; @returns the classes met, as bits. */
  private lexicon(mentions: readonly Mention[]): number {
    const { key, place, metBehind } = this;
    const { n, classes: mask } = this.scan;
    metBehind.fill(0);
    let at = this.n;
    let all = 0;
    for (let i = 0; i < n; i++) {
      const own = mask[i] as number;
      if (own === 0) continue;
      for (let a = own & ~all; a !== 0; a &= a - 1) {
        place[at] = (i << 16) | (i + 1);
        key[at++] = lexiconBase + lowest(a);
      }
      all |= own;
      const stop = Math.min(n, i + 5);
      for (let j = i + 1; j < stop; j++) {
        const behind = mask[j] as number;
        if (behind === 0) continue;
        for (let a = own; a !== 0; a &= a - 1) {
          const first = lowest(a);
          const met = metBehind[first] as number;
          let fresh = behind & ~met;
          if (fresh === 0) continue;
          metBehind[first] = met | fresh;
          const base = orderBase + first * classes;
          for (; fresh !== 0; fresh &= fresh - 1) {
            place[at] = (i << 16) | (j + 1);
            key[at++] = base + lowest(fresh);
          }
        }
      }
    }
    const placed = at;
    for (let a = all; a !== 0; a &= a - 1) at = this.eachClass(at, pairBase + lowest(a) * classes, a & (a - 1));
    // The same words say another thing of a bank, a game or a device, at the head of a reply, in a forum.
    let met = mentions.length === 0 ? 1 : 0;
    for (let i = 0; i < mentions.length && i < mostMentions; i++)
      met |= 1 << (categoryNumber.get(this.kin((mentions[i] as Mention).service)?.category as Category) ?? 0);
    for (let c = met; c !== 0; c &= c - 1) at = this.eachClass(at, categoryBase + lowest(c) * classes, all);
    at = this.eachClass(at, openingBase + this.opening() * classes, all);
    place.fill(-1, placed, at);
    this.close(at);
    return all;
  }

  private eachClass(from: number, base: number, mask: number): number {
    let at = from;
    for (let a = mask; a !== 0; a &= a - 1) this.key[at++] = base + lowest(a);
    return at;
  }

  private byPlatform(platform: string, all: number): void {
    let at = this.n;
    if (platform !== 'unknown') {
      const where = halfPair(hashBehind(l2, hashWord(platform)));
      for (let a = all; a !== 0; a &= a - 1) {
        this.place[at] = -1;
        this.key[at++] = hashBehind(where, lowest(a));
      }
    }
    this.close(at);
  }

  /** What the post begins with, as a place in `openings`. */
  private opening(): number {
    const { n, kind, handle } = this.scan;
    if (n === 0) return 0;
    return kind[0] === SVC ? (handle[0] ? 3 : 2) : kind[0] === USER ? 1 : 0;
  }

  private patterns(): void {
    const { key, place, scan, metPattern } = this;
    metPattern.fill(0);
    findPatterns(scan);
    let at = this.n;
    for (let i = 0; i < scan.patterns; i++) {
      const found = scan.pattern[i] as number;
      const pattern = found >>> 20;
      if (metPattern[pattern]) continue;
      metPattern[pattern] = 1;
      place[at] = (((found >>> 10) & 1023) << 16) | (found & 1023);
      key[at++] = patternBase + pattern;
    }
    this.close(at);
  }

  /** Neighbours with words of the lexicon read as their classes, others as their kind; and pairs of words with gaps. */
  private skeleton(): void {
    const { key, scan } = this;
    const { n, kind, hash, classes: mask } = scan;
    let at = this.n;
    let first = 0;
    let second = 0;
    for (let i = 0; i < n; i++) {
      const own = mask[i] as number;
      const third = own === 0 ? (kind[i] as number) + 100 : own;
      const pair = hashPair(hashBehind(k2, second), third);
      key[at++] = pair;
      key[at++] = hashPair(hashBehind(k3, first), pair);
      first = second;
      second = third;
      const from = halfPair(hashBehind(k4, hash[i] as number));
      const stop = Math.min(n, i + 5);
      for (let j = i + 2; j < stop; j++) key[at++] = hashBehind(from, hash[j] as number);
    }
    this.close(at);
  }

  private shape(): void {
    const { scan, key } = this;
    const { n, kind } = scan;
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
    let at = this.n;
    const put = (slot: number) => {
      key[at++] = shapeBase + slot;
    };
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
    this.close(at);
  }

  /** Language, platform with the length that is usual there, and the services named. */
  private origin(lang: string | null | undefined, platform: string, mentions: readonly Mention[]): void {
    const { key } = this;
    let at = this.n;
    if (lang && lang !== 'und') key[at++] = hashBehind(l1, hashWord(lang.slice(0, 2)));
    if (platform !== 'unknown') {
      const { n } = this.scan;
      key[at++] = hashPair(hashBehind(p1, hashWord(platform)), n < 9 ? 1 : n < 25 ? 2 : n < 80 ? 3 : 4);
    }
    for (let i = 0; i < mentions.length && i < mostMentions; i++)
      key[at++] = hashBehind(s1, hashWord((mentions[i] as Mention).service));
    this.close(at);
  }

  private context(context: string | null, title: string, mentions: readonly Mention[]): void {
    const { key } = this;
    let at = this.n;
    const put = (slot: number) => {
      key[at++] = shapeBase + slot;
    };
    if (context === null || context === '') put(s['context-none']);
    else {
      put(s['context-any']);
      if (mentions.some((m) => m.start < 0)) put(s['context-service']);
      if (context.startsWith('@')) put(s['context-handle']);
      else if (title === '') put(s['context-forum']);
      if (title !== '') put(s['context-title']);
    }
    this.close(at);
  }
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
