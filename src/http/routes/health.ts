// Whether the process and its database answer; how ingest fares is told by /api/v1/sources.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { messageOf } from '../../core/errors.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { problemSchema, text } from '../schemas.js';

const health = Type.Object({ status: text('Always ok.', 'ok') }, { additionalProperties: false });

export const healthRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'healthz',
        tags: ['health'],
        summary: 'The process answers',
        response: { 200: health },
      },
    },
    async () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        tags: ['health'],
        summary: 'The database answers and is of this version',
        response: { 200: health, 503: problemSchema },
      },
    },
    async (request) => {
      try {
        await deps.read.check();
      } catch (error) {
        request.log.error({ err: error }, messageOf(error));
        throw new Problem(503, 'The database does not answer or is of another version; the log of Outcry tells more', {
          headers: { 'retry-after': '10' },
        });
      }
      return { status: 'ok' };
    },
  );
};
