// Looks at several servers for one source, so that one that fails does not hold up the others.
import { messageOf, SourceError } from '../../core/errors.js';
import type { SourceContext, SourceItem } from '../../core/ports.js';
import { backoffMs } from './backoff.js';
import { merge } from './merge.js';

interface Hold {
  /** Failures in a row. */
  failures: number;
  /** Epoch ms. */
  until: number;
  error: unknown;
}

/**
 * Remembers which servers are to be left alone for a while. One for the life of a source.
 * @param lanes servers that are looked at at the same time.
 */
export function createTargets(lanes = 1) {
  const holds = new Map<string, Hold>();

  /**
   * Looks at each server that is not held.
   * @param look yields what is new, calls `alive`, and returns how much was new.
   * @returns how much was new in all.
   * @throws the last failure when every server fails or is held.
   */
  return async function* eachTarget(
    targets: readonly string[],
    context: SourceContext,
    look: (target: string) => AsyncGenerator<SourceItem, number>,
  ): AsyncGenerator<SourceItem, number> {
    let fresh = 0;
    let worked = 0;
    const failures: string[] = [];
    const waiting = targets.filter((target) => (holds.get(target)?.until ?? 0) <= context.clock.now());
    async function* lookOn(): AsyncGenerator<SourceItem> {
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) yield* lookAt(target);
    }
    async function* lookAt(target: string): AsyncGenerator<SourceItem> {
      const hold = holds.get(target);
      try {
        // Not in one step: other lanes add to it meanwhile.
        const found = yield* look(target);
        fresh += found;
        worked++;
        holds.delete(target);
      } catch (error) {
        if (context.signal.aborted) throw error;
        const before = hold?.failures ?? 0;
        const told = error instanceof SourceError ? (error.options.retryAfterMs ?? 0) : 0;
        holds.set(target, {
          failures: before + 1,
          until: context.clock.now() + Math.max(told, backoffMs(before + 3)),
          error,
        });
        failures.push(messageOf(error));
      }
    }
    yield* lanes === 1 ? lookOn() : merge(Array.from({ length: lanes }, lookOn));
    if (worked === 0 && targets.length > 0) {
      const held = targets.flatMap((target) => holds.get(target) ?? []);
      const soonest = held.toSorted((a, b) => a.until - b.until)[0];
      // The wait is the supervisor's now.
      holds.clear();
      if (soonest) throw soonest.error;
    }
    for (const failure of failures) context.skipped(failure);
    return fresh;
  };
}
