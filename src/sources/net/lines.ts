// Splits a stream of bytes into lines.
import { SourceError } from '../../core/errors.js';

/** Longest line, characters. */
const maxLength = 1 << 20;

/** Yields the lines of a stream as they end, blank ones too (they are heartbeats). @throws SourceError for one without end. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.trim();
    if (rest.length > maxLength)
      throw new SourceError('a line of the stream has no end', { code: 'too-large', retry: true });
  }
}
