// The part of `outcry label` that knows no terminal: which posts are asked about, and what a key does.
import type { Desk, ReadStore } from '../core/ports.js';
import type { Kind, Post, Verdict } from '../core/post.js';
import type { Reader } from '../pipeline/ingest.js';

export interface Doubtful {
  post: Post;
  verdict: Verdict;
  /** Distance of the score from the threshold. */
  distance: number;
}

const kindKeys: Record<string, Kind> = { r: 'report', q: 'question', n: 'news', v: 'recovery', o: 'other' };

/** Stored posts that the model is least sure of and nobody has corrected, most doubtful first; of equal texts one. */
export async function leastSure(
  read: Pick<ReadStore, 'posts' | 'corrections'>,
  { matcher, classifier, thresholds }: Reader,
  most: number,
): Promise<Doubtful[]> {
  const done = new Set<string>();
  for await (const { post } of pagesOf((page) => read.corrections(page))) done.add(post.id);
  const texts = new Set<string>();
  let found: Doubtful[] = [];
  const nearest = () => found.sort((a, b) => a.distance - b.distance).slice(0, most);
  for await (const post of pagesOf((page) => read.posts(0, page))) {
    const text = post.text.toLowerCase().replace(/https?:\S+|\s+/g, ' ');
    if (post.text === '' || done.has(post.id) || texts.has(text)) continue;
    texts.add(text);
    const mentions = matcher.match(post.text, post.context);
    const verdict = classifier.classify(post, mentions);
    const threshold = mentions.some((m) => m.start < 0) ? thresholds.support : thresholds.public;
    found.push({ post, verdict, distance: Math.abs(verdict.score - threshold) });
    if (found.length >= 2 * most) found = nearest();
  }
  return nearest();
}

async function* pagesOf<T>(
  read: (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; next: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await read({ limit: 1000, cursor });
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

export interface Labelling {
  /** The post that is asked about; null when none is left. */
  current(): Doubtful | null;
  /** How many have been labelled, undone ones not. */
  labelled(): number;
  /** Does what a key says, saved at once. @returns the words for it; null for a key without meaning. */
  press(key: string): Promise<string | null>;
}

/** @param correct the verb by which a verdict is corrected, or given back. */
export function createLabelling(items: readonly Doubtful[], correct: Desk['correct']): Labelling {
  const past: (Kind | null)[] = [];
  return {
    current: () => items[past.length] ?? null,
    labelled: () => past.filter((kind) => kind !== null).length,
    async press(key) {
      if (key === 'u') {
        if (past.length === 0) return 'nothing to undo';
        if (past.pop() !== null) await correct((items[past.length] as Doubtful).post.id, null);
        return 'undone';
      }
      const item = items[past.length];
      const kind = kindKeys[key];
      if (!item || (key !== 's' && kind === undefined)) return null;
      const stored = kind && (await correct(item.post.id, { kind, by: 'terminal' }));
      past.push(kind && stored ? kind : null);
      if (!kind) return 'skipped';
      return stored ? kind : 'its text is gone meanwhile; skipped';
    },
  };
}

/** A hostile text fit for a terminal: no control characters, nothing that turns the direction of writing. */
export function printable(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu, '\ufffd');
}
