// When to look again: often where much is new, seldom where nothing is.
import Type from 'typebox';
import { parseDuration } from '../../core/time.js';

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
export function nextIntervalMs(lastMs: number | null, fresh: number, minMs: number, maxMs: number): number {
  const next = lastMs === null ? minMs : fresh > 0 ? lastMs / 2 : lastMs * 1.5;
  return Math.round(Math.min(Math.max(next, minMs), Math.max(minMs, maxMs)));
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
