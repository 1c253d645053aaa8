// The regions that reports are counted in.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Region } from '../../core/catalog.js';
import type { ServerDeps } from '../deps.js';
import { listKeys, orderOf, pagesOf, sendList } from '../list.js';
import { checkRegion, queryOf } from '../query.js';
import { regionSchema } from '../schemas/region.js';
import { listOf, problemSchema } from '../schemas.js';

export const regionRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const query = queryOf({
    parent: Type.Optional(Type.String({ description: 'Only the regions in this one.', examples: ['GB'] })),
    q: Type.Optional(Type.String({ description: 'Part of a name or code.', examples: ['eng'], maxLength: 100 })),
    ...listKeys({ sort: ['code', 'name'], byDefault: 'code' }),
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
      const { q } = request.query;
      const parent = checkRegion(deps.catalog, request.query.parent);
      const wanted = q?.toLowerCase();
      const found = deps.catalog.regions
        .filter((r) => parent === undefined || r.parent === parent)
        .filter((r) => !wanted || r.code.toLowerCase().includes(wanted) || r.name.toLowerCase().includes(wanted));
      reply.header('cache-control', 'public, max-age=300');
      return sendList<Region>(request, reply, deps, {
        schema: regionSchema,
        name: 'regions',
        read: pagesOf(found, (r) => r.code, orderOf(request.query.sort)),
        present: (r) => ({ code: r.code, name: r.name, parent: r.parent }),
      });
    },
  );
};
