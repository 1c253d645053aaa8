// Series that stand out, now and in the past.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { filterKeys, spikePasses } from '../filters.js';
import { listKeys, sendList } from '../list.js';
import { presentSpike } from '../present.js';
import { checkRegion, checkService, keys, queryOf, readWindow } from '../query.js';
import { spikeSchema } from '../schemas/spike.js';
import { listOf, problemSchema } from '../schemas.js';

export const spikeRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/spikes',
    {
      schema: {
        operationId: 'listSpikes',
        tags: ['now', 'history'],
        summary: 'Series that stand out, newest first',
        querystring: queryOf({
          open: Type.Optional(Type.Boolean({ description: 'true = only those that last.', examples: [true] })),
          service: keys.service,
          region: keys.region,
          since: keys.since,
          until: keys.until,
          ...filterKeys,
          ...listKeys,
          limit: keys.limit,
          cursor: keys.cursor,
        }),
        response: { 200: listOf(spikeSchema, 'Spikes, newest first.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const service = checkService(deps.catalog, query.service);
      const region = checkRegion(deps.catalog, query.region);
      const { since, until } = readWindow(query, deps.clock.now());
      const filters = { ...query, service, region };
      return sendList(request, reply, deps, {
        schema: spikeSchema,
        name: 'spikes',
        read: (page) => deps.read.spikes({ service, region, since, until, ...page }),
        accept: (s) =>
          (query.open === undefined || (s.endedAt === null) === query.open) && spikePasses(s, filters, deps.catalog),
        present: (s) => presentSpike(s, deps),
      });
    },
  );
};
