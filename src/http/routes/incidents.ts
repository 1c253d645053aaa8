// Incidents: the list, one of them, its evidence and its timeline.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import {
  type EpisodeOrder,
  type EvidenceFilter,
  episodeOrders,
  evidenceOrders,
  type IncidentFilter,
} from '../../core/lists.js';
import type { Evidence } from '../../core/ports.js';
import { type Kind, kinds, type Symptom } from '../../core/post.js';
import { type Incident, type IncidentChange, incidentStates } from '../../core/signal.js';
import { toIso } from '../../core/time.js';
import { hashOf } from '../citation.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import {
  incidentFilter,
  incidentFilterKeys,
  langKey,
  readFilters,
  symptomKey,
  voicesOf,
  voicesPass,
} from '../filters.js';
import { placedFormats } from '../forms/formats.js';
import { freshness } from '../freshness.js';
import { freeze, permalinkOf } from '../frozen.js';
import { baseUrl } from '../link.js';
import { listKeys, orderOf, pagesOf, sendList } from '../list.js';
import { officialOf, presentOfficial } from '../official.js';
import { presentChange, presentEvidence, presentIncident, presentRemarks } from '../present.js';
import { checkRegion, keys, queryOf, readWindow } from '../query.js';
import { evidenceSchema } from '../schemas/evidence.js';
import { changeSchema, frozenFields, incidentFields, listedIncidentSchema, remarkFields } from '../schemas/incident.js';
import { officialOfIncident } from '../schemas/official.js';
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

/** Most open incidents that are put in order of weight: far more than anybody reads. */
const maxOpen = 1000;

async function openByWeight(read: ServerDeps['read'], narrowed: Omit<IncidentFilter, 'limit'>): Promise<Incident[]> {
  return (await read.incidents({ ...narrowed, limit: maxOpen })).items.sort(byWeight);
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
          ...incidentFilterKeys,
          since: keys.since,
          until: keys.until,
          ...listKeys({
            formats: placedFormats,
            sort: episodeOrders,
            byDefault: '-startedAt; with state=open those that matter most first',
          }),
        }),
        response: { 200: listOf(listedIncidentSchema, 'Incidents.'), 400: problemSchema, 406: problemSchema },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const { catalog, read } = deps;
      const filters = readFilters(query, deps);
      const base = baseUrl(request, deps);
      const order = orderOf<EpisodeOrder>(query.sort);
      const narrowed = { ...incidentFilter(filters, catalog), order };
      return sendList<Incident>(request, reply, deps, {
        schema: listedIncidentSchema,
        name: 'incidents',
        formats: placedFormats,
        regionsOf: (i) => i.regions,
        read:
          filters.state === 'open' && !order
            ? pagesOf(await openByWeight(read, narrowed), (i) => i.id)
            : (page) => read.incidents({ ...narrowed, ...page }),
        accept: (i) => voicesPass(filters, i, () => voicesOf(read, i)),
        present: async (i) => ({
          ...presentIncident(i, deps, base),
          mark: presentRemarks(await read.remarks(i.id)).mark,
        }),
      });
    },
  );

  app.get(
    '/api/v1/incidents/:id',
    {
      schema: {
        operationId: 'getIncident',
        tags: ['now', 'history'],
        summary: 'One incident, as it is known now or as it was known at a time',
        params,
        querystring: queryOf({ at: keys.at }),
        response: {
          200: oneOf({ ...incidentFields, ...remarkFields, ...officialOfIncident, ...frozenFields }, 'An incident.'),
          400: problemSchema,
          404: problemSchema,
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const base = baseUrl(request, deps);
      const live = await findIncident(deps, id);
      const frozen = request.query.at === undefined ? null : await freeze(deps, live, request.query.at);
      const incident = frozen?.incident ?? live;
      const { official, leadMs } = await officialOf(incident, deps, frozen?.at);
      return {
        ...(await freshness(deps)),
        ...presentIncident(incident, deps, base),
        ...presentRemarks(frozen?.remarks ?? (await deps.read.remarks(id))),
        official: official.map((notice) => presentOfficial(notice, deps)),
        leadMs,
        hash: hashOf(incident),
        frozen: frozen && {
          at: toIso(frozen.at),
          since: toIso(frozen.since),
          permalink: permalinkOf(incident, frozen.at, base),
          live: `${base}/api/v1/incidents/${encodeURIComponent(id)}`,
          timeline: frozen.changes.map(presentChange),
        },
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
          lang: langKey,
          symptom: symptomKey,
          region: keys.region,
          platform: Type.Optional(
            Type.String({ description: 'Only posts made public there.', examples: ['bluesky'], maxLength: 200 }),
          ),
          since: keys.since,
          until: keys.until,
          ...listKeys({ sort: evidenceOrders, byDefault: '-createdAt' }),
        }),
        response: {
          200: listOf(evidenceSchema, 'Posts, newest first.'),
          400: problemSchema,
          404: problemSchema,
          406: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { catalog, read } = deps;
      const incident = await findIncident(deps, request.params.id);
      const { kind, lang, symptom, platform, sort } = request.query;
      const region = checkRegion(catalog, request.query.region);
      const window = readWindow(request.query, deps.clock.now());
      const from = Math.max(incident.startedAt, window.since ?? 0);
      const until = Math.min(incident.resolvedAt ?? Number.MAX_SAFE_INTEGER, window.until ?? Number.MAX_SAFE_INTEGER);
      const narrowed: Omit<EvidenceFilter, 'limit'> = {
        kind: kind as Kind | undefined,
        lang,
        symptom: symptom as Symptom | undefined,
        platform,
        order: orderOf(sort),
      };
      return sendList<Evidence>(request, reply, deps, {
        schema: evidenceSchema,
        name: incident.id,
        read: (page) => read.evidence(incident.service, from, until, { ...narrowed, ...page }),
        accept: (e) => region === undefined || catalog.regionPath(e.region).includes(region),
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
        querystring: queryOf({
          state: Type.Optional(
            Type.Enum([...incidentStates], {
              type: 'string',
              description: 'Only changes to this state.',
              examples: ['confirmed'],
            }),
          ),
          since: keys.since,
          until: keys.until,
          ...listKeys({ sort: ['at'], byDefault: 'at' }),
        }),
        response: {
          200: listOf(changeSchema, 'Changes, oldest first.'),
          400: problemSchema,
          404: problemSchema,
          406: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const incident = await findIncident(deps, request.params.id);
      const { state, sort } = request.query;
      const { since = 0, until = Number.MAX_SAFE_INTEGER } = readWindow(request.query, deps.clock.now());
      const changes = (await deps.read.changes(incident.id)).filter(
        ({ at, to }) => at >= since && at < until && (state === undefined || to === state),
      );
      return sendList<IncidentChange>(request, reply, deps, {
        schema: changeSchema,
        name: `${incident.id}-timeline`,
        read: pagesOf(changes, (c) => `${c.at} ${c.to}`, orderOf(sort)),
        present: presentChange,
      });
    },
  );
};
