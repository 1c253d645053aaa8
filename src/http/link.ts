// Addresses of this server as others reach it, and the Link headers of lists and pages.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from './deps.js';

/** Address of this server without a slash at its end: the configured one, or as the request says. */
export function baseUrl(request: FastifyRequest, deps: Pick<ServerDeps, 'publicUrl'>): string {
  return (deps.publicUrl ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '');
}

/** Adds the `Link` by which editors find how to show this page in another (oEmbed). */
export function oembedLink(request: FastifyRequest, reply: FastifyReply, deps: Pick<ServerDeps, 'publicUrl'>): void {
  const base = baseUrl(request, deps);
  const url = encodeURIComponent(base + request.url.split('?')[0]);
  reply.header('link', `<${base}/oembed?url=${url}>; rel="alternate"; type="application/json+oembed"`);
}

/** Adds `Link: <...>; rel="next"` where there is a next page. */
export function nextLink(request: FastifyRequest, reply: FastifyReply, next: string | null): void {
  if (next === null) return;
  const url = new URL(request.url, 'http://here');
  url.searchParams.set('cursor', next);
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}
