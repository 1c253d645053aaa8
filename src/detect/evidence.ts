// How much independent evidence a service's reports hold: authors counted once, near-identical texts collapsed, shares capped.

import type { ReportRow } from '../core/ports.js';
import { isSignal, type Symptom } from '../core/post.js';

/** Independent voices that open an incident (`watch`) and that make it a `signal`. */
export const voicesToOpen = 4;
export const voicesToSignal = 7;
/** Distinct voices that make a platform, or the news, an evidence class of its own. */
const voicesOfClass = 3;
const newsOfClass = 2;
/**
 * Voices that one source, or all posts without an author, may give beyond thrice the usual number, however loud they are;
 * above it they must stay under 60 % of all.
 */
const sourceCap = 12;
const anonymousCap = 8;
/** Texts of fewer words than this are alike by nature ("X is down"): n of them weigh as sqrt(n), longer ones as one. */
const shortText = 5;
/** Share of the talk about a service that must report trouble: in outages more than half does, in memes and news echo a tenth. */
const leastComplaints = 0.25;
const leastTalk = 12;
/** Share of words that two near-identical texts have in common (Jaccard). */
const alike = 0.45;

export interface EvidenceWeight {
  /** Reports and questions weighed. */
  reports: number;
  /** Distinct authors; a post without one counts as its own. */
  authors: number;
  /** Independent voices after all caps, and how many are usual in this time. */
  effective: number;
  expected: number;
  /** Groups of near-identical texts, and the authors of the largest. */
  clusters: number;
  largestCluster: number;
  platforms: string[];
  sources: string[];
  /** Narrowest known regions named. */
  regions: string[];
  /** Share of reports without a region, 0..1. */
  unlocated: number;
  symptoms: Partial<Record<Symptom, number>>;
  /** Distinct authors who say that it works again. */
  recoveries: number;
  /** Evidence classes that speak: each platform with enough voices, and `news`. */
  classes: string[];
  /** Why this opens no incident; null when the evidence is independent. */
  heldBack: string | null;
}

/**
 * Weighs the reports of one service in one window.
 * @param rows reports of all kinds but `other`, any order
 * @param options `expected`: usual number of authors in this window; `names`: words for the service, which all its texts share
 */
export function weighEvidence(
  rows: readonly ReportRow[],
  options: { expected: number; names?: readonly string[] },
): EvidenceWeight {
  const mask = maskOf(options.names ?? []);
  const signals = rows.filter((row) => isSignal(row.kind));
  const voices = clusterVoices(voicesOf(signals), mask);
  const weighed = (some: readonly Voice[]) => weigh(some, 3 * options.expected);
  const effective = weighed(voices);
  const largestCluster = Math.max(0, ...countBy(voices, (voice) => voice.cluster).values());
  const news = rows.filter((row) => row.kind === 'news');
  const symptoms: Partial<Record<Symptom, number>> = {};
  for (const { symptom } of signals) if (symptom) symptoms[symptom] = (symptoms[symptom] ?? 0) + 1;
  const platforms = sorted(signals.map((row) => row.platform));
  // Of a platform's voices, only what is above the usual speaks.
  const unusual = effective > 0 ? Math.max(0, 1 - options.expected / effective) : 0;
  const speaks = (platform: string) =>
    weighed(voices.filter(({ row }) => row.platform === platform)) * unusual >= voicesOfClass;
  const weight: EvidenceWeight = {
    reports: signals.length,
    authors: voices.length,
    effective,
    expected: options.expected,
    clusters: new Set(voices.map((voice) => voice.cluster)).size,
    largestCluster,
    platforms,
    sources: sorted(signals.map((row) => row.source)),
    regions: sorted(signals.flatMap((row) => row.region ?? [])),
    unlocated: signals.length ? signals.filter((row) => !row.region).length / signals.length : 0,
    symptoms,
    recoveries: voicesOf(rows.filter((row) => row.kind === 'recovery')).length,
    classes: platforms.filter(speaks),
    heldBack: null,
  };
  if (weighed(clusterVoices(voicesOf(news), mask)) >= newsOfClass) weight.classes.push('news');
  weight.heldBack = whyHeldBack(weight, options.expected);
  return weight;
}

