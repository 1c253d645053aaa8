// Lines in and out of a command: constant memory, back-pressure kept.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Yields the lines of a stream without their ends; a byte order mark is dropped, blank lines are kept. */
export async function* linesOf(input: Readable): AsyncGenerator<string> {
  let first = true;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield first ? line.replace(/^\uFEFF/, '') : line;
    first = false;
  }
}

/** Writes one line to stdout; resolves when the reader is ready for more. */
export async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
