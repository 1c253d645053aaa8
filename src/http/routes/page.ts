// The pages and their static files.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { categories } from '../../core/catalog.js';
import { type IncidentState, incidentStates } from '../../core/signal.js';
import type { RouteDeps } from '../deps.js';
import { badField, Problem } from '../errors.js';
import { freeze } from '../frozen.js';
import { baseUrl, oembedLink } from '../link.js';
import { comparedWith } from '../page/compare.js';
import { type Document, docsBody } from '../page/docs.js';
import { frozenPage } from '../page/frozen.js';
import { incidentPage } from '../page/incident.js';
import { type PageParts, page } from '../page/layout.js';
import { historyBody, servicesBody } from '../page/lists.js';
import { methodBody } from '../page/method.js';
import { nowPage } from '../page/now.js';
import { servicePage } from '../page/service.js';
import { sourcesBody } from '../page/sources.js';
import { wallPage } from '../page/wall.js';
import { chosenWindow, ranges } from '../page/window.js';
import { checkRegion, keys, queryOf, readWindow } from '../query.js';
import { findIncident } from './incidents.js';
import { mapRoutes } from './map.js';

const web = fileURLToPath(new URL('../web/', import.meta.url));
const sheetNames = ['base', 'parts', 'now', 'charts', 'pages', 'wall', 'print'];
/** Static files that are served one by one, by the end of their names. */
const assetTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};
const uplot = dirname(createRequire(import.meta.url).resolve('uplot'));

export const pageRoutes: FastifyPluginAsyncTypebox<RouteDeps> = async (app, deps) => {
  for (const name of readdirSync(web)) {
    const type = assetTypes[extname(name)];
    if (!type) continue;
    const text = readFileSync(join(web, name), 'utf8');
    app.get(`/assets/${name}`, { schema: { hide: true } }, async (_request, reply) => {
      return reply.type(type).header('cache-control', 'public, max-age=300').send(text);
    });
  }
  // The package has its small form as a plain script only; with one line more it is a module.
  const library = `${readFileSync(join(uplot, 'uPlot.iife.min.js'), 'utf8')}\nexport default uPlot;\n`;
  app.get('/assets/uplot/uPlot.esm.js', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type('text/javascript; charset=utf-8').header('cache-control', 'public, max-age=86400').send(library);
  });
  // One sheet for the browser, one file a view for people.
  const sheets = [join(uplot, 'uPlot.min.css'), ...sheetNames.map((name) => join(web, 'style', `${name}.css`))];
  const style = sheets.map((file) => readFileSync(file, 'utf8').replace(/^\/\*.*\*\/\n/gm, '')).join('\n');
  app.get('/assets/style.css', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=300').send(style);
  });
  await app.register(mapRoutes, deps);

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
          since: keys.since,
          until: keys.until,
          compare: Type.String({ default: '', maxLength: 300 }),
          with: Type.String({ default: '', maxLength: 60 }),
          reported: Type.Optional(Type.Literal('1')),
        }),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const service = deps.catalog.service(request.params.id);
      if (!service) throw new Problem(404, `no service "${request.params.id}"; /services lists them`);
      const region = checkRegion(deps.catalog, query.region || '*') as string;
      const compare = comparedWith(deps.catalog, service, query.compare, query.with);
      if (query.with !== '') {
        // What was typed becomes part of an address that can be shared.
        const next = new URLSearchParams(request.url.split('?')[1]);
        next.delete('with');
        next.set('compare', compare.map((s) => s.id).join(','));
        return reply.redirect(`/services/${encodeURIComponent(service.id)}?${next}`, 303);
      }
      const edges = readWindow(query, deps.clock.now());
      const now = (await judged()) ?? deps.clock.now();
      const window = chosenWindow(deps, { range: query.range, ...edges }, now);
      const zoomed = edges.since !== undefined || edges.until !== undefined;
      // The form on it is sent with its origin, so that the server can tell it from one on another site.
      reply.header('referrer-policy', 'same-origin');
      oembedLink(request, reply, deps);
      return send(reply, {
        here: '/services',
        ...(await servicePage(deps, service, {
          range: query.range,
          window,
          zoomed,
          region,
          compare,
          reported: query.reported === '1',
        })),
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
    {
      schema: {
        hide: true,
        params: Type.Object({ id: Type.String() }),
        querystring: queryOf({ since: keys.since, until: keys.until, at: keys.at }),
      },
    },
    async (request, reply) => {
      const incident = await findIncident(deps, request.params.id);
      const { at, since, until } = request.query;
      if (at !== undefined) {
        if ((since ?? until) !== undefined)
          throw badField({
            field: 'query.at',
            value: at,
            message: 'at goes without since and until: what is frozen has no chart',
          });
        return send(reply, { here: '/incidents', ...(await frozenPage(deps, await freeze(deps, incident, at))) });
      }
      const edges = readWindow(request.query, deps.clock.now());
      oembedLink(request, reply, deps);
      const parts = await incidentPage(deps, incident, { base: baseUrl(request, deps), ...edges });
      return send(reply, { here: '/incidents', ...parts });
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
    send(reply, {
      title: 'Method – Outcry',
      here: '/method',
      judgedUntil: await judged(),
      body: await methodBody(deps),
    }),
  );
};
