// Builds the server: the API, the stream, the feeds and the page. It never listens.
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import etag from '@fastify/etag';
import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import { createCache } from './cache.js';
import type { RouteDeps, ServerDeps } from './deps.js';
import { addProblems, refuseClient, sendUnreadable } from './errors.js';
import { freshHeaders } from './freshness.js';
import { addIdempotency } from './idempotency.js';
import { addLimits, limitHeaders } from './limits.js';
import { addOpenapi } from './openapi.js';
import { annotationRoutes } from './routes/annotations.js';
import { citeRoutes } from './routes/cite.js';
import { embedRoutes } from './routes/embed.js';
import { feedRoutes } from './routes/feeds.js';
import { healthRoutes } from './routes/health.js';
import { incidentRoutes } from './routes/incidents.js';
import { manageRoutes } from './routes/manage.js';
import { markRoutes } from './routes/marks.js';
import { metricRoutes } from './routes/metrics.js';
import { officialRoutes } from './routes/official.js';
import { pageRoutes } from './routes/page.js';
import { postRoutes } from './routes/posts.js';
import { regionRoutes } from './routes/regions.js';
import { reportRoutes } from './routes/reports.js';
import { seriesRoutes } from './routes/series.js';
import { serviceRoutes } from './routes/services.js';
import { sourceRoutes } from './routes/sources.js';
import { spikeRoutes } from './routes/spikes.js';
import { statuspageRoutes } from './routes/statuspage.js';
import { streamRoutes } from './routes/stream.js';
import { summaryRoutes } from './routes/summary.js';
import { verdictRoutes } from './routes/verdicts.js';
import { createSeriesReader } from './series.js';

/** What a browser may do with a page of ours: nothing from outside, nothing inline. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** Text of all kinds; a stream of events is sent as it comes, and Parquet is packed already. */
const compressible = /^text\/(?!event-stream)|[/+-](?:json|ndjson|xml)(?:;|$)/;

/** What data tells a browser that opens it: to run nothing, to frame it nowhere, and what it is. The rest is for pages. */
const helmetOfData = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  referrerPolicy: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

/**
 * Builds the server with all its routes.
 * @throws what a plugin throws while it loads, once `ready` or `listen` is called.
 */
export function createServer(deps: ServerDeps): FastifyInstance {
  const logger = deps.logger ?? false;
  const app = Fastify({
    ...(typeof logger === 'object' && 'child' in logger ? { loggerInstance: logger } : { logger }),
    // Unknown keys are told, never dropped; `verbose` lets an error name the keys that are known.
    ajv: { customOptions: { removeAdditional: false, allErrors: true, verbose: true, coerceTypes: true } },
    bodyLimit: 1024 * 1024,
    // A client that dribbles its request does not hold a connection for ever.
    requestTimeout: 30_000,
    forceCloseConnections: true,
    trustProxy: deps.proxies && deps.proxies.length > 0 ? [...deps.proxies] : false,
    frameworkErrors: sendUnreadable,
    clientErrorHandler: refuseClient,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
  }).withTypeProvider<TypeBoxTypeProvider>();

  const cache = createCache();
  cache.answer(app as unknown as FastifyInstance);
  addProblems(app as unknown as FastifyInstance);
  app.addHook('onRoute', (route) => {
    if (/^\/(api|feeds)\//.test(route.url)) Object.assign(route, { helmet: helmetOfData });
  });
  app.register(helmet, {
    contentSecurityPolicy,
    // Plain HTTP on one's own machine is a normal way to run this; TLS belongs to the proxy in front.
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD'],
    exposedHeaders: ['ETag', 'Link', 'Retry-After', ...limitHeaders, ...freshHeaders],
  });
  addLimits(app as unknown as FastifyInstance, deps);
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'public, max-age=5');
    const vary = reply.getHeader('vary');
    reply.header('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding');
  });
  app.register(etag, { replyWith304: false });
  app.register(compress, { threshold: 1024, customTypes: compressible });
  app.after(() => cache.keep(app as unknown as FastifyInstance));
  addOpenapi(app, deps);
  const inside: RouteDeps = { ...deps, series: createSeriesReader(deps.read, deps.widthMs) };
  app.register(async (routes) => {
    addIdempotency(routes, inside);
    for (const register of [
      healthRoutes,
      serviceRoutes,
      regionRoutes,
      spikeRoutes,
      incidentRoutes,
      officialRoutes,
      seriesRoutes,
      sourceRoutes,
      postRoutes,
      reportRoutes,
      verdictRoutes,
      markRoutes,
      manageRoutes,
      streamRoutes,
      annotationRoutes,
      citeRoutes,
      embedRoutes,
      feedRoutes,
      metricRoutes,
      statuspageRoutes,
      summaryRoutes,
      pageRoutes,
    ])
      routes.register(register, inside);
  });
  return app as unknown as FastifyInstance;
}
