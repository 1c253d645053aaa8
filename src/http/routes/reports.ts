// Takes a reader's own "it is down for me", where the installation has switched that on.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { nearest } from '../../core/nearest.js';
import { symptoms } from '../../core/post.js';
import { hour, minute } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { badField, Problem } from '../errors.js';
import { networkOf } from '../limits.js';
import { nullable, problemSchema, text } from '../schemas.js';
import { requireToken } from '../tokens.js';
import { untilStored } from '../until-stored.js';

/** A reader in trouble names a few services at once; more is a machine. */
const perHour = 5;

const formType = 'application/x-www-form-urlencoded';
const isForm = (request: FastifyRequest) => request.headers['content-type']?.startsWith(formType) === true;

/** A page of another site must not make its visitors report. Forms can be sent from anywhere: theirs must be told. */
function refuseForeignPages(request: FastifyRequest, publicUrl: string | null | undefined): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (isForm(request) && origin === undefined && site === undefined)
    throw new Problem(403, 'A form must say where it was sent from (Origin); send JSON from a program');
  const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : null);
  const own = origin === undefined || [request.host, hostOf(publicUrl ?? '')].includes(hostOf(origin) ?? 'none');
  if (own && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new Problem(403, 'A page of another site cannot send reports: link to the page of the service here instead');
}

const bearsToken = (request: FastifyRequest) => request.headers.authorization !== undefined;

interface Said {
  service: string;
  region?: string;
}

const symptomSchema = Type.Enum([...symptoms], {
  type: 'string',
  description: 'What fails; default down.',
  examples: ['login'],
});

export const reportRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  // A form sends what was left empty as an empty word.
  app.addContentTypeParser(formType, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries([...new URLSearchParams(String(body))].filter(([, value]) => value !== '')));
  });

  function checkService(id: string, region: string | null): string {
    const service = deps.catalog.service(id);
    if (service?.counts === 'region' && region === null) {
      const message = `${service.name} is reported by place: give your region, an ISO 3166 code like GB or US-CA`;
      throw badField({ field: 'body.region', message });
    }
    if (service && service.counts !== 'never') return id;
    const known = deps.catalog.services.filter((s) => s.counts !== 'never').map((s) => s.id);
    const allowed = nearest(id, known);
    const hint = allowed.length > 0 ? `did you mean ${allowed.join(' or ')}?` : '/api/v1/services lists them';
    throw badField({ field: 'body.service', value: id, message: `no service "${id}"; ${hint}`, allowed });
  }

  function checkRegion(code: string | undefined): string | null {
    if (code === undefined) return null;
    const region = deps.catalog.region(code.toUpperCase());
    if (region) return region.code;
    const message = `no region "${code}"; give an ISO 3166 code like GB or US-CA, or leave it out`;
    throw badField({ field: 'body.region', value: code, message });
  }

  function placed({ service, region }: Said): { service: string; region: string | null } {
    const code = checkRegion(region);
    return { service: checkService(service, code), region: code };
  }

  app.post(
    '/api/v1/reports',
    {
      bodyLimit: 16 * 1024,
      schema: {
        operationId: 'reportOutage',
        tags: ['write'],
        summary: 'Say that a service is down for you',
        description:
          'Needs no token; a few an hour from one address (with a token of the scope `reports` as many as you like). ' +
          "Readers' reports are a class of evidence of their own and never confirm an incident alone. The address is " +
          'not stored.',
        body: Type.Object(
          {
            service: text('Id of the service.', 'outlook'),
            symptom: Type.Optional(symptomSchema),
            region: Type.Optional(text('Where you are: ISO 3166-1 or 3166-2.', 'GB')),
            text: Type.Optional(
              Type.String({
                maxLength: 500,
                description: 'In your own words; shown as evidence.',
                examples: ['asks for my password again and again'],
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          202: Type.Object(
            {
              service: text('Id of the service.', 'outlook'),
              symptom: symptomSchema,
              region: nullable(text('Region; null when none was told.', 'GB')),
            },
            { additionalProperties: false, description: 'Stored; it is counted within seconds.' },
          ),
          400: problemSchema,
          401: problemSchema,
          403: problemSchema,
          404: problemSchema,
          429: problemSchema,
          503: problemSchema,
        },
      },
      onRequest: async (request) => {
        if (!deps.readers)
          throw new Problem(404, "Readers' reports are off here; readers.reports in the config switches them on");
        if (bearsToken(request)) await requireToken(request, deps, 'reports');
        else refuseForeignPages(request, deps.publicUrl);
      },
      // Told before it is counted: a slip of the pen costs no turn.
      preHandler: async (request) => void placed(request.body as Said),
      config: {
        rateLimit: {
          hook: 'preHandler',
          max: perHour,
          timeWindow: hour,
          allowList: bearsToken,
          errorResponseBuilder: (_request: FastifyRequest, { ttl }: { ttl: number }) =>
            new Problem(
              429,
              `That is enough for now: one address may send ${perHour} reports an hour, the next in ${Math.ceil(ttl / minute)} minutes`,
            ),
        },
      },
    },
    async (request, reply) => {
      const readers = deps.readers as NonNullable<typeof deps.readers>;
      const { service, region } = placed(request.body as Said);
      const { symptom = 'down' } = request.body;
      const author = bearsToken(request) ? null : readers.authorOf(networkOf(request));
      const words = (request.body.text ?? '').replace(/\p{Surrogate}|[^\P{Cc}\n\t]/gu, '\ufffd').trim();
      await untilStored(readers.offer({ service, symptom, region, text: words, author }));
      if (isForm(request)) return reply.redirect(`/services/${encodeURIComponent(service)}?reported=1#report`, 303);
      return reply.code(202).send({ service, symptom, region });
    },
  );
};
