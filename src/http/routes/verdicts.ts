// Lets an operator correct what the classifier said of a post.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { nearest } from '../../core/nearest.js';
import { type Kind, kinds } from '../../core/post.js';
import type { ServerDeps } from '../deps.js';
import { badField, Problem } from '../errors.js';
import { problemSchema, text } from '../schemas.js';
import { requireToken, writerOf } from '../tokens.js';

const kindSchema = Type.Unsafe<Kind | null>({
  type: ['string', 'null'],
  enum: [...kinds, null],
  description: 'What the post says; null takes the correction back.',
  examples: ['news'],
});

export const verdictRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.post(
    '/api/v1/posts/:id/verdict',
    {
      schema: {
        operationId: 'correctVerdict',
        tags: ['write'],
        summary: 'Correct the verdict about a post',
        description:
          "Needs a token with the scope `verdicts`. The correction takes the place of the classifier's word at once, " +
          'counts are repaired, and `outcry train --db` learns from it.',
        security: [{ token: [] }],
        params: Type.Object({ id: text('Id of the post, as evidence shows it.', 'bluesky:3kabc') }),
        body: Type.Object(
          {
            kind: kindSchema,
            services: Type.Optional(
              Type.Array(Type.String(), {
                maxItems: 20,
                description: 'Services that fail or recover; left out, the subject that the classifier sees.',
                examples: [['outlook']],
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            {
              id: text('Id of the post.', 'bluesky:3kabc'),
              kind: kindSchema,
              services: Type.Array(Type.String(), {
                description: 'Services that it is about now.',
                examples: [['outlook']],
              }),
            },
            { additionalProperties: false, description: 'The verdict that stands.' },
          ),
          400: problemSchema,
          401: problemSchema,
          403: problemSchema,
          404: problemSchema,
        },
      },
      onRequest: (request) => requireToken(request, deps, 'verdicts'),
    },
    async (request) => {
      const { id } = request.params;
      const { kind, services } = request.body;
      for (const [i, service] of services?.entries() ?? []) {
        if (deps.catalog.service(service)) continue;
        const allowed = nearest(
          service,
          deps.catalog.services.map((s) => s.id),
        );
        const hint = allowed.length > 0 ? `did you mean ${allowed.join(' or ')}?` : '/api/v1/services lists them';
        const message = `no service "${service}"; ${hint}`;
        throw badField({ field: `body.services.${i}`, value: service, message, allowed });
      }
      const by = writerOf(request);
      const stands = await deps.desk.correct(id, kind === null ? null : { kind, services, by });
      if (stands === null) {
        const message = `no post "${id}" with its text: it is unknown, was deleted, or its retention is over`;
        throw new Problem(404, message, { errors: [{ field: 'path.id', value: id, message }] });
      }
      return { id, kind, services: stands };
    },
  );
};
