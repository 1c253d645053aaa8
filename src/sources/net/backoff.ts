// How long to wait before trying again.
import { minute, second } from '../../core/time.js';

/**
 * Exponential back-off with full jitter, so that many clients do not come back at once.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 * @param attempt failures in a row before this one: 0, 1, 2...
 * @param random gives numbers in [0, 1).
 * @returns ms, at most five minutes.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(5 * minute, second * 2 ** Math.min(attempt, 20));
}
