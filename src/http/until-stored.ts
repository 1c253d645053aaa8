// Answers a sender only when what was sent is in the store, so that no crash loses what was acknowledged.
import { Problem } from './errors.js';

const headers = { 'retry-after': '5' };

/** Waits until what was offered is stored. @throws Problem 429 when the queue was full, 503 when nothing more is stored. */
export async function untilStored(offered: Promise<void> | null): Promise<void> {
  if (!offered)
    throw new Problem(429, 'The queue is full; nothing of this request was taken, send it again later', { headers });
  try {
    await offered;
  } catch {
    throw new Problem(503, 'Outcry stopped before all of this request was stored, send it again later', { headers });
  }
}