/**
 * Tells an outage from talk about one: when people joke, remember or quote, few of the posts that name the service report trouble.
 * @param reports reports in some time
 * @param texts all texts of that time, and of a time as long before it all began
 * @param names words for the service that mean nothing else
 * @returns why the reports are held back, or null
 */
export function whyTalk(
  reports: number,
  texts: { now: readonly string[]; before: readonly string[] },
  names: readonly string[],
): string | null {
  const mask = maskOf(names);
  if (!mask) return null;
  const naming = (some: readonly string[]) => some.filter((text) => fold(text).search(mask) >= 0).length;
  const talk = naming(texts.now) - naming(texts.before);
  if (talk < leastTalk || reports >= leastComplaints * talk) return null;
  return `${talk} posts more than before talk about it, only ${reports} report trouble: held back`;
}

/** The sentence that says why the evidence is not enough, or null. */
function whyHeldBack(weight: EvidenceWeight, expected: number): string | null {
  const { reports, authors, effective, largestCluster } = weight;
  const posts = `${reports} ${reports === 1 ? 'post' : 'posts'}`;
  const people = `${authors} ${authors === 1 ? 'author' : 'authors'}`;
  if (authors < voicesToOpen) return `${posts}, ${people}: held back`;
  // Copies beside a few real voices stay held back until the voices would be enough without them.
  if (effective < voicesToOpen || (effective < authors / 2 && effective < 2 * voicesToOpen))
    return largestCluster > 1
      ? `${posts}, ${people}, ${largestCluster} of them in near-identical words: held back`
      : `${posts}, none with a known author: held back`;
  if (poissonSurprise(effective, expected) < 3)
    return `${posts}, ${people}, but only about ${Math.round(effective)} independent voices where ${expected.toFixed(1)} are usual: held back`;
  return null;
}

interface Voice {
  row: ReportRow;
  cluster: number;
  /** Words of its text that are not the service's name. */
  words: number;
}

/** One voice per author (the first post), one per post without an author. */
function voicesOf(rows: readonly ReportRow[]): ReportRow[] {
  const heard = new Set<string>();
  const first: ReportRow[] = [];
  for (const row of rows) {
    const author = row.author ?? `post ${row.postId}`;
    if (heard.has(author)) continue;
    heard.add(author);
    first.push(row);
  }
  return first;
}

/** Sum of the voices: clusters collapsed, then each source and the authorless posts capped; `usual` voices are free. */
function weigh(voices: readonly Voice[], usual: number): number {
  const sizes = countBy(voices, (voice) => voice.cluster);
  const bySource = new Map<string, number>();
  const total = { named: 0, anonymous: 0 };
  for (const voice of voices) {
    const n = sizes.get(voice.cluster) as number;
    const share = (voice.words < shortText ? Math.sqrt(n) : 1) / n;
    bySource.set(voice.row.source, (bySource.get(voice.row.source) ?? 0) + share);
    total[voice.row.author === null ? 'anonymous' : 'named'] += share;
  }
  const sum = total.named + total.anonymous;
  let capped = 0;
  for (const weight of bySource.values()) capped += Math.min(weight, Math.max(sourceCap + usual, 1.5 * (sum - weight)));
  const loss = total.anonymous - Math.min(total.anonymous, Math.max(anonymousCap + usual, 1.5 * total.named));
  // A tenth of a voice is all the precision there is; rounding keeps sums of shares from depending on their order.
  return Math.round(Math.max(0, Math.min(capped, sum - loss)) * 10) / 10;
}

