// Series that stand out, now and in the past.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { type EpisodeOrder, episodeOrders } from '../../core/lists.js';
import type { Spike } from '../../core/signal.js';
import type { ServerDeps } from '../deps.js';
import { filterKeys, readFilters, spikeFilter, voicesOf, voicesPass } from '../filters.js';
import { placedFormats } from '../forms/formats.js';
import { listKeys, orderOf, sendList } from '../list.js';
import { presentSpike } from '../present.js';
import { keys, queryOf } from '../query.js';
import { spikeSchema } from '../schemas/spike.js';
import { listOf, problemSchema } from '../schemas.js';

export const spikeRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/spikes',
    {
      schema: {
        operationId: 'listSpikes',
        tags: ['now', 'history'],
        summary: 'Series that stand out, newest first unless sorted otherwise',
        querystring: queryOf({
          state: Type.Optional(
            Type.Enum(['open', 'ended'], {
              type: 'string',
              description: 'Only in this state; open = those that last.',
              examples: ['open'],
            }),
          ),
          open: Type.Optional(
            Type.Boolean({
              description: 'The same in one word: true = `state=open`, false = `state=ended`.',
              examples: [true],
            }),
          ),
          ...filterKeys,
          since: keys.since,
          until: keys.until,
          ...listKeys({ formats: placedFormats, sort: episodeOrders, byDefault: '-startedAt' }),
        }),
        response: { 200: listOf(spikeSchema, 'Spikes, newest first.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const { catalog, read } = deps;
      const { state, open = state && state === 'open', ...others } = query;
      const filters = { ...readFilters(others, deps), open };
      const narrowed = { ...spikeFilter(filters, catalog), order: orderOf<EpisodeOrder>(query.sort) };
      return sendList<Spike>(request, reply, deps, {
        schema: spikeSchema,
        name: 'spikes',
        formats: placedFormats,
        regionsOf: (s) => [s.region],
        read: (page) => read.spikes({ ...narrowed, ...page }),
        accept: (s) => voicesPass(filters, s, () => voicesOf(read, s)),
        present: (s) => presentSpike(s, deps),
      });
    },
  );
};
