// Keeps finished answers for a quarter of a second: a crowd that asks the same is answered from memory.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type Answer,
  type Asked,
  createKeptAnswers,
  etagOf,
  type Form,
  freshTag,
  leftOutOf304,
} from './kept-answers.js';
import { limitHeaders } from './limits.js';

/** Short enough that news is on every screen within a second; what is written over the API is read at once. */
const keptMs = 250;
const maxAnswers = 1000;
const maxBytes = 32 * 1024 * 1024;
const maxLength = 256 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose answer never ends, so that nobody waits for it. */
    endless?: boolean;
  }
}

const isWrite = ({ method }: FastifyRequest) => method === 'POST' || method === 'PUT' || method === 'DELETE';

const cacheable = ({ method, url }: FastifyRequest) =>
  method === 'GET' && (url.startsWith('/api/') || url.startsWith('/feeds/'));

const takesGzip = ({ headers }: FastifyRequest) => {
  const accepted = headers['accept-encoding'];
  return accepted !== undefined && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(String(accepted));
};

/** A read that is being answered, and those who wait for what it comes to. */
interface Reading {
  /** Address and form. */
  key: string;
  asked: Asked;
  /** Writes until it began: what was read before a write is not kept after it. */
  writes: number;
  waiting: (() => void)[];
}

function send({ raw }: FastifyReply, { head, body }: Form, encoding: 'latin1' | 'utf8' = 'utf8'): void {
  raw.writeHead(200, head);
  raw.end(body, encoding);
}

/**
 * Adds the cache, which also answers 304. Its first hook answers before any other runs: call `answer` before all plugins.
 * Its last ones keep what was answered: call `keep` behind the ETag, around the compression. Only JSON and text answers to
 * GET under /api/ and /feeds/ are kept, and none beyond a write. Of those who ask the same at the same time one is worked
 * for, the others wait for that answer.
 * @param now a clock that never goes back, ms.
 */
export function createCache(now = () => performance.now()) {
  const kept = createKeptAnswers({ keptMs, answers: maxAnswers, bytes: maxBytes }, now);
  let writes = 0;
  const begun = new WeakMap<FastifyRequest, Reading>();
  const readings = new Map<string, Reading>();

  function settle(reading: Reading): void {
    if (readings.get(reading.key) === reading) readings.delete(reading.key);
    for (const goOn of reading.waiting.splice(0)) goOn();
  }

  /** Answers from memory; false where nothing is kept. */
  function answerFrom(answer: Answer | undefined, request: FastifyRequest, reply: FastifyReply): boolean {
    if (!answer) return false;
    reply.hijack();
    const tag = freshTag(request.headers['if-none-match'], answer.etag);
    if (tag !== null) {
      reply.raw.writeHead(304, [...answer.headOf304, 'etag', tag]);
      reply.raw.end();
      return true;
    }
    const form = takesGzip(request) ? kept.gzipped(answer) : answer;
    if (form instanceof Promise) form.then((ready) => send(reply, ready));
    else send(reply, form, answer.encoding);
    return true;
  }

  return {
    answer(app: FastifyInstance): void {
      app.addHook('onRequest', (request, reply, next) => {
        if (!cacheable(request)) return next();
        const { url, protocol, host } = request;
        const asked = { protocol, host, accept: request.headers.accept };
        if (answerFrom(kept.get(url, asked), request, reply)) return;
        const key = JSON.stringify([url, asked]);
        const other = readings.get(key);
        if (other) {
          other.waiting.push(() => answerFrom(kept.get(url, asked), request, reply) || next());
          return;
        }
        const reading: Reading = { key, asked, writes, waiting: [] };
        begun.set(request, reading);
        if (!request.routeOptions.config.endless) {
          readings.set(key, reading);
          reply.raw.once('close', () => settle(reading));
        }
        next();
      });
    },

    keep(app: FastifyInstance): void {
      app.addHook('onSend', (request, reply, payload, next) => {
        if (isWrite(request) && reply.statusCode < 400) {
          // Who wrote reads what was written.
          writes++;
          kept.clear();
          readings.clear();
          return next(null, payload);
        }
        const reading = begun.get(request);
        const etag = reply.getHeader('etag');
        const isWhole = reply.statusCode === 200 && typeof etag === 'string';
        if (isWhole && typeof payload === 'string' && reading?.writes === writes && payload.length < maxLength) {
          const headers = { ...reply.getHeaders() } as Record<string, string>;
          for (const name of limitHeaders) delete headers[name.toLowerCase()];
          kept.put(request.url, reading.asked, headers, payload);
        }
        if (reading) settle(reading);
        const tag = isWhole ? freshTag(request.headers['if-none-match'], etag) : null;
        if (tag === null) return next(null, payload);
        for (const name of leftOutOf304(reply.getHeaders())) reply.removeHeader(name);
        reply.code(304).header('etag', tag);
        // Fastify's own hook of HEAD asks for a length, and takes no null.
        next(null, request.method === 'HEAD' ? '' : null);
      });
      // Behind the compression, which puts itself into each route.
      app.addHook('onRoute', (route) => {
        route.onSend = [
          ...[route.onSend ?? []].flat(),
          (_request, reply, payload, next) => {
            const [coding, etag] = [reply.getHeader('content-encoding'), reply.getHeader('etag')];
            if (typeof coding === 'string' && coding !== 'identity' && typeof etag === 'string')
              reply.header('etag', etagOf(etag, coding));
            if (reply.statusCode === 304) reply.removeHeader('content-length');
            next(null, payload);
          },
        ];
      });
    },
  };
}
