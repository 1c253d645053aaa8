// How often one sender may come: told in RateLimit headers, and in Retry-After with a 429.
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { minute, second } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import { Problem } from './errors.js';
import { isKnown } from './tokens.js';

/** Headers that a page of another site may read; they are one sender's own, so no shared copy of an answer keeps them. */
export const limitHeaders = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

/** Senders that are remembered: those who came last, so that a flood of senders costs others at most their past. */
const mostSenders = 100_000;

/** What is one sender: an IPv4 address, or the /64 of an IPv6 address, which one household or server has to itself. */
export function networkOf(request: FastifyRequest): string {
  return normalizeIP(request.ip, 64);
}

/** Adds the limit of reads, where the installation has one, and lets routes name limits of their own. */
export function addLimits(app: FastifyInstance, deps: Pick<ServerDeps, 'readsPerMinute' | 'tokens' | 'read'>): void {
  const { readsPerMinute } = deps;
  app.register(rateLimit, {
    global: typeof readsPerMinute === 'number',
    max: readsPerMinute ?? 0,
    timeWindow: minute,
    cache: mostSenders,
    enableDraftSpec: true,
    keyGenerator: networkOf,
    // Pages, health and metrics are not what a crowd of readers asks again and again.
    allowList: async (request) =>
      !/^\/(api|feeds)\//.test(request.url) || !['GET', 'HEAD'].includes(request.method) || isKnown(request, deps),
    errorResponseBuilder: (_request, { ttl }) => {
      const detail = `One address may read ${readsPerMinute} times a minute: come back in ${Math.ceil(ttl / second)} seconds, or send a token`;
      return new Problem(429, detail);
    },
  });
}
