// The pages and their static files.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { categories } from '../../core/catalog.js';
import { type IncidentState, incidentStates } from '../../core/signal.js';
import type { RouteDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { baseUrl } from '../link.js';
import { type Document, docsBody } from '../page/docs.js';
import { incidentPage } from '../page/incident.js';
import { type PageParts, page } from '../page/layout.js';
import { historyBody, methodBody, servicesBody, sourcesBody } from '../page/lists.js';
import { nowPage } from '../page/now.js';
import { ranges, servicePage } from '../page/service.js';
import { wallPage } from '../page/wall.js';
import { checkRegion, keys, queryOf } from '../query.js';
import { findIncident } from './incidents.js';

const web = fileURLToPath(new URL('../web/', import.meta.url));
const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));

export const pageRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, deps) => {
  await app.register(fastifyStatic, {
    root: web,
    prefix: '/assets/',
    maxAge: '5m',
    index: false,
    decorateReply: false,
  });
  for (const name of ['uPlot.esm.js', 'uPlot.min.css']) {
    const body = readFileSync(join(uplot, name), 'utf8');
    const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    app.get(`/assets/uplot/${name}`, { schema: { hide: true } }, async (_request, reply) => {
      return reply.type(type).header('cache-control', 'public, max-age=86400').send(body);
    });
  }

  const send = (reply: FastifyReply, parts: PageParts) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page(deps, parts));
  const judged = () => deps.read.judgedUntil();
  const hidden = { schema: { hide: true, querystring: queryOf({}) } };

  app.get(
    '/',
    {
      schema: {
        hide: true,
        // A form sends what was not chosen as an empty word.
        querystring: queryOf({
          category: Type.Enum([...categories, ''], { default: '' }),
          region: Type.String({ default: '' }),
          state: Type.Enum([...incidentStates, ''], { default: '' }),
        }),
      },
    },
    async (request, reply) => {
      const { category, region, state } = request.query;
      const filters = {
        category: category || undefined,
        region: checkRegion(deps.catalog, region || undefined),
        state: (state || undefined) as IncidentState | undefined,
      };
      return send(reply, { here: '/', ...(await nowPage(deps, filters)) });
    },
  );

  app.get(
    '/services',
    { schema: { hide: true, querystring: queryOf({ q: Type.String({ default: '', maxLength: 100 }) }) } },
    async (request, reply) => {
      const body = await servicesBody(deps, request.query.q);
      return send(reply, { title: 'Services – Outcry', here: '/services', judgedUntil: await judged(), body });
    },
  );

  app.get(
    '/services/:id',
    {
      schema: {
        hide: true,
        params: Type.Object({ id: Type.String() }),
        querystring: queryOf({
          range: Type.Enum([...ranges], { default: '24h' }),
          region: Type.String({ default: '*' }),
        }),
      },
    },
    async (request, reply) => {
      const service = deps.catalog.service(request.params.id);
      if (!service) throw new Problem(404, `no service "${request.params.id}"; /services lists them`);
      const region = checkRegion(deps.catalog, request.query.region) as string;
      return send(reply, {
        here: '/services',
        ...(await servicePage(deps, service, { range: request.query.range, region })),
      });
    },
  );

  app.get(
    '/incidents',
    { schema: { hide: true, querystring: queryOf({ cursor: keys.cursor }) } },
    async (request, reply) => {
      const found = await deps.read.incidents({ limit: 50, cursor: request.query.cursor });
      const body = historyBody(deps, found);
      return send(reply, { title: 'History – Outcry', here: '/incidents', judgedUntil: await judged(), body });
    },
  );

  app.get(
    '/incidents/:id',
    { schema: { hide: true, params: Type.Object({ id: Type.String() }), querystring: queryOf({}) } },
    async (request, reply) => {
      const incident = await findIncident(deps, request.params.id);
      return send(reply, { here: '/incidents', ...(await incidentPage(deps, incident, baseUrl(request, deps))) });
    },
  );

  app.get('/wall', hidden, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(await wallPage(deps)),
  );

  app.get('/sources', hidden, async (_request, reply) => {
    const judgedUntil = await judged();
    const body = await sourcesBody(deps, deps.clock.now());
    return send(reply, { title: 'Sources – Outcry', here: '/sources', judgedUntil, body });
  });

  app.get('/docs', hidden, async (_request, reply) => {
    const body = docsBody(app.swagger() as unknown as Document);
    return send(reply, { title: 'API – Outcry', here: '/docs', judgedUntil: await judged(), body });
  });

  app.get('/method', hidden, async (_request, reply) =>
    send(reply, { title: 'Method – Outcry', here: '/method', judgedUntil: await judged(), body: methodBody(deps) }),
  );
};
