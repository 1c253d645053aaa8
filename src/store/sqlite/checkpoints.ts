// Folds SQLite's log into the file from a thread of its own: who writes never waits for the disk.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { second } from '../../core/time.js';

/** Often enough for a short log, seldom enough to write a page that changes again and again only once. */
const usualMs = 2 * second;

export interface Checkpoints {
  /** Something was written: it is folded in within some seconds. */
  wrote(): void;
  /** Ends the thread; what it is about is done first. */
  close(): Promise<void>;
}

/** @param path the database file; `:memory:` has no log. @param afterMs how long after a write. */
export function createCheckpoints(path: string, afterMs = usualMs): Checkpoints {
  if (path === ':memory:') return { wrote: () => undefined, close: async () => undefined };
  let thread: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(): Worker {
    const worker = new Worker(new URL('./checkpoint-thread.js', import.meta.url), { workerData: path, execArgv: [] });
    // A store that is not closed does not keep its process alive.
    worker.unref();
    worker.on('message', () => {
      timer = undefined;
    });
    // What ails the disk is told by the next write, which folds the log in itself when it becomes too long.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (thread === worker) thread = timer = undefined;
    });
    return worker;
  }

  return {
    wrote() {
      timer ??= setTimeout(() => {
        thread ??= start();
        thread.postMessage('fold');
      }, afterMs).unref();
    },
    async close() {
      clearTimeout(timer);
      if (!thread) return;
      thread.ref();
      thread.postMessage('close');
      await once(thread, 'exit');
    },
  };
}
