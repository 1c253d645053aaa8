// Fetches politely and safely: limits of time and size, redirects, validators, pacing, guarded connections.
import { Agent, buildConnector, type Dispatcher, request as send } from 'undici';
import { SourceError } from '../../core/errors.js';
import { second } from '../../core/time.js';
import { createGuard, type Guard } from './guard.js';
import { asSourceError, codeOf, shownUrl, statusError } from './http-errors.js';
import { createPacer } from './pacer.js';
import { retryAfterMs } from './retry-after.js';
import { unpack } from './unpack.js';

/** What a server said to tell whether its answer has changed since. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

/** One request. Only `url` and `signal` are required. */
export interface HttpRequest {
  url: string;
  /** Ends it at once. */
  signal: AbortSignal;
  method?: 'GET' | 'POST';
  /** Sent to the host of `url` only: dropped when a redirect leads to another. */
  headers?: Record<string, string>;
  body?: string;
  /** Of the last answer: the server may say 304 instead of sending the same again. */
  validators?: Validators;
  /** Least gap between two requests to the host, ms. */
  paceMs?: number;
  /** Silence after which the answer counts as dead, ms. */
  idleMs?: number;
}

/** A whole answer, unpacked and within the limits. Status is 200..299 or 304. */
export interface HttpAnswer {
  status: number;
  /** Where the redirects ended. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  validators: Validators;
  body: Buffer;
  /** False: the connection broke before the end, the body holds what came. */
  complete: boolean;
}

/** The one way out to other people's servers. All it throws is a SourceError. */
export interface Http {
  fetch(request: HttpRequest): Promise<HttpAnswer>;
  /** Opens an answer without end; it fails when nothing comes for `idleMs`. */
  open(request: HttpRequest): Promise<AsyncIterable<Buffer>>;
  /** For connections that are not HTTP requests. */
  guard: Guard;
  userAgent: string;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Version of Outcry, for the User-Agent. */
  version: string;
  /** How the operator can be reached, for the User-Agent. */
  contact: string | null;
  /** Hosts that may lie inside a private network. */
  allowHosts: readonly string[];
  /** Limits; for tests. */
  totalMs?: number;
  idleMs?: number;
  maxBytes?: number;
  paceMs?: number;
}

const maxRedirects = 5;

