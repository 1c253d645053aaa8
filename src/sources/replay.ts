// Reads posts from NDJSON files, plain or packed with gzip, as if they came in now.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import Type, { type Static } from 'typebox';
import { messageOf, SourceError, UsageError } from '../core/errors.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import { defineKind } from './kind.js';
import { readCursor } from './net/cursor.js';
import { parsePostLine } from './parse-post.js';

const options = Type.Object({
  files: Type.Array(Type.String(), {
    description:
      'NDJSON files of posts, read in this order; `.gz` or not is seen from their bytes, `-` is standard input.',
    default: [],
  }),
});

export const replay = defineKind({
  kind: 'replay',
  description: 'Posts from NDJSON files: demo, back-test, or an archive of your own.',
  onByDefault: false,
  madeBy: 'the command outcry replay',
  options,
  create: createReplay,
});

/** Longest line that is read, bytes. */
const maxLineBytes = 1 << 20;

/** Where reading stopped: `line` lines of `files[file]` are done; `print` says which files these were. */
const Place = Type.Object({ file: Type.Integer(), line: Type.Integer(), print: Type.String() });

function createReplay(name: string, { files }: Static<typeof options>): Source {
  return { name, kind: 'replay', read: (context) => readFiles(files, context) };
}

async function* readFiles(files: string[], context: SourceContext): AsyncGenerator<SourceItem> {
  const heads = await Promise.all(files.map(readHead));
  const from = resumeAt(context.cursor, heads);
  for (let file = from.file; file < files.length; file++) {
    const path = files[file] as string;
    const resumable = path !== '-';
    const print = printOf(heads, file);
    let line = 0;
    const skip = (why: string) => context.skipped(`${basename(path)} line ${line}: ${why}`);
    const done = file === from.file ? from.line : 0;
    try {
      for await (const bytes of splitLines(openFile(path, heads[file] as Buffer, context.signal))) {
        line++;
        if (context.signal.aborted) return;
        if (line <= done) continue;
        const cursor = resumable ? JSON.stringify({ file, line, print } satisfies Static<typeof Place>) : null;
        if (bytes === tooLong) {
          skip(`longer than ${maxLineBytes} bytes: give one post a line`);
          yield { post: null, cursor };
          continue;
        }
        const text = line === 1 ? bytes.toString('utf8').replace(/^\uFEFF/, '') : bytes.toString('utf8');
        if (text.trim() === '') continue;
        try {
          const now = Date.now(); // the machine's: the context's clock is driven by this very file
          const post = parsePostLine(text, { source: 'replay', now, hashAuthor: context.hashAuthor });
          context.alive();
          yield { post, cursor };
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          skip(error.message);
          yield { post: null, cursor };
        }
      }
    } catch (error) {
      if (context.signal.aborted) return;
      if (!isReadingError(error)) throw error;
      context.skipped(
        `${basename(path)} after line ${line}: ${messageOf(error)}; the rest of the file is lost: write it anew`,
      );
    }
  }
}

/** Failures of the disk or of the packing carry a code; all else is a fault of ours or of the consumer. */
function isReadingError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

const whyNot: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/** The first bytes of a file; they tell that it is there, whether it is packed, and whether it is the same as last time. */
async function readHead(path: string): Promise<Buffer> {
  if (path === '-') return Buffer.alloc(0);
  try {
    const handle = await open(path);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Told to everybody by the health of the source: its name is enough for who knows the config.
    throw new SourceError(`cannot read ${basename(path)}: ${whyNot[code ?? ''] ?? code}; check the path`, {
      code: 'no-file',
      retry: false,
      cause: error,
    });
  }
}

function openFile(path: string, head: Buffer, signal: AbortSignal): Readable {
  if (path === '-') return process.stdin;
  const raw = createReadStream(path, { signal, highWaterMark: 1 << 18 });
  if (head[0] !== 0x1f || head[1] !== 0x8b) return raw;
  const unzip = createGunzip({ chunkSize: 1 << 18 });
  raw.on('error', (error) => unzip.destroy(error));
  return raw.pipe(unzip);
}

/** Fingerprint of all files up to this one. */
function printOf(heads: Buffer[], file: number): string {
  const hash = createHash('sha256');
  for (const head of heads.slice(0, file + 1)) hash.update(`${head.length}\n`).update(head);
  return hash.digest('hex').slice(0, 16);
}

/** The place to go on; the beginning when the cursor speaks of other files. */
function resumeAt(cursor: string | null, heads: Buffer[]): { file: number; line: number } {
  const place = readCursor(Place, cursor);
  return place && place.file < heads.length && place.print === printOf(heads, place.file)
    ? place
    : { file: 0, line: 0 };
}

const tooLong = Symbol('too long');

/** Splits at `\n` only (JSON may hold U+2028), in constant memory. */
async function* splitLines(input: Readable): AsyncGenerator<Buffer | typeof tooLong> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(10, start);
      const piece = chunk.subarray(start, end < 0 ? chunk.length : end);
      length += piece.length;
      if (length <= maxLineBytes && piece.length > 0) rest.push(piece);
      if (end < 0) break;
      yield length > maxLineBytes ? tooLong : rest.length === 1 ? (rest[0] as Buffer) : Buffer.concat(rest);
      rest = [];
      length = 0;
      start = end + 1;
    }
  }
  if (length > 0) yield length > maxLineBytes ? tooLong : Buffer.concat(rest);
}
