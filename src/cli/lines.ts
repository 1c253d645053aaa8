// Lines in and out of a command: constant memory, back-pressure kept.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Yields the lines of a stream without their ends; a byte order mark is dropped, blank lines are kept. */
export async function* linesOf(input: Readable): AsyncGenerator<string> {
  let first = true;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield first ? line.replace(/^\uFEFF/, '') : line;
    first = false;
  }
}

/** Opens a file as a byte stream; `-` is standard input, `.gz` is unpacked. Errors surface while reading. */
export function openInput(path: string): Readable {
  if (path === '-') return process.stdin;
  const raw = createReadStream(path);
  if (!path.endsWith('.gz')) return raw;
  const unzip = createGunzip();
  raw.on('error', (error) => unzip.destroy(error));
  return raw.pipe(unzip);
}

/** Writes one line to stdout; resolves when the reader is ready for more. */
export async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
