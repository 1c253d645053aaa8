// Incidents: the list, one of them, its evidence and its timeline.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { type Incident, type IncidentState, incidentStates } from '../../core/signal.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { freshness } from '../freshness.js';
import { baseUrl, nextLink } from '../link.js';
import { presentChange, presentEvidence, presentIncident } from '../present.js';
import { checkRegion, checkService, keys, queryOf, readWindow } from '../query.js';
import {
  changeSchema,
  evidenceSchema,
  incidentFields,
  incidentSchema,
  listOf,
  oneOf,
  problemSchema,
  text,
} from '../schemas.js';
import { byWeight } from '../services-now.js';

const params = Type.Object({ id: text('Id of the incident.', 'outlook-20260712T0913Z') });

/** @throws Problem 404. */
export async function findIncident(deps: Pick<ServerDeps, 'read'>, id: string): Promise<Incident> {
  const incident = await deps.read.incident(id);
  if (incident) return incident;
  const message = `no incident "${id}"; /api/v1/incidents lists them`;
  throw new Problem(404, message, { errors: [{ field: 'path.id', value: id, message }] });
}

export const incidentRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/incidents',
    {
      schema: {
        operationId: 'listIncidents',
        tags: ['now', 'history'],
        summary: 'Incidents, newest first; with state=open those that matter most first',
        querystring: queryOf({
          state: Type.Optional(
            Type.Enum(['open', ...incidentStates], {
              type: 'string',
              description: 'Only in this state; open = all that are not resolved.',
              examples: ['open'],
            }),
          ),
          service: keys.service,
          region: keys.region,
          since: keys.since,
          until: keys.until,
          limit: keys.limit,
          cursor: keys.cursor,
        }),
        response: { 200: listOf(incidentSchema, 'Incidents.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { state, limit, cursor } = request.query;
      const service = checkService(deps.catalog, request.query.service);
      const region = checkRegion(deps.catalog, request.query.region);
      const { since, until } = readWindow(request.query, deps.clock.now());
      const page =
        state === 'open'
          ? {
              items: (await deps.read.openIncidents())
                .filter((i) => service === undefined || i.service === service)
                .filter((i) => region === undefined || i.regions.includes(region))
                .filter((i) => (since === undefined || i.startedAt >= since) && !(until && i.startedAt >= until))
                .sort(byWeight)
                .slice(0, limit),
              next: null,
            }
          : await deps.read.incidents({
              service,
              region,
              state: state as IncidentState | undefined,
              since,
              until,
              limit,
              cursor,
            });
      nextLink(request, reply, page.next);
      const base = baseUrl(request, deps);
      const items = page.items.map((i) => presentIncident(i, deps.catalog, base));
      return { ...(await freshness(deps)), items, next: page.next };
    },
  );

  app.get(
    '/api/v1/incidents/:id',
    {
      schema: {
        operationId: 'getIncident',
        tags: ['now', 'history'],
        summary: 'One incident',
        params,
        querystring: queryOf({}),
        response: { 200: oneOf(incidentFields, 'An incident.'), 404: problemSchema },
      },
    },
    async (request) => {
      const incident = await findIncident(deps, request.params.id);
      return { ...(await freshness(deps)), ...presentIncident(incident, deps.catalog, baseUrl(request, deps)) };
    },
  );

  app.get(
    '/api/v1/incidents/:id/evidence',
    {
      schema: {
        operationId: 'listEvidence',
        tags: ['now', 'history'],
        summary: 'Posts behind an incident, newest first; authors are never shown',
        params,
        querystring: queryOf({ limit: keys.limit, cursor: keys.cursor }),
        response: { 200: listOf(evidenceSchema, 'Posts, newest first.'), 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const incident = await findIncident(deps, request.params.id);
      const { limit, cursor } = request.query;
      const until = incident.resolvedAt ?? Number.MAX_SAFE_INTEGER;
      const page = await deps.read.evidence(incident.service, incident.startedAt, until, { limit, cursor });
      nextLink(request, reply, page.next);
      return { ...(await freshness(deps)), items: page.items.map(presentEvidence), next: page.next };
    },
  );

  app.get(
    '/api/v1/incidents/:id/timeline',
    {
      schema: {
        operationId: 'listTimeline',
        tags: ['now', 'history'],
        summary: 'Changes of an incident, oldest first',
        params,
        querystring: queryOf({}),
        response: { 200: listOf(changeSchema, 'Changes, oldest first.'), 404: problemSchema },
      },
    },
    async (request) => {
      const incident = await findIncident(deps, request.params.id);
      const changes = await deps.read.changes(incident.id);
      return { ...(await freshness(deps)), items: changes.map(presentChange), next: null };
    },
  );
};
