// What a service does in a post: features of the words around each mention.
import type { Mention } from '../core/post.js';
import { Clauses } from './clauses.js';
import type { FeatureIndex } from './feature-index.js';
import { hashPair, hashWord } from './hash.js';
import type { Kin } from './kin.js';
import { mostMentions, type Scan, SVC, USER } from './scan.js';

/** Tokens looked at on each side of a mention. */
const reach = 8;
/** Patterns of a post that are looked at. */
const mostPatterns = 256;
const tag = (name: string) => hashWord(`role:${name}`);
const t = {
  side: [tag('before'), tag('after')] as const,
  near: [tag('just-before'), tag('just-after')] as const,
  gram: [tag('pair-before'), tag('pair-after')] as const,
  cls: [tag('class-before'), tag('class-after')] as const,
  far: [tag('far-class-before'), tag('far-class-after')] as const,
  beyond: [tag('class-past-service-before'), tag('class-past-service-after')] as const,
  pattern: tag('pattern'),
  other: tag('pattern-of-another'),
  whole: tag('pattern-anywhere'),
  post: tag('class-anywhere'),
  service: tag('service'),
  flag: tag('flag'),
  count: tag('count'),
  order: tag('order'),
  beside: tag('beside'),
  besideAny: tag('beside-any'),
  several: tag('several'),
  kin: tag('kin'),
  category: tag('category'),
  clauseWord: tag('clause-word'),
  group: tag('group'),
  own: tag('own-clause'),
  lead: tag('clause-lead'),
  trail: tag('clause-trail'),
  others: tag('other-clauses'),
  versus: tag('own-against-others'),
};

/** Reads the features of single mentions; `begin` comes before the first of a post. */
export class RoleFeatures {
  n = 0;
  readonly hash = new Int32Array(4096);

  constructor(private readonly kin: Kin) {}

  private patterns = 0;
  private classes = 0;
  /** Services named, each once, and their hashes. */
  private readonly services: string[] = [];
  private readonly serviceHash: number[] = [];
  /** How many of them are named in the text: 0, 1, or 2 for several; and the first. */
  private inText = 0;
  private firstInText = '';
  private first = -1;
  private addressed = false;
  private readonly clauses = new Clauses();

  /** Reads what all mentions of a post share. */
  begin(scan: Scan, mentions: readonly Mention[]): void {
    const { services, serviceHash } = this;
    services.length = serviceHash.length = 0;
    this.inText = 0;
    this.first = -1;
    this.addressed = false;
    for (let i = 0; i < mentions.length; i++) {
      const { service, start } = mentions[i] as Mention;
      if (!services.includes(service)) {
        services.push(service);
        serviceHash.push(hashWord(service));
      }
      if (start < 0) this.addressed = true;
      else if (this.first < 0) {
        this.first = i;
        this.inText = 1;
        this.firstInText = service;
      } else if (service !== this.firstInText) this.inText = 2;
    }
    this.patterns = Math.min(scan.patterns, mostPatterns);
    this.classes = 0;
    for (let i = 0; i < scan.n; i++) this.classes |= scan.classes[i] as number;
    this.clauses.read(scan, mentions.length);
  }

  private add(a: number, b: number): void {
    if (this.n < this.hash.length) this.hash[this.n++] = hashPair(a, b);
  }

  /** The words of a mention's clause, and what they make of it beside what the other clauses make of theirs. */
  private clause({ hash, mentionToken }: Scan, which: number, mentions: number): void {
    const { left, right, from, to, state, stance } = this.clauses;
    const first = left[which] as number;
    const last = right[which] as number;
    let before = 0;
    let behind = 0;
    for (let j = from[which] as number, end = to[which] as number; j < end; j++) {
      if (j < first) before |= stance[j] as number;
      if (j > last) behind |= stance[j] as number;
      if (j < first || j > last) this.add(t.clauseWord, hash[j] as number);
    }
    for (let a = before; a !== 0; a &= a - 1) this.add(t.lead, lowest(a));
    for (let a = behind; a !== 0; a &= a - 1) this.add(t.trail, lowest(a));
    const own = state[which] as number;
    this.add(t.own, own);
    let others = 0;
    for (let i = 0; i < mentions && i < mostMentions; i++)
      if (i !== which && (mentionToken[i] as number) >= 0 && left[i] !== first) others |= state[i] as number;
    this.add(t.others, others & 3);
    this.add(hashPair(t.versus, own & 7), others & 7);
    for (let a = own & ~7; a !== 0; a &= a - 1) this.add(hashPair(t.versus, 99), lowest(a) * 8 + (others & 3));
  }

