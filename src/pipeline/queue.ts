// A bounded queue between the readers and the one writer: full means wait, never drop.

/** A bounded first-in, first-out queue with back-pressure. */
export interface Queue<T> {
  readonly size: number;
  readonly capacity: number;
  /** Adds an item; waits while the queue is full. False when the queue was closed or the signal aborted meanwhile. */
  push(item: T, signal?: AbortSignal): Promise<boolean>;
  /** Takes up to `max` items; waits for the first one for at most `waitMs`. Empty when nothing came or the queue is closed and drained. */
  take(max: number, waitMs: number): Promise<T[]>;
  /** No more items; what is queued can still be taken, waiting pushers get false. */
  close(): void;
  readonly closed: boolean;
}

/** @param capacity Items held at most; at least 1. */
export function createQueue<T>(capacity: number): Queue<T> {
  const items: T[] = [];
  /** Readers waiting for room, in order of arrival. */
  const waiting = new Set<() => void>();
  let wakeTaker: (() => void) | null = null;
  let closed = false;

  function wakeReaders(): void {
    for (const wake of [...waiting]) wake();
  }

  return {
    get size() {
      return items.length;
    },
    capacity,
    get closed() {
      return closed;
    },
    async push(item, signal) {
      while (items.length >= capacity && !closed && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            signal?.removeEventListener('abort', wake);
            resolve();
          };
          waiting.add(wake);
          signal?.addEventListener('abort', wake);
        });
      }
      if (closed || signal?.aborted) return false;
      items.push(item);
      wakeTaker?.();
      return true;
    },
    async take(max, waitMs) {
      if (items.length === 0 && !closed && waitMs > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(wake, waitMs);
          function wake() {
            clearTimeout(timer);
            wakeTaker = null;
            resolve();
          }
          wakeTaker = wake;
        });
      }
      const taken = items.splice(0, max);
      if (taken.length > 0) wakeReaders();
      return taken;
    },
    close() {
      closed = true;
      wakeTaker?.();
      wakeReaders();
    },
  };
}
