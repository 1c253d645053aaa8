// The promise behind an answer "taken": it is kept once what was taken is in the store.
import { OperationalError } from './errors.js';

export interface Receipt {
  /** Fulfilled by `stored`; rejected with an OperationalError when the signal aborts first. */
  promise: Promise<void>;
  stored(): void;
}

/** @param over aborts when nothing more will be stored. */
export function createReceipt(over: AbortSignal): Receipt {
  let resolve = () => {};
  let reject = (_: Error) => {};
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  const refuse = () => reject(new OperationalError('stopped before this was stored: send it again'));
  if (over.aborted) refuse();
  else over.addEventListener('abort', refuse, { once: true });
  return {
    promise,
    stored() {
      over.removeEventListener('abort', refuse);
      resolve();
    },
  };
}
