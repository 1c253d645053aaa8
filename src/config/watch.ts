// Notices that the config file has changed, also when an editor puts a new file in its place.
import { statSync } from 'node:fs';
import { second } from '../core/time.js';

const everyMs = 2 * second;

/** What tells one state of a file from another; empty while there is none. */
function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
}

/**
 * Looks at the file now, before it is read, so that no later change is missed.
 * @returns begins to call back for each change since; what that returns ends the watch. A file that is gone is no change.
 */
export function watchConfig(path: string): (onChange: () => void) => () => void {
  let last = stampOf(path);
  return (onChange) => {
    const timer = setInterval(() => {
      const stamp = stampOf(path);
      if (stamp === '' || stamp === last) return;
      last = stamp;
      onChange();
    }, everyMs);
    return () => clearInterval(timer);
  };
}
