// The shapes of countries, which the maps of the pages are made of.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { countryShapes, worldShapes } from '../page/shapes.js';
import { queryOf } from '../query.js';

export const mapRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app) => {
  app.get(
    '/map/:name.svg',
    { schema: { hide: true, params: Type.Object({ name: Type.String() }), querystring: queryOf({}) } },
    async (request, reply) => {
      const { name } = request.params;
      const shapes = name === 'world' ? worldShapes() : countryShapes(name);
      if (!shapes) throw new Problem(404, `no map of "${name}"; give world, or a country's ISO 3166-1 code like GB`);
      return reply
        .type('image/svg+xml; charset=utf-8')
        .header('cache-control', 'public, max-age=86400')
        .send(shapes.svg);
    },
  );
};
