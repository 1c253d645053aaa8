// What goes wrong on the way to a server, in words that hold no secret and nothing of what the server sent.
import { messageOf, SourceError } from '../../core/errors.js';

/** A URL for a message: without credentials, query and fragment, which may hold secrets. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** An answer that is no success, as an error; `waitMs`: how long the server asks to be left alone. */
export function statusError(status: number, url: URL, waitMs: number | null): SourceError {
  const hints: Record<number, string> = {
    401: ': it wants credentials',
    403: ': it refuses us',
    404: ': there is nothing at this address',
    410: ': it is gone for good',
    429: ': too many requests',
  };
  return new SourceError(`${shownUrl(url.href)} answers ${status}${hints[status] ?? ''}`, {
    code: `http-${status}`,
    retry: status !== 401 && status !== 410,
    ...(waitMs !== null && { retryAfterMs: waitMs }),
  });
}

/** The system's or undici's word for an error; empty when there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? String((error as NodeJS.ErrnoException).code ?? '') : '';
}

/** What went wrong as a SourceError that holds nothing of what the server sent. */
export function asSourceError(error: unknown, url: URL, known: 'timeout' | 'aborted' | null): SourceError {
  if (error instanceof SourceError) return error;
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  const code = codeOf(inner);
  const where = shownUrl(url.href);
  const say = (word: string, words: string) =>
    new SourceError(`${where} ${words}`, { code: word, retry: true, cause: error });
  if (known === 'aborted') return say('aborted', 'was left: the source was told to stop');
  if (known === 'timeout' || /TIMEOUT|ETIMEDOUT/.test(code)) return say('timeout', 'took too long');
  if (code === 'ERR_BUFFER_TOO_LARGE') return say('too-large', 'sends more than is read');
  if (/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING)/.test(code) || /^packed/.test(messageOf(inner))) {
    return say('bad-encoding', 'sends bytes that are not packed as it says');
  }
  if (/ENOTFOUND|EAI_/.test(code)) return say('dns', 'has a host that is not known');
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code))
    return say('tls', `has no connection that can be trusted (${code})`);
  return say('connection', `cannot be reached (${code || messageOf(inner)})`);
}
