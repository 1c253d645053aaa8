// Takes posts that others send over HTTP and hands them on as a source.
import Type, { type Static } from 'typebox';
import type { Inbox, Source, SourceContext, SourceItem } from '../core/ports.js';
import type { Post } from '../core/post.js';
import { createReceipt } from '../core/receipt.js';
import { defineKind } from './kind.js';

const options = Type.Object({
  capacity: Type.Integer({
    description: 'Posts that may wait to be read; when they are full a sender is told to come back later.',
    default: 10_000,
    minimum: 1,
    maximum: 1_000_000,
  }),
});

export const push = defineKind({
  kind: 'push',
  description: 'Posts that others send with `POST /api/v1/posts`; off until there is a token.',
  onByDefault: false,
  madeBy: 'a token (`outcry token add`, or push.tokens)',
  options,
  create: (name, settings) => createPush(name, settings, new AbortController().signal),
});

/** A source with a door: what is offered comes out of `read`. */
export interface PushSource extends Source, Pick<Inbox, 'offer'> {}

interface Waiting {
  post: Post;
  stored?: () => void;
}

/**
 * Makes a bounded source that is fed from outside. `offer` takes all of a batch or, when it is full, none of it;
 * a batch larger than the capacity is taken when nothing waits. A post leaves only when the reader comes for the next.
 * @param over aborts when nothing more will be stored: whoever waits for an answer is told.
 */
export function createPush(name: string, { capacity }: Static<typeof options>, over: AbortSignal): PushSource {
  const waiting: Waiting[] = [];
  let head = 0;
  let wake = () => {};

  async function* read({ signal, alive }: SourceContext): AsyncGenerator<SourceItem> {
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    try {
      alive();
      while (!signal.aborted) {
        const next = waiting[head];
        if (next === undefined) {
          waiting.length = 0;
          head = 0;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        yield { ...next, cursor: null };
        head++;
        // Shifting one by one would cost the length of the queue each time.
        if (head >= 1_000) {
          waiting.splice(0, head);
          head = 0;
        }
        alive();
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    name,
    kind: 'push',
    read,
    offer(posts) {
      const length = waiting.length - head;
      if (length > 0 && length + posts.length > capacity) return null;
      const { promise, stored } = createReceipt(over);
      // Posts are stored in order, so the last one answers for all.
      for (const [i, post] of posts.entries()) waiting.push(i === posts.length - 1 ? { post, stored } : { post });
      wake();
      return promise;
    },
  };
}
