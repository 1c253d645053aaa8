// Takes turns at each host, so that none is asked too often.
import { setTimeout as wait } from 'node:timers/promises';

/** Spaces out the requests to each host. */
export function createPacer() {
  const freeAt = new Map<string, number>();
  return {
    /** Waits for the next turn at a host, and puts the one after it `paceMs` later. */
    async turn(host: string, paceMs: number, signal: AbortSignal): Promise<void> {
      const now = Date.now();
      const at = Math.max(now, freeAt.get(host) ?? 0);
      freeAt.set(host, at + paceMs);
      if (at > now) await wait(at - now, undefined, { signal });
    },
    /** Leaves a host alone for a while. */
    hold(host: string, ms: number): void {
      freeAt.set(host, Math.max(freeAt.get(host) ?? 0, Date.now() + ms));
    },
  };
}
