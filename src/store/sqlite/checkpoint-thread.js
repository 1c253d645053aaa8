// The thread that folds SQLite's log into the file. Plain JavaScript, since a thread starts without our compiler.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

/** While others write, a pass leaves behind what came meanwhile; only a log that is folded in whole begins anew. */
const passes = 5;

const client = new Database(workerData);
client.pragma('synchronous = NORMAL');

parentPort.on('message', (word) => {
  if (word === 'close') {
    client.close();
    parentPort.close();
    return;
  }
  let length = -1;
  for (let pass = 0; pass < passes; pass++) {
    const [{ log }] = client.pragma('wal_checkpoint(PASSIVE)');
    if (log === length) break;
    length = log;
  }
  parentPort.postMessage('done');
});
