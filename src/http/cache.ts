// Keeps finished answers for a quarter of a second: a crowd that asks the same is answered from memory.
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify';
import { limitHeaders } from './limits.js';

/** Shorter than the page's own wait after news, so that what it fetches then is new. */
const keptMs = 250;
const maxEntries = 1000;
const maxBytes = 256 * 1024;
const compressFrom = 1024;

interface Entry {
  until: number;
  etag: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Made when the first client asks for it. */
  gzip?: Buffer;
}

/** What an answer depends on besides the store: its address and the headers that choose its form. */
const keyOf = (request: FastifyRequest) => `${request.headers.host}\n${request.headers.accept}\n${request.url}`;

const isWrite = ({ method }: FastifyRequest) => method === 'POST' || method === 'PUT' || method === 'DELETE';

/** True when a validator that the client holds is still good. */
function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/**
 * Makes the cache, which also answers 304. The first hook answers before any other runs; the last one, registered behind the ETag and before the
 * compression, keeps what was answered. Only JSON and text answers to GET under /api/ and /feeds/ are kept, and none beyond
 * a write.
 */
export function createCache(): { answer: (app: FastifyInstance) => void; keep: FastifyPluginCallback } {
  const entries = new Map<string, Entry>();
  /** Writes until now, and how many there were when a read began: what was read before a write is not kept after it. */
  let writes = 0;
  const begun = new WeakMap<FastifyRequest, number>();
  const cacheable = (request: FastifyRequest) =>
    request.method === 'GET' && (request.url.startsWith('/api/') || request.url.startsWith('/feeds/'));

  const keep: FastifyPluginCallback = (app, _options, done) => {
    app.addHook('onSend', (request, reply, payload, next) => {
      if (isWrite(request) && reply.statusCode < 300) {
        // Who wrote reads what was written.
        writes++;
        entries.clear();
        return next(null, payload);
      }
      const etag = reply.getHeader('etag');
      if (
        begun.get(request) === writes &&
        reply.statusCode === 200 &&
        typeof payload === 'string' &&
        typeof etag === 'string' &&
        payload.length < maxBytes &&
        cacheable(request)
      ) {
        if (entries.size >= maxEntries) entries.clear();
        const body = Buffer.from(payload);
        const headers = { ...reply.getHeaders() } as Record<string, string>;
        delete headers['content-length'];
        headers.vary = 'Accept, Accept-Encoding';
        for (const name of limitHeaders) delete headers[name.toLowerCase()];
        entries.set(keyOf(request), { until: performance.now() + keptMs, etag, headers, body });
      }
      if (reply.statusCode === 200 && typeof etag === 'string' && isFresh(request.headers['if-none-match'], etag)) {
        reply.code(304);
        return next(null, '');
      }
      next(null, payload);
    });
    done();
  };
  // Its hook is meant for the whole server, not only for itself.
  Object.assign(keep, { [Symbol.for('skip-override')]: true });

  return {
    keep,
    answer(app) {
      app.addHook('onRequest', (request, reply, next) => {
        if (!cacheable(request)) return next();
        const entry = entries.get(keyOf(request));
        if (!entry || entry.until < performance.now()) {
          begun.set(request, writes);
          return next();
        }
        reply.hijack();
        const { raw } = reply;
        if (isFresh(request.headers['if-none-match'], entry.etag)) {
          raw.writeHead(304, entry.headers).end();
          return;
        }
        let { body } = entry;
        const headers: Record<string, string | number> = { ...entry.headers };
        if (body.length >= compressFrom && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
          entry.gzip ??= gzipSync(body);
          body = entry.gzip;
          headers['content-encoding'] = 'gzip';
        }
        headers['content-length'] = body.length;
        raw.writeHead(200, headers).end(body);
      });
    },
  };
}
