// Every error leaves as an RFC 9457 problem that names field, value and way out; text of a 5xx never leaves.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UsageError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { html } from './html.js';
import { masthead } from './page/layout.js';

/** One thing wrong with a request. */
export interface Fault {
  /** Where: `query.limit`, `path.id`, `body.3.text`. */
  field: string;
  /** What was given there. */
  value?: unknown;
  /** What is wrong and the way out. */
  message: string;
  /** Values that would be taken, where they can be listed. */
  allowed?: readonly unknown[];
}

/** An error whose words are meant for the caller. */
export class Problem extends Error {
  override name = 'Problem';
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly extra: { errors?: Fault[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
  }
}

/** A 400 about one field. */
export function badField(fault: Fault): Problem {
  return new Problem(400, fault.message, { errors: [fault] });
}

const places: Record<string, string> = { querystring: 'query', params: 'path', body: 'body', headers: 'header' };

interface AjvError {
  keyword: string;
  instancePath: string;
  message?: string;
  params: Record<string, unknown>;
  parentSchema?: { properties?: Record<string, unknown>; description?: string };
  data?: unknown;
}

/** A wrong value is told again up to this length: what was sent may be megabytes. */
const longestValue = 200;

/** A value as words, cut where it is long. */
function wordsOf(value: unknown): string {
  const words = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return words.length <= longestValue ? words : `${words.slice(0, longestValue)} …`;
}

/** A value as it is told again: as it came, unless it is long. */
function told(value: unknown): unknown {
  const words = wordsOf(value);
  return words.length > longestValue ? words : value;
}

/** Turns one error of the validator into words. */
function faultOf(error: AjvError, place: string): Fault {
  const path = error.instancePath.split('/').filter(Boolean);
  const field = [place, ...path].join('.');
  if (error.keyword === 'required') {
    const key = String(error.params.missingProperty);
    return { field: `${field}.${key}`, message: `${key} is missing` };
  }
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    const known = Object.keys(error.parentSchema?.properties ?? {});
    const near = nearest(key, known);
    const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
    const value = told((error.data as Record<string, unknown> | undefined)?.[key]);
    return { field: `${field}.${key}`, value, message: `unknown key "${key}"${hint}`, allowed: known };
  }
  const value = told(error.data);
  const last = path.at(-1) ?? place;
  if (error.keyword === 'enum') {
    const allowed = (error.params.allowedValues ?? []) as unknown[];
    return {
      field,
      value,
      message: `${last} must be one of ${allowed.map(String).join(', ')}, not "${wordsOf(value)}"`,
      allowed,
    };
  }
  return { field, value, message: `${last} ${error.message ?? 'is not valid'}, but is "${wordsOf(value)}"` };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UsageError) return new Problem(400, error.message);
  const e = error as FastifyError & { validation?: AjvError[]; validationContext?: string };
  if (e.validation) {
    const place = places[e.validationContext ?? ''] ?? 'request';
    const errors = e.validation.map((v) => faultOf(v, place));
    return new Problem(400, errors.map((f) => f.message).join('; '), { errors });
  }
  const status = e.statusCode ?? 500;
  if (status >= 400 && status < 500) return new Problem(status, e.message);
  return new Problem(status, '');
}

/** True for a person's browser that asked for a page, or sent a form. */
function wantsPage(request: FastifyRequest): boolean {
  const forPeople = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return (forPeople || !/^\/(api|feeds)\//.test(request.url)) && /^text\/html\b/.test(request.headers.accept ?? '');
}

function problemPage(title: string, detail: string): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title} – Outcry</title><link rel="icon" href="/assets/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/style.css"><script type="module" src="/assets/app.js"></script></head>
<body>
${masthead(null)}
<main id="main"><h1>${title}</h1><p class="lede">${detail}</p><p><a href="/">What stands out now</a></p></main></body></html>
`.text;
}

/** Answers with a problem: as a page where a browser asked for one, else as RFC 9457 has it. */
function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const hidden = problem.status >= 500 && problem.detail === '';
  if (problem.extra.headers) reply.headers(problem.extra.headers);
  const title = STATUS_CODES[problem.status] ?? 'Error';
  const detail = hidden ? `The request failed inside Outcry; its log tells more under ${request.id}.` : problem.detail;
  if (wantsPage(request)) {
    return reply
      .code(problem.status)
      .headers({ 'cache-control': 'no-store', vary: 'Accept' })
      .type('text/html; charset=utf-8')
      .send(problemPage(title, detail));
  }
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title,
        status: problem.status,
        detail,
        instance: request.url.split('?')[0],
        ...(problem.extra.errors ? { errors: problem.extra.errors } : {}),
      }),
    );
}

/** Words for addresses that lead to no route, since they cannot be read. */
const unreadable: Record<string, string> = {
  FST_ERR_BAD_URL: 'The address cannot be read: percent-encode it as UTF-8',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the address is too long',
};

/** Answers with a problem where no route was found since the address cannot be read: an option of the server. */
export function sendUnreadable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-content-type-options', 'nosniff').header('access-control-allow-origin', '*');
  sendProblem(request, reply, new Problem(error.statusCode ?? 400, unreadable[error.code] ?? ''));
}

/** Answers with a problem where what came is no HTTP, or more head than is read: an option of the server. */
export function refuseClient(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || error.code === 'ECONNRESET') return;
  const [status, detail] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'The head of the request is longer than 16 kB']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'The request took longer than 30 seconds to come']
        : [400, 'This is not a request of HTTP/1.1'];
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  const head = [`HTTP/1.1 ${status} ${title}`, 'Content-Type: application/problem+json', 'Connection: close'];
  if (socket.writable) socket.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'));
  socket.destroy(error);
}

/** Makes every error of the server a problem, 404 and 405 included. Call it before any route is registered. */
export function addProblems(app: FastifyInstance): void {
  const routes: { method: string; pattern: RegExp }[] = [];
  app.addHook('onRoute', (route) => {
    if (route.url.includes('*')) return;
    const pattern = new RegExp(`^${route.url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+')}/?$`);
    for (const method of [route.method].flat()) routes.push({ method, pattern });
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] as string;
    const allow = [...new Set(routes.filter((r) => r.pattern.test(path)).map((r) => r.method))].sort();
    if (allow.length > 0 && !allow.includes(request.method)) {
      const detail = `${request.method} is not possible here; ${allow.join(', ')} is`;
      return sendProblem(request, reply, new Problem(405, detail, { headers: { allow: allow.join(', ') } }));
    }
    const detail = `There is nothing at ${path}; /openapi.json lists every route`;
    return sendProblem(request, reply, new Problem(404, detail));
  });
}
