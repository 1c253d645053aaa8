// Incidents as Grafana's annotations: a flat array with times in ms.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { incidentFilter, incidentFilterKeys, readFilters, voicesOf, voicesPass } from '../filters.js';
import { tellFreshness } from '../freshness.js';
import { complaint, places } from '../page/words.js';
import { filteredPage } from '../paging.js';
import { keys, queryOf } from '../query.js';
import { count, problemSchema, text } from '../schemas.js';

export const annotationRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/annotations',
    {
      schema: {
        operationId: 'listAnnotations',
        tags: ['neighbours'],
        summary: 'Incidents as annotations for Grafana',
        querystring: queryOf({
          ...incidentFilterKeys,
          since: keys.since,
          until: keys.until,
          limit: keys.limit,
        }),
        response: {
          200: Type.Array(
            Type.Object(
              {
                time: count('Start, epoch ms.', 1_783_847_580_000),
                timeEnd: count(
                  'End, epoch ms; for an open incident the end of what has been judged.',
                  1_783_857_600_000,
                ),
                title: text('Service and state.', 'Outlook: confirmed'),
                text: text('What people say.', '1671 authors say that login fails, everywhere'),
                tags: Type.Array(Type.String(), {
                  description: 'Service, category, state.',
                  examples: [['outlook', 'email']],
                }),
              },
              { additionalProperties: false },
            ),
            { description: 'Annotations, newest first.' },
          ),
          400: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const { read, catalog } = deps;
      const filters = readFilters(query, deps);
      const narrowed = incidentFilter(filters, catalog);
      await tellFreshness(reply, deps);
      const now = (await read.judgedUntil()) ?? deps.clock.now();
      const page = await filteredPage(
        (p) => read.incidents({ ...narrowed, ...p }),
        (i) => voicesPass(filters, i, () => voicesOf(read, i)),
        { limit: query.limit ?? 50 },
      );
      return page.items.map((i) => ({
        time: i.startedAt,
        timeEnd: i.resolvedAt ?? Math.max(now, i.startedAt),
        title: `${catalog.service(i.service)?.name ?? i.service}: ${i.state}`,
        text: `${i.authors} ${i.authors === 1 ? 'author says' : 'authors say'} ${complaint(i)}, ${places(i.regions, catalog)}`,
        tags: [i.service, catalog.service(i.service)?.category ?? 'other', i.state],
      }));
    },
  );
};
