// The live stream: server-sent events.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { incidentFilterKeys, readFilters } from '../filters.js';
import { createHub } from '../hub.js';
import { baseUrl } from '../link.js';
import { queryOf } from '../query.js';
import { problemSchema } from '../schemas.js';

const maxClients = 2000;

export const streamRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const hub = createHub(deps);
  app.addHook('preClose', async () => hub.close());

  app.get(
    '/api/v1/stream',
    {
      exposeHeadRoute: false,
      config: { endless: true },
      schema: {
        operationId: 'stream',
        tags: ['now'],
        summary: 'Changes as they come, as server-sent events',
        description:
          'Events: `incident` (`{change, incident}`), `spike` (a spike that opened, was held back or let go, or ended) and `tick` ' +
          '(`{asOf, coverage}`, after every judgement). A client that reconnects with `Last-Event-ID` gets the changes ' +
          'of incidents that it missed. `state` and `min_platforms` narrow incidents, the other keys spikes too.',
        produces: ['text/event-stream'],
        headers: Type.Object({
          'last-event-id': Type.Optional(
            Type.String({
              description: 'Id of the last event received.',
              examples: ['1783847580000/outlook-20260712T0913Z'],
            }),
          ),
        }),
        querystring: queryOf(incidentFilterKeys),
        response: {
          200: Type.String({ description: 'Events.', examples: ['event: tick\ndata: {}\n\n'] }),
          400: problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const filters = readFilters(request.query, deps);
      if (hub.size() >= maxClients) {
        throw new Problem(503, 'Too many clients are connected; come back later', { headers: { 'retry-after': '30' } });
      }
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 3000\n\n');
      const client = { out: reply.raw, filters, base: baseUrl(request, deps) };
      await hub.join(client, request.headers['last-event-id'] ?? null).catch((error) => {
        request.log.error({ err: error }, 'stream failed');
        reply.raw.destroy();
      });
    },
  );
};
