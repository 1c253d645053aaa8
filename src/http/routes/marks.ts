// Lets operators say what they know of an incident: notes, and a mark for a false alarm or a part of another one.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { ServerDeps } from '../deps.js';
import { badField } from '../errors.js';
import { presentRemarks } from '../present.js';
import { markSchema, remarkFields } from '../schemas/incident.js';
import { problemSchema, text } from '../schemas.js';
import { requireToken, writerOf } from '../tokens.js';
import { findIncident } from './incidents.js';

const params = Type.Object({ id: text('Id of the incident.', 'outlook-20260712T0913Z') });
const common = {
  tags: ['write'],
  security: [{ token: [] }],
  params,
  response: {
    200: Type.Object(remarkFields, {
      additionalProperties: false,
      description: 'What stands beside the incident now.',
    }),
    400: problemSchema,
    401: problemSchema,
    403: problemSchema,
    404: problemSchema,
  },
};

export const markRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const onRequest = (request: Parameters<typeof requireToken>[0]) => requireToken(request, deps, 'marks');

  app.post(
    '/api/v1/incidents/:id/note',
    {
      schema: {
        ...common,
        operationId: 'addNote',
        summary: 'Add a note to an incident',
        description: 'Needs a token with the scope `marks`. The note is shown with the incident, as plain text.',
        body: Type.Object(
          {
            text: Type.String({
              minLength: 1,
              maxLength: 2000,
              pattern: '\\S',
              description: 'Plain text, at most 2000 characters.',
              examples: ['The operator confirms a fault in its mail gateways.'],
            }),
          },
          { additionalProperties: false },
        ),
      },
      onRequest,
    },
    async (request) => {
      const { id } = await findIncident(deps, request.params.id);
      // What no JSON reader and no page can show is not kept.
      const words = request.body.text.trim().replace(/\p{Surrogate}|[^\P{Cc}\n\t]/gu, '\ufffd');
      await deps.desk.addNote(id, { text: words, at: deps.clock.now(), by: writerOf(request) });
      return presentRemarks(await deps.read.remarks(id));
    },
  );

  app.post(
    '/api/v1/incidents/:id/mark',
    {
      schema: {
        ...common,
        operationId: 'setMark',
        summary: 'Mark an incident as a false alarm or as a part of another one',
        description:
          "Needs a token with the scope `marks`. The mark stands beside the incident; the method's own states stay as " +
          'they were. null takes it away.',
        body: Type.Object(
          {
            mark: markSchema,
            target: Type.Optional(text('Incident that it is a part of; needed for merged.', 'azure-20260712T0905Z')),
          },
          { additionalProperties: false },
        ),
      },
      onRequest,
    },
    async (request) => {
      const { id } = await findIncident(deps, request.params.id);
      const { mark, target } = request.body;
      const wrong = (message: string) => badField({ field: 'body.target', value: target, message });
      if (mark !== 'merged' && target !== undefined)
        throw wrong('target goes with the mark "merged" only: leave it out');
      if (mark === 'merged') {
        if (target === undefined)
          throw wrong('target is missing: give the id of the incident that this one is a part of');
        if (target === id) throw wrong('an incident is no part of itself: give the id of another one');
        if (!(await deps.read.incident(target))) throw wrong(`no incident "${target}"; /api/v1/incidents lists them`);
      }
      const said = mark && { mark, target: target ?? null, at: deps.clock.now(), by: writerOf(request) };
      await deps.desk.setMark(id, said);
      return presentRemarks(await deps.read.remarks(id));
    },
  );
};
