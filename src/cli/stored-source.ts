// What a database keeps, as a source: posts and official word in the order in which they came, for a back-test.
import type { OfficialIncident } from '../core/official.js';
import type { ReadStore, Source, SourceItem } from '../core/ports.js';
import { readMemory } from '../pipeline/tick.js';
import { openStore } from '../store/open.js';

/** A source that drives a replay, and what the replay has to know of it. */
export interface Played {
  source: Source;
  /** Start of the first step to judge, epoch ms, where that was before the first post. */
  from?: number;
  coverage(from: number, to: number): number;
  close(): Promise<void>;
}

/**
 * Posts that a database keeps, in the order in which they came; steps in which it was blind are gaps again. All kept
 * versions of official incidents come at the time at which they were read, those from before `since` first: what was
 * known then is known again.
 */
export async function storedSource(db: string, since: number): Promise<Played> {
  const { read, write } = await openStore(db, { readOnly: true, regionPath: () => ['*'] });
  const { origin, blind } = (await readMemory(read)) ?? { origin: since, blind: [] };
  return {
    from: Math.max(since, origin),
    source: {
      name: 'stored',
      kind: 'replay',
      async *read({ signal }) {
        for await (const item of inOrder(read, since)) {
          if (signal.aborted) return;
          yield item;
        }
      },
    },
    coverage: (from, to) => (blind.some(([start, end]) => start < to && end > from) ? 0 : 1),
    async close() {
      await read.close();
      await write.close();
    },
  };
}

type Paged<T> = (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; next: string | null }>;

async function* each<T>(read: Paged<T>): AsyncGenerator<T, null> {
  let cursor: string | undefined;
  do {
    const page = await read({ limit: 1000, cursor });
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor);
  return null;
}

async function* inOrder(read: ReadStore, since: number): AsyncGenerator<SourceItem> {
  const versions = each<OfficialIncident>((page) => read.officialVersions(page));
  let version = (await versions.next()).value;
  for await (const post of each((page) => read.posts(since, page))) {
    for (; version && version.receivedAt <= post.receivedAt; version = (await versions.next()).value)
      yield { post: null, official: [version], cursor: null };
    yield { post, cursor: null };
  }
  for (; version; version = (await versions.next()).value) yield { post: null, official: [version], cursor: null };
}
