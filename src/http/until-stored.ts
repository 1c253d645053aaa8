// Answers a sender only when what was sent is in the store, so that no crash loses what was acknowledged.
import { second } from '../core/time.js';
import { Problem } from './errors.js';

const headers = { 'retry-after': '5' };

/** Senders give up after half a minute or so; before that they are told that it takes longer. */
const patienceMs = 20 * second;

/**
 * Waits until what was offered is stored.
 * @throws Problem 429 when the queue was full, 503 when nothing more is stored, or not within `waitMs`.
 */
export async function untilStored(offered: Promise<void> | null, waitMs = patienceMs): Promise<void> {
  if (!offered)
    throw new Problem(429, 'The queue is full; nothing of this request was taken, send it again later', { headers });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, waitMs, 'late');
  });
  let first: unknown;
  try {
    first = await Promise.race([offered, late]);
  } catch {
    throw new Problem(503, 'Outcry stopped before all of this request was stored, send it again later', { headers });
  } finally {
    clearTimeout(timer);
  }
  if (first !== 'late') return;
  const detail =
    'Outcry has more to do than it can store just now: send it again later, what is stored then counts once';
  throw new Problem(503, detail, { headers });
}
