// Takes posts that others send, where the installation has switched that on.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import type { Post } from '../../core/post.js';
import { createTurns } from '../../core/turns.js';
import type { ServerDeps } from '../deps.js';
import { type Fault, Problem } from '../errors.js';
import { count, problemSchema, text } from '../schemas.js';
import { requireToken } from '../tokens.js';
import { untilStored } from '../until-stored.js';

/** Most faults told in one answer; the counts are always complete. */
const maxFaults = 100;
const bodyLimit = 8 * 1024 * 1024;
const maxPosts = 20_000;

/** The JSON values of a body: one post, an array of posts, or a post a line. */
function* valuesOf(body: string, lines: boolean): Generator<{ place: string; value?: unknown; broken?: string }> {
  if (!lines) {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch {
      yield { place: 'body', broken: 'the body is not JSON: send {"id":"1","text":"...","createdAt":"..."}' };
      return;
    }
    if (!Array.isArray(value)) yield { place: 'body', value };
    else for (const [i, item] of value.entries()) yield { place: `body.${i}`, value: item };
    return;
  }
  // Line by line, not all at once: a body may hold millions of them.
  for (let from = 0, number = 1; from < body.length; number++) {
    const end = body.indexOf('\n', from);
    const line = body.slice(from, end < 0 ? body.length : end).trim();
    from = end < 0 ? body.length : end + 1;
    if (line === '') continue;
    const place = `line ${number}`;
    try {
      yield { place, value: JSON.parse(line) };
    } catch {
      yield { place, broken: `${place} is not JSON: send one object a line` };
    }
  }
}

/** One post as it is handed in: for the document; the inbox checks it. */
const postSchema = Type.Object(
  {
    id: text('Id that it has where it was made.', '3kabc'),
    text: text('Its words.', 'outlook login is broken again'),
    createdAt: text('When it was made: ISO 8601, epoch seconds or epoch ms.', '2026-07-12T09:13:00Z'),
    source: Type.Optional(text('Source to count it under; default push.', 'crawler')),
    platform: Type.Optional(text('Where it was made public.', 'mastodon')),
    author: Type.Optional(text('Who made it; kept as a keyed hash only.', '@someone')),
    lang: Type.Optional(text('Language, BCP 47.', 'en')),
    context: Type.Optional(text('Brand account addressed, forum or thread.', '@Outlook')),
    place: Type.Optional(text('Place of the author in words.', 'Leeds, UK')),
    url: Type.Optional(text('Permalink.', 'https://social.example.org/@someone/1')),
  },
  { description: 'One post, or an array of posts; as application/x-ndjson a post a line.' },
);

export const postRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/x-ndjson', 'application/ndjson', 'application/jsonl'],
    { parseAs: 'string', bodyLimit },
    (_request, body, done) => done(null, body),
  );

  app.post(
    '/api/v1/posts',
    {
      bodyLimit,
      schema: {
        operationId: 'pushPosts',
        tags: ['write'],
        summary: 'Hand in posts',
        description:
          'Needs a token with the scope `posts`. Send one post or an array as application/json, or a post a line as ' +
          'application/x-ndjson: `{id, text, createdAt}` and optionally `platform, author, lang, context, place, url`. ' +
          'A bad post is told and left out, the others are taken.',
        consumes: ['application/json', 'application/x-ndjson'],
        security: [{ token: [] }],
        body: postSchema,
        response: {
          202: Type.Object(
            {
              accepted: count('Posts taken; a post that is stored already counts once.', 998),
              rejected: count('Posts left out.', 2),
              problems: Type.Array(
                Type.Object({
                  field: Type.String({ description: 'Which post.', examples: ['line 7'] }),
                  message: Type.String({
                    description: 'What is wrong with it and the way out.',
                    examples: ['text is missing: give the words of the post as a string'],
                  }),
                }),
                { description: `What is wrong with those left out; at most ${maxFaults}.` },
              ),
            },
            { additionalProperties: false, description: 'Stored; they are counted within seconds.' },
          ),
          400: problemSchema,
          401: problemSchema,
          403: problemSchema,
          404: problemSchema,
          413: problemSchema,
          415: problemSchema,
          429: problemSchema,
          503: problemSchema,
        },
      },
      // Each post is checked on its own, so that a bad one does not lose the others.
      validatorCompiler: () => () => true,
      onRequest: async (request) => {
        if (!deps.inbox) {
          throw new Problem(404, 'Push is off here; it is switched on by a token under push.tokens in the config');
        }
        await requireToken(request, deps, 'posts');
      },
    },
    async (request, reply) => {
      const inbox = deps.inbox as NonNullable<typeof deps.inbox>;
      const lines = !request.headers['content-type']?.startsWith('application/json');
      const posts: Post[] = [];
      const faults: Fault[] = [];
      let rejected = 0;
      const endTurn = createTurns();
      for (const { place, value, broken } of valuesOf(typeof request.body === 'string' ? request.body : '', lines)) {
        const parsed = broken === undefined ? inbox.parse(value) : { problem: broken };
        if ('post' in parsed) posts.push(parsed.post);
        else if (++rejected <= maxFaults) faults.push({ field: place, message: parsed.problem });
        if (posts.length + rejected > maxPosts)
          throw new Problem(
            413,
            `a request holds at most ${maxPosts.toLocaleString('en')} posts; nothing of this one was taken: send them in several`,
          );
        await endTurn();
      }
      if (posts.length === 0) {
        const detail = rejected === 0 ? 'the body holds no post' : `none of ${rejected} posts could be taken`;
        throw new Problem(400, faults[0] ? `${detail}: ${faults[0].message}` : detail, { errors: faults });
      }
      await untilStored(inbox.offer(posts));
      return reply.code(202).send({ accepted: posts.length, rejected, problems: faults });
    },
  );
};
