// Everything that a dashboard needs, in one small answer.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { incidentStates } from '../../core/signal.js';
import { hour } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { freshness } from '../freshness.js';
import { baseUrl } from '../link.js';
import { presentIncident } from '../present.js';
import { queryOf } from '../query.js';
import { incidentSchema } from '../schemas/incident.js';
import { count, oneOf, problemSchema, text } from '../schemas.js';
import { byWeight } from '../services-now.js';

export const summaryRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/summary',
    {
      schema: {
        operationId: 'getSummary',
        tags: ['now'],
        summary: 'The state of everything, in one small answer',
        querystring: queryOf({}),
        response: {
          200: oneOf(
            {
              open: Type.Object(
                Object.fromEntries(
                  incidentStates
                    .filter((s) => s !== 'resolved')
                    .map((s) => [s, count(`Open incidents in the state ${s}.`, s === 'confirmed' ? 1 : 0)]),
                ),
                { additionalProperties: false, description: 'Open incidents by state.' },
              ),
              incidents: Type.Array(incidentSchema, { description: 'Open incidents that matter most, at most 20.' }),
              spikes: count('Series that stand out now.', 3),
              heldBack: count('Those among them whose voices are not independent.', 1),
              postsLastHour: count('Posts read in the hour before asOf, whatever they are about.', 48_210),
              reportsLastHour: count(
                'Reports and questions in that hour; a post about two services counts twice.',
                913,
              ),
              services: Type.Array(
                Type.Object(
                  {
                    service: text('Id of the service.', 'outlook'),
                    reports: count('Reports and questions in the last hour.', 412),
                    authors: count('Distinct authors among them.', 398),
                  },
                  { additionalProperties: false },
                ),
                { description: 'Most reported services of the last hour, at most 20, by authors.' },
              ),
            },
            'The state of everything.',
          ),
          400: problemSchema,
        },
      },
    },
    async (request) => {
      const { read } = deps;
      const now = (await read.judgedUntil()) ?? deps.clock.now();
      const [open, spikes, activity, seen] = await Promise.all([
        read.openIncidents(),
        read.openSpikes(),
        read.activity(now - hour, now),
        read.seen(now - hour, now),
      ]);
      const states: Record<string, number> = {};
      for (const state of incidentStates) if (state !== 'resolved') states[state] = 0;
      for (const incident of open) states[incident.state] = (states[incident.state] ?? 0) + 1;
      const base = baseUrl(request, deps);
      return {
        ...(await freshness(deps)),
        open: states,
        incidents: open
          .sort(byWeight)
          .slice(0, 20)
          .map((i) => presentIncident(i, deps, base)),
        spikes: spikes.length,
        heldBack: spikes.filter((s) => s.heldBack !== null).length,
        postsLastHour: seen.reduce((sum, s) => sum + s.posts, 0),
        reportsLastHour: activity.reduce((sum, a) => sum + a.reports, 0),
        services: activity
          .sort((a, b) => b.authors - a.authors || a.service.localeCompare(b.service))
          .slice(0, 20)
          .map(({ service, reports, authors }) => ({ service, reports, authors })),
      };
    },
  );
};
