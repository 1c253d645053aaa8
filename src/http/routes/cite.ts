// What may be quoted of an incident, and the method it was found with.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { caveat, citationOf } from '../citation.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { freshness } from '../freshness.js';
import { citable, permalinkOf } from '../frozen.js';
import { baseUrl } from '../link.js';
import { queryOf } from '../query.js';
import { count, nullable, oneOf, problemSchema, text } from '../schemas.js';
import { findIncident } from './incidents.js';

export const citeRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.get(
    '/api/v1/incidents/:id/cite',
    {
      schema: {
        operationId: 'citeIncident',
        tags: ['history'],
        summary: 'Ready wording with absolute numbers, caveat, permalink and a hash of the facts',
        params: Type.Object({ id: text('Id of the incident.', 'outlook-20260712T0913Z') }),
        querystring: queryOf({}),
        response: {
          200: oneOf(
            {
              text: text('The wording.', 'Outcry counted 1,824 public posts by 1,671 authors on 2 platforms ...'),
              caveat: text('What the numbers are not; part of the wording.', caveat),
              permalink: text(
                'Page of the incident as it is known now, frozen.',
                'https://outcry.example.org/incidents/outlook-20260712T0913Z?at=2026-07-12T12:00:00.000Z',
              ),
              reports: count('Reports counted.', 1824),
              authors: count('Distinct authors among them.', 1671),
              method: text('Version of the detection method.', 'outcry-1'),
              hash: text(
                'SHA-256 of the facts (state, times, numbers, platforms, regions, method): it changes when they do.',
                'b1946ac92492d2347c6235b4d2611184',
              ),
            },
            'A citation.',
          ),
          404: problemSchema,
        },
      },
    },
    async (request) => {
      const { incident, at } = await citable(await findIncident(deps, request.params.id), deps);
      const asOf = (await deps.read.judgedUntil()) ?? incident.detectedAt;
      const { reports, authors, method } = incident;
      const permalink = permalinkOf(incident, at, baseUrl(request, deps));
      const cited = citationOf(incident, deps.catalog, asOf);
      return { ...(await freshness(deps)), ...cited, caveat, permalink, reports, authors, method };
    },
  );

  app.get(
    '/api/v1/methods/:version',
    {
      schema: {
        operationId: 'getMethod',
        tags: ['catalog'],
        summary: 'How incidents are found, by the version that they name',
        params: Type.Object({ version: text('Version as an incident names it.', 'outcry-1') }),
        querystring: queryOf({}),
        response: {
          200: oneOf(
            {
              version: text('Version of the method.', 'outcry-1'),
              description: text('What it does, in words.', 'Counts against a seasonal baseline ...'),
              current: Type.Boolean({
                description: 'True for the method that this installation runs.',
                examples: [true],
              }),
              stepMs: nullable(
                count('Width of the steps in which counts are judged, ms; null for a method of the past.', 300_000),
              ),
            },
            'A method.',
          ),
          404: problemSchema,
        },
      },
    },
    async (request) => {
      const { older, ...running } = deps.method;
      const { version } = request.params;
      const method = [running, ...older].find((m) => m.version === version);
      if (!method) {
        const allowed = [running, ...older].map((m) => m.version);
        const message = `no method "${version}" is known here; there are ${allowed.join(', ')}`;
        throw new Problem(404, message, { errors: [{ field: 'path.version', value: version, message, allowed }] });
      }
      const current = method === running;
      return { ...(await freshness(deps)), ...method, current, stepMs: current ? deps.widthMs : null };
    },
  );
};
