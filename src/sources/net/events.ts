// Reads Server-Sent Events.
import { SourceError } from '../../core/errors.js';

export interface ServerEvent {
  /** `message` where the server names none; `heartbeat` for a comment. */
  event: string;
  data: string;
}

/** Longest line and event, characters. */
const maxLength = 1 << 20;

/**
 * Splits a stream of bytes into events, wherever the chunks break.
 * @throws SourceError for a line or event without end.
 */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
        event = '';
        data = [];
        length = 0;
      } else if (line.startsWith(':')) yield { event: 'heartbeat', data: '' };
      else if (line.startsWith('event:')) event = line.slice(6).trim();
      else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      length += line.length;
    }
    if (rest.length > maxLength || length > maxLength) {
      throw new SourceError('an event of the stream has no end', { code: 'too-large', retry: true });
    }
  }
}
