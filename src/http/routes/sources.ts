// How the sources fare.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { minute } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { freshness } from '../freshness.js';
import { presentSource } from '../present.js';
import { queryOf } from '../query.js';
import { sourceSchema } from '../schemas/source.js';
import { listOf, problemSchema } from '../schemas.js';

/** Rates are taken over this long. */
const lately = 10 * minute;

export const sourceRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/sources',
    {
      schema: {
        operationId: 'listSources',
        tags: ['health'],
        summary: 'Sources and their health',
        querystring: queryOf({}),
        response: { 200: listOf(sourceSchema, 'Sources in the order of the config.'), 400: problemSchema },
      },
    },
    async () => {
      const now = deps.clock.now();
      const late = await deps.read.seen(now - lately, now + minute);
      const perMinute = (name: string) => {
        const rows = late.filter(({ source }) => source === name);
        const sum = (of: 'posts' | 'matched') => rows.reduce((total, row) => total + row[of], 0) / (lately / minute);
        return { posts: sum('posts'), matches: sum('matched') };
      };
      const items = deps.health().map((health) => presentSource(health, perMinute(health.name)));
      return { ...(await freshness(deps)), items, next: null };
    },
  );
};