/** Makes the HTTP client of an installation; all sources share it. */
export function createHttp(options: HttpOptions): Http {
  const { totalMs = 30 * second, idleMs = 10 * second, maxBytes = 10 << 20, paceMs: usualPaceMs = second } = options;
  const guard = createGuard(options.allowHosts);
  const connect = buildConnector({ lookup: guard.lookup, timeout: idleMs, autoSelectFamily: true });
  const agent = new Agent({
    connect(target, callback) {
      try {
        guard.checkHost(target.hostname);
      } catch (error) {
        return callback(error as Error, null);
      }
      connect(target, callback);
    },
    headersTimeout: idleMs,
    maxHeaderSize: 32_768,
  });
  const userAgent = `Outcry/${options.version} (${options.contact ?? 'self-hosted outage monitor'})`;
  const pacer = createPacer();

  /**
   * Sends a request and follows its redirects.
   * @param limitMs limit of each hop, without the wait for its turn.
   * @param take reads the last answer, within the limit.
   */
  async function walk<T>(
    request: HttpRequest,
    limitMs: number | null,
    take: (answer: Dispatcher.ResponseData, url: URL) => Promise<T>,
  ): Promise<T> {
    let url = parseUrl(request.url);
    let headers: Record<string, string> = { ...request.headers, ...credentialsOf(url) };
    let { method = 'GET', body } = request;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const limit = createLimit(request.signal, limitMs);
      try {
        await pacer.turn(url.host, request.paceMs ?? usualPaceMs, request.signal);
        limit.start();
        const answer = await send(url.origin + url.pathname + url.search, {
          dispatcher: agent,
          method,
          body,
          signal: limit.signal,
          bodyTimeout: request.idleMs ?? idleMs,
          headers: {
            'user-agent': userAgent,
            'accept-encoding': 'gzip, br, deflate',
            ...(request.validators?.etag && { 'if-none-match': request.validators.etag }),
            ...(request.validators?.lastModified && { 'if-modified-since': request.validators.lastModified }),
            ...headers,
          },
        });
        const next = redirectOf(answer, url);
        if (next === null) {
          const waitMs = retryAfterMs(answer.statusCode, plainHeaders(answer.headers), Date.now());
          if (waitMs !== null) pacer.hold(url.host, waitMs);
          if (answer.statusCode < 300 || answer.statusCode === 304) return await take(answer, url);
          dropBody(answer);
          throw statusError(answer.statusCode, url, waitMs);
        }
        dropBody(answer);
        headers = { ...(next.origin === url.origin && headers), ...credentialsOf(next) };
        if (answer.statusCode === 303 || (method === 'POST' && answer.statusCode < 303)) {
          method = 'GET';
          body = undefined;
        }
        url = next;
      } catch (error) {
        throw asSourceError(error, url, limit.reached() ? 'timeout' : request.signal.aborted ? 'aborted' : null);
      } finally {
        limit.clear();
      }
    }
    throw new SourceError(`${shownUrl(request.url)} leads on more than ${maxRedirects} times`, {
      code: 'redirects',
      retry: true,
    });
  }

  return {
    guard,
    userAgent,
    fetch: (request) =>
      walk(request, totalMs, async (answer, url) => {
        const headers = plainHeaders(answer.headers);
        const { body, complete } = await readBody(answer, maxBytes);
        return {
          status: answer.statusCode,
          url: url.href,
          headers,
          validators: { etag: headers.etag ?? null, lastModified: headers['last-modified'] ?? null },
          body: await unpack(body, headers['content-encoding'] ?? '', maxBytes),
          complete,
        };
      }),
    open: (request) => walk(request, null, async (answer) => answer.body as AsyncIterable<Buffer>),
    close: () => agent.destroy(),
  };
}

/** A limit of time that the caller's signal may cut short. */
function createLimit(outer: AbortSignal, limitMs: number | null) {
  if (limitMs === null) return { signal: outer, start() {}, reached: () => false, clear() {} };
  const ender = new AbortController();
  const end = () => ender.abort();
  outer.addEventListener('abort', end);
  if (outer.aborted) end();
  let timer: NodeJS.Timeout | undefined;
  let reached = false;
  return {
    signal: ender.signal,
    start() {
      timer = setTimeout(() => {
        reached = true;
        end();
      }, limitMs);
    },
    reached: () => reached,
    clear() {
      clearTimeout(timer);
      outer.removeEventListener('abort', end);
    },
  };
}

function parseUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new SourceError(`${base ? 'a redirect leads to' : 'the source has'} an address that is no URL`, {
      code: 'bad-url',
      retry: base !== undefined,
    });
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new SourceError(`${url.protocol} is not fetched: only http: and https: are`, {
    code: 'bad-url',
    retry: base !== undefined,
  });
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | null {
  const { location } = headers;
  const redirects = [301, 302, 303, 307, 308].includes(statusCode) && typeof location === 'string';
  return redirects ? parseUrl(location, from) : null;
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

function dropBody({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => {}).destroy();
}

const brokenOff = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_ABORTED']);

/** Reads a body up to the limit; one that broke off gives what came. */
async function readBody({ body }: Dispatcher.ResponseData, maxBytes: number) {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw Object.assign(new RangeError('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
      chunks.push(chunk);
    }
  } catch (error) {
    if (length === 0 || !brokenOff.has(codeOf(error)) || (error as Error).name === 'AbortError') throw error;
    return { body: Buffer.concat(chunks), complete: false };
  }
  return { body: Buffer.concat(chunks), complete: true };
}
