// Long work in short turns: others of the process (readers, the API) run in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a turn may last, ms: readers of the API hardly notice. */
const turnMs = 2;

/** Makes the verb that ends the turn when it has lasted long enough; call it between pieces of work. */
export function createTurns(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < turnMs) return;
    await nextTurn();
    begun = performance.now();
  };
}
