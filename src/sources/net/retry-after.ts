// When a server wants to be asked again, in the ways servers say it.
import { day, second } from '../../core/time.js';

type Headers = Record<string, string>;

/**
 * Wait that an answer asks for: `Retry-After` (seconds or a date), or the reset of a used-up rate limit
 * (seconds to go, epoch seconds or an ISO time).
 * @returns ms from `now`, at most a day; null when the answer asks for none.
 */
export function retryAfterMs(status: number, headers: Headers, now: number): number | null {
  const reset = headers['x-ratelimit-reset'] ?? headers['x-rate-limit-reset'] ?? headers['ratelimit-reset'];
  const remaining = headers['x-ratelimit-remaining'] ?? headers['x-rate-limit-remaining'];
  const told = headers['retry-after'] ?? (status === 429 || Number(remaining ?? 1) < 1 ? reset : undefined);
  if (told === undefined) return null;
  const at = instantOf(told.trim(), now);
  return at === null || at <= now ? null : Math.min(at - now, day);
}

function instantOf(told: string, now: number): number | null {
  if (/^\d+(\.\d+)?$/.test(told)) {
    const n = Number(told);
    return n > 1e9 ? n * second : now + n * second;
  }
  const at = Date.parse(told);
  return Number.isNaN(at) ? null : at;
}
