// When to look again: often where much is new, seldom where nothing is.
import Type, { type Static, type TSchema } from 'typebox';
import { SourceError } from '../../core/errors.js';
import type { SourceContext, SourceItem } from '../../core/ports.js';
import { day, parseDuration } from '../../core/time.js';
import { readCursor } from './cursor.js';

/** An option that is a duration as people write it. */
export function Duration(description: string, byDefault: string) {
  return Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d|w)$', default: byDefault, description });
}

/** A duration that the schema has checked -> ms. */
export function durationMs(value: string): number {
  return parseDuration(value) as number;
}

/**
 * Interval to the next poll: half of the last one when something was new, half as long again when nothing was.
 * @param lastMs the last interval, ms; null at the first poll.
 */
function nextIntervalMs(lastMs: number | null, fresh: number, minMs: number, maxMs: number): number {
  const next = lastMs === null ? minMs : fresh > 0 ? lastMs / 2 : lastMs * 1.5;
  return Math.round(Math.min(Math.max(next, minMs), Math.max(minMs, maxMs)));
}

/** What one look at a source found out. */
export interface Look<State> {
  /** What the next look has to know. */
  state: State;
  /** Posts that were new. */
  fresh: number;
}

/**
 * Looks again and again, in intervals that fit what is found, and keeps state and time of the next look as the cursor.
 * @param look yields what is new with `cursor: null`, or with that of what must not be lost if the rest of the look
 * fails, and calls `alive` for every server that answers.
 */
export async function* pollForever<Schema extends TSchema>(
  context: SourceContext,
  schema: Schema,
  initial: Static<Schema>,
  { minMs, maxMs }: { minMs: number; maxMs: number },
  look: (
    state: Static<Schema>,
    cursorOf: (state: Static<Schema>) => string,
  ) => AsyncGenerator<SourceItem, Look<Static<Schema>>>,
): AsyncGenerator<SourceItem> {
  const { signal, clock } = context;
  const saved = readCursor(
    Type.Object({ nextAt: Type.Number(), intervalMs: Type.Union([Type.Number(), Type.Null()]), state: schema }),
    context.cursor,
  ) as { nextAt: number; intervalMs: number | null; state: Static<Schema> } | null;
  let { nextAt, intervalMs, state } = saved ?? { nextAt: 0, intervalMs: null, state: initial };
  const cursorOf = (at: Static<Schema>) => JSON.stringify({ nextAt, intervalMs, state: at });

  while (true) {
    // A saved time may be of a clock that has been set back since.
    await pauseUntil(Math.min(nextAt, clock.now() + Math.max(maxMs, day)), clock.now(), signal);
    if (signal.aborted) return;
    try {
      const found = yield* look(state, cursorOf);
      if (signal.aborted) return;
      state = found.state;
      intervalMs = nextIntervalMs(intervalMs, found.fresh, minMs, maxMs);
      nextAt = clock.now() + intervalMs;
    } catch (error) {
      if (signal.aborted) return;
      const waitMs = error instanceof SourceError ? error.options.retryAfterMs : undefined;
      if (waitMs) {
        // Kept, so that a restart does not ask a server that wants to be left alone.
        nextAt = clock.now() + waitMs;
        yield { post: null, cursor: cursorOf(state) };
      }
      throw error;
    }
    yield { post: null, cursor: cursorOf(state) };
  }
}

/** Waits until a time, epoch ms, or returns at once on abort. */
export function pauseUntil(t: number, now: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || t <= now) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    // Longer than this a timer would fire at once; the caller's loop comes back for the rest.
    const timer = setTimeout(done, Math.min(t - now, 2 ** 31 - 1));
    signal.addEventListener('abort', done);
  });
}