/** Groups near-identical texts (exact set-similarity join with a prefix filter, then union-find). */
function clusterVoices(rows: readonly ReportRow[], mask: RegExp | null): Voice[] {
  const sets = rows.map((row) => wordsOf(row.text ?? '', mask));
  const frequency = new Map<string, number>();
  for (const set of sets) for (const word of set) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const ordered = sets.map((set) =>
    [...set].sort((a, b) => (frequency.get(a) as number) - (frequency.get(b) as number) || (a < b ? -1 : 1)),
  );
  const parent = rows.map((_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) r = parent[r] = parent[parent[r] as number] as number;
    return r;
  };
  const same = new Map<string, number>();
  const index = new Map<string, number[]>();
  ordered.forEach((words, i) => {
    // Texts without words (deleted, pictures only) say nothing of each other, but many of them are no crowd.
    const key = words.join(' ');
    const twin = same.get(key);
    if (twin !== undefined) {
      parent[i] = root(twin);
      return;
    }
    same.set(key, i);
    const set = sets[i] as Set<string>;
    // Two sets with a Jaccard of `alike` must share one of these rarest words.
    for (const word of words.slice(0, words.length - Math.ceil(alike * words.length) + 1)) {
      const others = index.get(word) ?? [];
      for (const j of others)
        if (root(i) !== root(j) && jaccard(set, sets[j] as Set<string>) >= alike) parent[root(i)] = root(j);
      others.push(i);
      index.set(word, others);
    }
  });
  return rows.map((row, i) => ({ row, cluster: root(i), words: (sets[i] as Set<string>).size }));
}

const noise = /https?:\/\/\S+|www\.\S+|@[\w.-]+/gu;
const marks = /[\p{Cf}\p{M}'’]/gu;
const word = /\p{L}+/gu;
const unspacedLetters = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const unspaced = new RegExp(`[${unspacedLetters}]`, 'u');
/** What a name must not touch: letters of scripts with spaces, and digits. */
const touching = String.raw`[[\p{L}\d]--[${unspacedLetters}]]`;

/** The text's words without names, links, numbers and endings; pairs of letters where a script has no spaces. */
function wordsOf(text: string, mask: RegExp | null): Set<string> {
  const plain = fold(text).replace(noise, ' ');
  const words = new Set<string>();
  for (const found of (mask ? plain.replace(mask, ' ') : plain).match(word) ?? []) {
    if (!unspaced.test(found)) words.add(found.slice(0, 5));
    else {
      const letters = [...found];
      for (let i = 0; i + 1 < letters.length; i++) words.add(`${letters[i]}${letters[i + 1]}`);
    }
    if (words.size >= 120) break;
  }
  return words;
}

/** Lower case without marks, apostrophes and invisible letters, which people leave out or put in to look different. */
function fold(text: string): string {
  return text.normalize('NFKD').toLowerCase().replace(marks, '').normalize('NFC');
}

/** Matches the service's names in plain text, longest first; null without names. */
function maskOf(names: readonly string[]): RegExp | null {
  const plain = names.map((name) => fold(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const alternatives = [...new Set(plain)].filter(Boolean).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  if (alternatives.length === 0) return null;
  return new RegExp(`(?<!${touching})(?:${alternatives.join('|')})(?!${touching})`, 'gv');
}

function jaccard(a: Set<string>, b: Set<string>): number {
  let shared = 0;
  for (const x of a.size < b.size ? a : b) if ((a.size < b.size ? b : a).has(x)) shared++;
  return shared / (a.size + b.size - shared);
}

function countBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** -log10 of the chance of `count` or more where `mean` are expected (Poisson, Chernoff's bound: never too strict by more than a digit). */
function poissonSurprise(count: number, mean: number): number {
  if (count <= mean) return 0;
  if (mean <= 0) return count > 0 ? 99 : 0;
  return (count * Math.log(count / mean) - count + mean) / Math.LN10;
}
