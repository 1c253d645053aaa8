// Series that stand out, now and in the past.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { freshness } from '../freshness.js';
import { nextLink } from '../link.js';
import { presentSpike } from '../present.js';
import { checkRegion, checkService, keys, queryOf, readWindow } from '../query.js';
import { listOf, problemSchema, spikeSchema } from '../schemas.js';

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
          limit: keys.limit,
          cursor: keys.cursor,
        }),
        response: { 200: listOf(spikeSchema, 'Spikes, newest first.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { open, limit, cursor } = request.query;
      const service = checkService(deps.catalog, request.query.service);
      const region = checkRegion(deps.catalog, request.query.region);
      const { since, until } = readWindow(request.query, deps.clock.now());
      const page = await deps.read.spikes({ service, region, since, until, limit, cursor });
      const items = page.items.filter((s) => open === undefined || (s.endedAt === null) === open);
      nextLink(request, reply, page.next);
      return { ...(await freshness(deps)), items: items.map((s) => presentSpike(s, deps.catalog)), next: page.next };
    },
  );
};
