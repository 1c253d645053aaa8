// The whole road in motion: sources are read, what they say is stored and judged, what is old is let go.

import { messageOf } from '../core/errors.js';
import type { Clock, WriteStore } from '../core/ports.js';
import { hour } from '../core/time.js';
import { type IngestOptions, ingest } from './ingest.js';
import type { Supervisor } from './supervisor.js';
import type { Tick } from './tick.js';

export interface RunOptions extends Pick<IngestOptions, 'queue' | 'reader' | 'horizonMs' | 'from'> {
  supervisor: Supervisor;
  tick: Tick;
  write: WriteStore;
  clock: Clock;
  /** How long things are kept, ms: texts, minute buckets, quarter-hour roll-ups. */
  retention: { textMs: number; minutesMs: number; quartersMs: number };
  onProblem?(source: string, message: string): void;
  onProgress?(progress: { now: number; posts: number }): void;
}

/**
 * Runs until the sources have ended and all that they gave is stored and judged.
 * @throws what the store throws.
 */
export async function run(options: RunOptions): Promise<void> {
  const { supervisor, queue, tick, write, clock, retention, onProblem, onProgress } = options;
  let posts = 0;
  const reading = supervisor.run().finally(() => queue.close());
  const letGo = () => {
    const now = clock.now();
    write
      .expire({
        textBefore: now - retention.textMs,
        bucketsBefore: now - retention.minutesMs,
        quartersBefore: now - retention.quartersMs,
      })
      .catch((error) => onProblem?.('retention', messageOf(error)));
  };
  letGo();
  const expiring = setInterval(letGo, hour);
  try {
    await ingest({
      ...options,
      alive: supervisor.alive,
      onStored(batch) {
        for (const { source, posts: n, matched } of batch.seen) {
          posts += n;
          supervisor.matched(source, matched);
        }
        onProgress?.({ now: tick.dueAt(), posts });
      },
    });
    // All sources came to their end (files do): nothing more can come into the last step, so it is judged too.
    if (await reading) await tick.advance(tick.dueAt());
  } finally {
    clearInterval(expiring);
    await supervisor.stop();
    await reading;
  }
}
