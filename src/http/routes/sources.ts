// How the sources fare.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { minute } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { listKeys, orderOf, pagesOf, sendList } from '../list.js';
import { presentSource } from '../present.js';
import { queryOf } from '../query.js';
import { sourceSchema, sourceStates } from '../schemas/source.js';
import { listOf, problemSchema } from '../schemas.js';

/** Rates are taken over this long. */
const lately = 10 * minute;
const sourceOrders = ['name', 'kind', 'state', 'posts', 'matches', 'postsPerMinute', 'matchesPerMinute'] as const;
type Item = ReturnType<typeof presentSource>;

export const sourceRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/sources',
    {
      schema: {
        operationId: 'listSources',
        tags: ['health'],
        summary: 'Sources and their health',
        querystring: queryOf({
          kind: Type.Optional(Type.String({ description: 'Only of this kind.', examples: ['feed'], maxLength: 50 })),
          state: Type.Optional(
            Type.Enum([...sourceStates], { type: 'string', description: 'Only in this state.', examples: ['failed'] }),
          ),
          ...listKeys({ sort: sourceOrders, byDefault: 'as in the config' }),
        }),
        response: { 200: listOf(sourceSchema, 'Sources in the order of the config.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const now = deps.clock.now();
      const late = await deps.read.seen(now - lately, now + minute);
      const perMinute = (name: string) => {
        const rows = late.filter(({ source }) => source === name);
        const sum = (of: 'posts' | 'matched') => rows.reduce((total, row) => total + row[of], 0) / (lately / minute);
        return { posts: sum('posts'), matches: sum('matched') };
      };
      const { kind, state } = request.query;
      const wanted = deps.health().filter((s) => (!kind || s.kind === kind) && (!state || s.state === state));
      const items = wanted.map((health) => presentSource(health, perMinute(health.name)));
      return sendList<Item>(request, reply, deps, {
        schema: sourceSchema,
        name: 'sources',
        read: pagesOf(items, (s) => s.name, orderOf(request.query.sort)),
        present: (s) => s,
      });
    },
  );
};
