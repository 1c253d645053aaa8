// Readers' own reports on their way to the store: posts of a platform of their own, with the verdict that they give.
import { randomUUID } from 'node:crypto';
import type { Clock, Readers } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { createReceipt } from '../core/receipt.js';
import type { QueuedItem } from './ingest.js';
import type { Queue } from './queue.js';

export interface ReadersOptions {
  queue: Queue<QueuedItem>;
  clock: Clock;
  hashAuthor(platform: string, author: string): string;
  /** Aborts when nothing more will be stored. */
  over: AbortSignal;
}

/** The platform is an evidence class: however many readers speak, it is one voice among the classes. */
const platform = 'reader';
const source = 'readers';

export function createReaders({ queue, clock, hashAuthor, over }: ReadersOptions): Readers {
  return {
    authorOf: (address) => hashAuthor(platform, address),
    offer({ service, symptom, region, text, author }) {
      if (queue.size >= queue.capacity) return null;
      const now = clock.now();
      const post: Post = {
        ...{ id: `${source}:${randomUUID()}`, source, platform, author, text },
        ...{ lang: null, context: null, place: null, url: null, createdAt: now, receivedAt: now },
      };
      const why = ['a reader says so'];
      const report = { postId: post.id, service, kind: 'report' as const, score: 1, symptom, region, why };
      const { promise, stored } = createReceipt(over);
      void queue.push({ post, reports: [report], cursor: null, source, stored });
      return promise;
    },
  };
}
