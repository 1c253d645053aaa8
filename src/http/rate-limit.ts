// How often one sender may come: a token bucket each, in bounded memory.
import { isIPv6 } from 'node:net';

export interface RateLimit {
  /** Takes one turn. @returns 0 when it is given, else the wait until the next, ms. */
  take(key: string, now: number): number;
}

/**
 * @param options `burst` turns at once, one more every `everyMs`; at most `most` senders are remembered, those who came
 * last, so that a flood of senders costs others at most their past.
 */
export function createRateLimit(options: { burst: number; everyMs: number; most: number }): RateLimit {
  const { burst, everyMs, most } = options;
  /** When each sender's bucket will be full again, epoch ms; the one who came last stands last. */
  const fullAt = new Map<string, number>();
  return {
    take(key, now) {
      const full = Math.max(now, fullAt.get(key) ?? 0) + everyMs;
      const wait = full - now - burst * everyMs;
      if (wait > 0) return wait;
      fullAt.delete(key);
      fullAt.set(key, full);
      if (fullAt.size > most) fullAt.delete(fullAt.keys().next().value as string);
      return 0;
    },
  };
}

/** What is one sender: an IPv4 address, or the /64 of an IPv6 address, which one household or server has to itself. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  while (groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
