// How the sources fare.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ServerDeps } from '../deps.js';
import { freshness } from '../freshness.js';
import { presentSource } from '../present.js';
import { queryOf } from '../query.js';
import { listOf, problemSchema, sourceSchema } from '../schemas.js';

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
    async () => ({ ...(await freshness(deps)), items: deps.health().map(presentSource), next: null }),
  );
};