  read(scan: Scan, mentions: readonly Mention[], which: number): void {
    this.n = 0;
    const mention = mentions[which] as Mention;
    const at = scan.mentionToken[which] as number;
    const { n, kind, hash, classes, gap } = scan;
    const { services: all, serviceHash, inText, first } = this;
    const own = hashWord(mention.service);
    this.add(t.service, own);
    const named = all.length;
    this.add(t.count, Math.min(3, named));
    // A service beside its parent, its carrier, its cloud: which of two fails is often known from the pair.
    const me = this.kin(mention.service);
    if (me) this.add(t.category, hashWord(me.category));
    for (let i = 0; i < named; i++) {
      const other = all[i] as string;
      if (other !== mention.service) {
        const it = this.kin(other);
        if (me && it) {
          this.add(hashPair(t.category, hashWord(me.category)), hashWord(it.category));
          if (me.parent === other) this.add(t.kin, 1);
          if (it.parent === mention.service) this.add(t.kin, 2);
          if (me.parent !== null && me.parent === it.parent) this.add(t.kin, 3);
          if (me.dependsOn.includes(other)) this.add(t.kin, 4);
          if (it.dependsOn.includes(mention.service)) this.add(t.kin, 5);
        }
        this.add(hashPair(t.beside, own), serviceHash[i] as number);
        this.add(t.besideAny, serviceHash[i] as number);
      }
    }
    if (named > 1) this.add(t.several, own);
    if (at < 0) {
      this.add(t.flag, 1);
      this.add(t.flag, inText === 0 ? 2 : inText === 1 && this.firstInText === mention.service ? 3 : 4);
    } else {
      this.add(t.order, which === first ? 0 : which === mentions.length - 1 ? 1 : 2);
      if (named > 1) this.add(t.order, which === first ? 10 : which === mentions.length - 1 ? 11 : 12);
      if (scan.handle[at]) this.add(t.flag, at === scan.titleTokens ? 5 : 6);
      if (scan.handle[at] && inText > 1) this.add(t.flag, 7);
      if (at === n - 1 || (at === n - 2 && kind[n - 1] !== 0)) this.add(t.flag, 8);
      if (this.addressed) this.add(t.flag, 9);
      if (at > 0 && (kind[at - 1] === SVC || kind[at - 1] === USER)) this.add(t.flag, 11);
      if (at + 1 < n && (kind[at + 1] === SVC || kind[at + 1] === USER)) this.add(t.flag, 12);
      const left = this.clauses.left[which] as number;
      const right = this.clauses.right[which] as number;
      if (right > left) this.add(t.group, 1);
      this.clause(scan, which, mentions.length);
      for (let side = 0; side < 2; side++) {
        const step = side === 0 ? -1 : 1;
        let crossed = 0;
        let services = 0;
        for (let d = 1; d <= reach; d++) {
          const j = (side === 0 ? left : right) + d * step;
          if (j < 0 || j >= n) break;
          // The break stands before the later of two tokens.
          crossed = Math.max(crossed, gap[side === 0 ? j + 1 : j] as number);
          if (crossed === 2 && d > 1) break;
          if (services === 0) {
            if (d <= 4) this.add(t.side[side as 0], hash[j] as number);
            if (d === 1) this.add(t.near[side as 0], hash[j] as number);
            if (d === 2) this.add(t.gram[side as 0], hashPair(hash[j - step] as number, hash[j] as number));
          }
          const as = services > 0 ? t.beyond : d <= 3 ? t.cls : t.far;
          for (let a = classes[j] as number; a !== 0; a &= a - 1) this.add(as[side as 0], lowest(a));
          if (kind[j] === SVC) services++;
        }
        this.add(t.flag, 20 + side * 10 + Math.min(3, services) + (crossed === 2 ? 5 : 0));
      }
    }
    for (let a = this.classes; a !== 0; a &= a - 1) this.add(t.post, lowest(a));
    for (let k = 0; k < this.patterns; k++) {
      const found = scan.pattern[k] as number;
      const pattern = found >>> 20;
      const from = (found >>> 10) & 1023;
      const to = found & 1023;
      this.add(t.whole, pattern);
      if (at >= from && at < to) this.add(t.pattern, pattern);
      else if (hasService(kind, from, to)) this.add(t.other, pattern);
    }
  }
}

function hasService(kind: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (kind[i] === SVC) return true;
  return false;
}

/** Slots of the features for training, each once and in order, into `out`; unknown ones are added. @returns how many. */
export function addRoleSlots(features: RoleFeatures, index: FeatureIndex, out: Int32Array): number {
  let n = 0;
  for (let i = 0; i < features.n; i++) {
    const slot = index.add(features.hash[i] as number);
    if (slot !== 0) out[n++] = slot;
  }
  const sorted = out.subarray(0, n).sort();
  let kept = 0;
  for (let i = 0; i < n; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) out[kept++] = sorted[i] as number;
  return kept;
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
