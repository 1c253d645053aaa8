// The regions that reports are counted in.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { freshness } from '../freshness.js';
import { checkRegion, keys, queryOf } from '../query.js';
import { listOf, problemSchema, regionSchema } from '../schemas.js';

export const regionRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const query = queryOf({
    parent: Type.Optional(Type.String({ description: 'Only the regions in this one.', examples: ['GB'] })),
    q: Type.Optional(Type.String({ description: 'Part of a name or code.', examples: ['eng'], maxLength: 100 })),
    limit: Type.Integer({ ...keys.limit, maximum: 10_000, default: 10_000 }),
  });
  app.get(
    '/api/v1/regions',
    {
      schema: {
        operationId: 'listRegions',
        tags: ['catalog'],
        summary: 'Regions',
        querystring: query,
        response: { 200: listOf(regionSchema, 'Regions by code.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { q, limit } = request.query;
      const parent = checkRegion(deps.catalog, request.query.parent);
      const wanted = q?.toLowerCase();
      const items = deps.catalog.regions
        .filter((r) => parent === undefined || r.parent === parent)
        .filter((r) => !wanted || r.code.toLowerCase().includes(wanted) || r.name.toLowerCase().includes(wanted))
        .slice(0, limit)
        .map((r) => ({ code: r.code, name: r.name, parent: r.parent }));
      reply.header('cache-control', 'public, max-age=300');
      return { ...(await freshness(deps)), items, next: null };
    },
  );
};
