// Several streams as one.

/**
 * Yields what any of the streams yields, as it comes; each waits until its last item was taken. Ends when all have
 * ended, or with the first failure; the others are closed then.
 */
export async function* merge<T>(streams: AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = (stream: AsyncGenerator<T>) => stream.next().then((result) => ({ stream, result }));
  const pending = new Map(streams.map((stream) => [stream, next(stream)]));
  try {
    while (pending.size > 0) {
      const { stream, result } = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(stream);
        continue;
      }
      yield result.value;
      pending.set(stream, next(stream));
    }
  } finally {
    for (const [stream, waiting] of pending) {
      waiting.catch(() => {});
      void stream.return(undefined).catch(() => {});
    }
  }
}
