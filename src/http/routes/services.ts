// The services that people can report, and how each fares now.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { categories } from '../../core/catalog.js';
import { incidentStates } from '../../core/signal.js';
import type { ServerDeps } from '../deps.js';
import { nearest, Problem } from '../errors.js';
import { freshness } from '../freshness.js';
import { listKeys, pagesOf, sendList } from '../list.js';
import { keys, queryOf } from '../query.js';
import { type ServiceOut, serviceFields, serviceSchema } from '../schemas/service.js';
import { listOf, oneOf, problemSchema, text } from '../schemas.js';
import { readServicesNow } from '../services-now.js';

export const serviceRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const query = queryOf({
    category: Type.Optional(Type.Enum([...categories], { type: 'string', description: 'Only of this category.' })),
    state: Type.Optional(
      Type.Enum(['quiet', ...incidentStates], { type: 'string', description: 'Only in this state.' }),
    ),
    parent: Type.Optional(Type.String({ description: 'Only the parts of this service.', examples: ['microsoft-365'] })),
    q: Type.Optional(
      Type.String({ description: 'Part of an id, a name or an alias.', examples: ['outl'], maxLength: 100 }),
    ),
    ...listKeys,
    limit: keys.limit,
    cursor: keys.cursor,
  });
  app.get(
    '/api/v1/services',
    {
      schema: {
        operationId: 'listServices',
        tags: ['catalog', 'now'],
        summary: 'Services and how they fare now',
        querystring: query,
        response: { 200: listOf(serviceSchema, 'Services by id.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { category, state, parent, q } = request.query;
      const now = await readServicesNow(deps);
      const wanted = q?.toLowerCase();
      const found = deps.catalog.services
        .filter((s) => !category || s.category === category)
        .filter((s) => !parent || s.parent === parent)
        .filter((s) => !wanted || [s.id, s.name, ...s.aliases].some((word) => word.toLowerCase().includes(wanted)))
        .map(now)
        .filter((s) => !state || s.state === state)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return sendList<ServiceOut>(request, reply, deps, {
        schema: serviceSchema,
        name: 'services',
        read: pagesOf(found, (s) => s.id),
        present: (s) => s,
      });
    },
  );

  app.get(
    '/api/v1/services/:id',
    {
      schema: {
        operationId: 'getService',
        tags: ['catalog', 'now'],
        summary: 'One service and how it fares now',
        params: Type.Object({ id: text('Id of the service.', 'outlook') }),
        querystring: queryOf({}),
        response: { 200: oneOf(serviceFields, 'A service.'), 404: problemSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const service = deps.catalog.service(id);
      if (!service) {
        const allowed = nearest(
          id,
          deps.catalog.services.map((s) => s.id),
        );
        const hint = allowed.length > 0 ? `did you mean ${allowed.join(' or ')}?` : '/api/v1/services lists them';
        const message = `no service "${id}"; ${hint}`;
        throw new Problem(404, message, { errors: [{ field: 'path.id', value: id, message, allowed }] });
      }
      const now = await readServicesNow(deps);
      return { ...(await freshness(deps)), ...now(service) };
    },
  );
};
