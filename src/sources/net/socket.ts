// Reads a WebSocket as a stream of text frames that waits when its reader waits.
import { WebSocket } from 'ws';
import { messageOf, SourceError } from '../../core/errors.js';
import { second } from '../../core/time.js';
import type { Http } from './http.js';
import { shownUrl } from './http-errors.js';

export interface SocketRequest {
  /** `wss://` or `ws://`. */
  url: string;
  signal: AbortSignal;
  protocols?: string[];
  /** Silence after which the connection counts as dead, ms. */
  idleMs: number;
  onOpen?(): void;
}

/** Frames that wait before the socket is paused, and at which it goes on. */
const high = 512;
const low = 64;
const maxFrameBytes = 1 << 20;
const openMs = 10 * second;

/** What a server says that refuses the connection; `name` is its own word for why, where it gives one. */
export class SocketRefused extends SourceError {
  override name = 'SocketRefused';
  constructor(
    url: string,
    readonly status: number,
    readonly reason: string,
  ) {
    super(`${shownUrl(url)} refuses the connection with ${status}${reason && `: ${reason}`}`, {
      code: `http-${status}`,
      retry: status !== 401,
    });
  }
}

/**
 * Connects and yields text frames until the connection ends, which is always an error: a stream has no end.
 * Ends without one on abort. Fragments are put together, pings answered; nothing else is ever sent.
 */
export async function* readSocket(request: SocketRequest, http: Http): AsyncGenerator<string> {
  const { url, signal, idleMs } = request;
  if (signal.aborted) return;
  http.guard.checkHost(new URL(url).hostname);
  const socket = new WebSocket(url, request.protocols ?? [], {
    lookup: http.guard.lookup,
    headers: { 'user-agent': http.userAgent },
    maxPayload: maxFrameBytes,
    handshakeTimeout: openMs,
    perMessageDeflate: false,
    followRedirects: false,
  });
  let frames: string[] = [];
  let failure: SourceError | null = null;
  let wake = () => {};
  const fail = (error: SourceError) => {
    failure ??= error;
    wake();
  };
  const where = shownUrl(url);
  const end = () => {
    wake();
    socket.terminate();
  };
  signal.addEventListener('abort', end);
  socket.on('open', () => request.onOpen?.());
  socket.on('message', (data, isBinary) => {
    frames.push(isBinary ? '' : data.toString());
    if (frames.length >= high) socket.pause();
    wake();
  });
  socket.on('unexpected-response', (_, response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.length < 4 && chunks.push(chunk));
    response.on('close', () => {
      fail(new SocketRefused(url, response.statusCode ?? 0, reasonOf(Buffer.concat(chunks).toString())));
      socket.terminate();
    });
    response.setTimeout(openMs, () => response.destroy());
  });
  socket.on('error', (error) => {
    const known = error instanceof SourceError ? error : null;
    fail(known ?? new SourceError(`${where}: ${messageOf(error)}`, { code: 'connection', retry: true, cause: error }));
  });
  socket.on('close', (code) =>
    fail(new SourceError(`${where} closed the connection (${code})`, { code: 'closed', retry: true })),
  );

  try {
    while (!signal.aborted) {
      if (frames.length > 0) {
        const batch = frames;
        frames = [];
        for (const frame of batch) {
          yield frame;
          if (signal.aborted) return;
        }
        if (frames.length < low && socket.isPaused) socket.resume();
        continue;
      }
      if (failure) throw failure;
      if (!(await woken(idleMs, (resolve) => (wake = resolve)))) {
        throw new SourceError(`${where} has been silent for ${Math.round(idleMs / second)} s`, {
          code: 'silent',
          retry: true,
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    socket.on('error', () => {});
    socket.terminate();
  }
}

/** Waits to be woken. @returns false when nobody does in time. */
function woken(ms: number, listen: (resolve: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    listen(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The name of the error in a body as XRPC servers send it. */
function reasonOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' ? error.slice(0, 100) : '';
  } catch {
    return '';
  }
}
