// What official status pages say, as a list.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { type OfficialFilter, officialOrders } from '../../core/lists.js';
import { type OfficialIncident, officialStates } from '../../core/official.js';
import type { ServerDeps } from '../deps.js';
import { categoryKey, servicesOf } from '../filters.js';
import { listKeys, orderOf, sendList } from '../list.js';
import { presentOfficial } from '../official.js';
import { checkService, keys, queryOf, readWindow } from '../query.js';
import { officialSchema } from '../schemas/official.js';
import { listOf, problemSchema } from '../schemas.js';

export const officialRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/official',
    {
      schema: {
        operationId: 'listOfficial',
        tags: ['now', 'history'],
        summary: 'What official status pages say of their own incidents, newest first',
        querystring: queryOf({
          service: keys.service,
          category: categoryKey,
          state: Type.Optional(
            Type.Enum(['open', ...officialStates], {
              type: 'string',
              description: 'Only in this state; open = all that are not resolved.',
              examples: ['open'],
            }),
          ),
          open: Type.Optional(Type.Boolean({ description: 'true = `state=open`.', examples: [true] })),
          since: keys.since,
          until: keys.until,
          ...listKeys({ sort: officialOrders, byDefault: '-startedAt' }),
        }),
        response: { 200: listOf(officialSchema, 'Official incidents, newest first.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const service = checkService(deps.catalog, query.service);
      const { since, until } = readWindow(query, deps.clock.now());
      const services = servicesOf(query.category, service, deps.catalog);
      const state = (query.state ?? (query.open ? 'open' : undefined)) as OfficialFilter['state'];
      return sendList<OfficialIncident>(request, reply, deps, {
        schema: officialSchema,
        name: 'official',
        read: (page) => deps.read.official({ services, state, since, until, order: orderOf(query.sort), ...page }),
        present: (notice) => presentOfficial(notice, deps),
      });
    },
  );
};
