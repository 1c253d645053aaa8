// Incidents: the list, one of them, its evidence and its timeline.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Evidence } from '../../core/ports.js';
import { kinds } from '../../core/post.js';
import { type Incident, incidentStates } from '../../core/signal.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { incidentFilterKeys, incidentPasses } from '../filters.js';
import { freshness } from '../freshness.js';
import { baseUrl } from '../link.js';
import { listKeys, pagesOf, sendList } from '../list.js';
import { presentChange, presentEvidence, presentIncident, presentRemarks } from '../present.js';
import { checkRegion, checkService, keys, queryOf, readWindow } from '../query.js';
import { evidenceSchema } from '../schemas/evidence.js';
import { changeSchema, incidentFields, incidentSchema, remarkFields } from '../schemas/incident.js';
import { listOf, oneOf, problemSchema, text } from '../schemas.js';
import { byWeight } from '../services-now.js';

const params = Type.Object({ id: text('Id of the incident.', 'outlook-20260712T0913Z') });

/** @throws Problem 404. */
export async function findIncident(deps: Pick<ServerDeps, 'read'>, id: string): Promise<Incident> {
  const incident = await deps.read.incident(id);
  if (incident) return incident;
  const message = `no incident "${id}"; /api/v1/incidents lists them`;
  throw new Problem(404, message, { errors: [{ field: 'path.id', value: id, message }] });
}

/** True when a post's language is the one wanted or a kind of it. */
const speaks = (lang: string | null, wanted: string) =>
  lang?.toLowerCase() === wanted.toLowerCase() || lang?.toLowerCase().startsWith(`${wanted.toLowerCase()}-`) === true;

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
          ...incidentFilterKeys,
          ...listKeys,
          limit: keys.limit,
          cursor: keys.cursor,
        }),
        response: { 200: listOf(incidentSchema, 'Incidents.'), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const service = checkService(deps.catalog, query.service);
      const region = checkRegion(deps.catalog, query.region);
      const { since, until } = readWindow(query, deps.clock.now());
      const filters = { ...query, service, region };
      const base = baseUrl(request, deps);
      const state = query.state === 'open' ? undefined : query.state;
      const open = query.state === 'open' ? (await deps.read.openIncidents()).sort(byWeight) : null;
      return sendList<Incident>(request, reply, deps, {
        schema: incidentSchema,
        name: 'incidents',
        read: open
          ? pagesOf(
              open.filter((i) => until === undefined || i.startedAt < until),
              (i) => i.id,
            )
          : (page) => deps.read.incidents({ service, region, state, since, until, ...page }),
        accept: (i) => incidentPasses(i, filters, deps.catalog),
        present: (i) => presentIncident(i, deps, base),
      });
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
        response: { 200: oneOf({ ...incidentFields, ...remarkFields }, 'An incident.'), 404: problemSchema },
      },
    },
    async (request) => {
      const incident = await findIncident(deps, request.params.id);
      return {
        ...(await freshness(deps)),
        ...presentIncident(incident, deps, baseUrl(request, deps)),
        ...presentRemarks(await deps.read.remarks(incident.id)),
      };
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
        querystring: queryOf({
          kind: Type.Optional(
            Type.Enum([...kinds], { type: 'string', description: 'Only posts that say this.', examples: ['recovery'] }),
          ),
          lang: Type.Optional(
            Type.String({ description: 'Only posts in this language, BCP 47; `pt` holds `pt-BR`.', examples: ['pt'] }),
          ),
          ...listKeys,
          limit: keys.limit,
          cursor: keys.cursor,
        }),
        response: { 200: listOf(evidenceSchema, 'Posts, newest first.'), 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const incident = await findIncident(deps, request.params.id);
      const { kind, lang } = request.query;
      const until = incident.resolvedAt ?? Number.MAX_SAFE_INTEGER;
      return sendList<Evidence>(request, reply, deps, {
        schema: evidenceSchema,
        name: incident.id,
        read: (page) => deps.read.evidence(incident.service, incident.startedAt, until, page),
        accept: (e) => (kind === undefined || e.kind === kind) && (lang === undefined || speaks(e.lang, lang)),
        present: presentEvidence,
      });
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
