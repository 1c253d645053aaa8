// The services that people can report, and how each fares now.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { nearest } from '../../core/nearest.js';
import { incidentStates } from '../../core/signal.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { categoryKey } from '../filters.js';
import { freshness } from '../freshness.js';
import { listKeys, orderOf, pagesOf, sendList } from '../list.js';
import { officialNow, presentOfficial } from '../official.js';
import { checkRegion, keys, queryOf } from '../query.js';
import { officialOfService } from '../schemas/official.js';
import { type ServiceOut, serviceFields, serviceSchema } from '../schemas/service.js';
import { listOf, oneOf, problemSchema, text } from '../schemas.js';
import { readServicesNow } from '../services-now.js';

export const serviceRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const query = queryOf({
    category: categoryKey,
    state: Type.Optional(
      Type.Enum(['quiet', 'open', ...incidentStates], {
        type: 'string',
        description: 'Only in this state; open = with an open incident.',
        examples: ['open'],
      }),
    ),
    region: Type.Optional({ ...keys.region, description: 'Only providers at home there, or everywhere.' }),
    min_authors: Type.Optional(
      Type.Integer({ minimum: 0, description: 'At least so many authors in the last hour.', examples: [5] }),
    ),
    parent: Type.Optional(Type.String({ description: 'Only the parts of this service.', examples: ['microsoft-365'] })),
    q: Type.Optional(
      Type.String({ description: 'Part of an id, a name or an alias.', examples: ['outl'], maxLength: 100 }),
    ),
    ...listKeys({ sort: ['id', 'name', 'reportsLastHour', 'authorsLastHour'], byDefault: 'id' }),
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
      const { category, state, parent, q, min_authors = 0 } = request.query;
      const { catalog } = deps;
      const region = checkRegion(catalog, request.query.region);
      const near = (a: string, b: string) => catalog.regionPath(a).includes(b) || catalog.regionPath(b).includes(a);
      const now = await readServicesNow(deps);
      const wanted = q?.toLowerCase();
      const found = catalog.services
        .filter((s) => !category || s.category === category)
        .filter((s) => !parent || s.parent === parent)
        .filter((s) => region === undefined || s.regions === null || s.regions.some((r) => near(r, region)))
        .filter((s) => !wanted || [s.id, s.name, ...s.aliases].some((word) => word.toLowerCase().includes(wanted)))
        .map(now)
        .filter((s) => !state || (state === 'open' ? s.incident !== null : s.state === state))
        .filter((s) => s.authorsLastHour >= min_authors)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return sendList<ServiceOut>(request, reply, deps, {
        schema: serviceSchema,
        name: 'services',
        read: pagesOf(found, (s) => s.id, orderOf(request.query.sort)),
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
        response: { 200: oneOf({ ...serviceFields, ...officialOfService }, 'A service.'), 404: problemSchema },
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
      const official = (await officialNow(id, deps)).map((notice) => presentOfficial(notice, deps));
      return { ...(await freshness(deps)), ...now(service), official };
    },
  );
};
