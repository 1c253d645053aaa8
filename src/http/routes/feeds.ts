// Feeds: one item an incident, in Atom, RSS and JSON Feed.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { type Catalog, type Category, categories } from '../../core/catalog.js';
import type { Incident } from '../../core/signal.js';
import { second, toIso } from '../../core/time.js';
import { citationOf } from '../citation.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { type Filters, incidentFilter, incidentFilterKeys, readFilters, voicesOf, voicesPass } from '../filters.js';
import { tellFreshness } from '../freshness.js';
import { html, type Markup } from '../html.js';
import { baseUrl } from '../link.js';
import { complaint, places, stateWords } from '../page/words.js';
import { filteredPage } from '../paging.js';
import { checkRegion, checkService, keys, queryOf } from '../query.js';
import { problemSchema } from '../schemas.js';

const maxItems = 50;

interface Item {
  id: string;
  url: string;
  title: string;
  text: string;
  publishedAt: number;
  updatedAt: number;
  tags: string[];
}
interface Feed {
  title: string;
  self: string;
  home: string;
  updatedAt: number;
  items: Item[];
}

/**
 * Newest first, no two with the same second: Slack's reader drops an item whose date is not later than the one before.
 * An item moves to a later second when an older one has taken its own.
 */
function inOrder(items: Item[]): Item[] {
  let last = Number.NEGATIVE_INFINITY;
  return items
    .sort((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1))
    .map((item) => {
      last = Math.max(Math.floor(item.publishedAt / second) * second, last + second);
      return { ...item, publishedAt: last, updatedAt: Math.max(item.updatedAt, last) };
    })
    .reverse();
}

function itemOf(incident: Incident, updatedAt: number, catalog: Catalog, base: string): Item {
  const service = catalog.service(incident.service);
  const people = `${incident.authors.toLocaleString('en')} ${incident.authors === 1 ? 'person says' : 'people say'}`;
  return {
    id: `urn:outcry:${incident.id}`,
    url: `${base}/incidents/${encodeURIComponent(incident.id)}`,
    title: `${stateWords[incident.state].label}: ${service?.name ?? incident.service} – ${people} ${complaint(incident)}, ${places(incident.regions, catalog)}`,
    text: citationOf(incident, catalog, updatedAt).text,
    publishedAt: incident.detectedAt,
    updatedAt,
    tags: [incident.service, service?.category ?? 'other', incident.state],
  };
}

function atom(feed: Feed): Markup {
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>${feed.title}</title><id>${feed.self}</id><updated>${toIso(feed.updatedAt)}</updated><link rel="self" type="application/atom+xml" href="${feed.self}"/><link rel="alternate" type="text/html" href="${feed.home}"/><author><name>Outcry</name></author>
${feed.items.map(
  (
    i,
  ) => html`<entry><id>${i.id}</id><title>${i.title}</title><link href="${i.url}"/><published>${toIso(i.publishedAt)}</published><updated>${toIso(i.updatedAt)}</updated>${i.tags.map((t) => html`<category term="${t}"/>`)}<summary>${i.text}</summary></entry>
`,
)}</feed>
`;
}

const rssDate = (t: number) => new Date(t).toUTCString();

function rss(feed: Feed): Markup {
  return html`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${feed.title}</title><link>${feed.home}</link><description>What people report as failing.</description><lastBuildDate>${rssDate(feed.updatedAt)}</lastBuildDate><ttl>1</ttl><atom:link rel="self" type="application/rss+xml" href="${feed.self}"/>
${feed.items.map(
  (
    i,
  ) => html`<item><guid isPermaLink="false">${i.id}</guid><title>${i.title}</title><link>${i.url}</link><pubDate>${rssDate(i.publishedAt)}</pubDate>${i.tags.map((t) => html`<category>${t}</category>`)}<description>${i.text}</description></item>
`,
)}</channel></rss>
`;
}

function jsonFeed(feed: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.home,
    feed_url: feed.self,
    items: feed.items.map((i) => ({
      id: i.id,
      url: i.url,
      title: i.title,
      content_text: i.text,
      date_published: toIso(i.publishedAt),
      date_modified: toIso(i.updatedAt),
      tags: i.tags,
    })),
  });
}

const types = {
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
} as const;

export const feedRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const { read, catalog } = deps;

  /** What a path like `services/outlook` narrows a feed to. @throws Problem. */
  function narrowed(by: string | undefined, value: string | undefined): Filters & { of: string } {
    if (by === undefined || value === undefined) return { of: 'all services' };
    if (by === 'services') {
      const service = checkService(catalog, value) as string;
      return { service, of: catalog.service(service)?.name ?? service };
    }
    if (by === 'regions') {
      const region = checkRegion(catalog, value) as string;
      return { region, of: places([region], catalog) };
    }
    if (by === 'categories' && categories.includes(value as Category)) return { category: value, of: value };
    const allowed = by === 'categories' ? [...categories] : ['services', 'regions', 'categories'];
    throw new Problem(404, `no feed of ${by}/${value}; there are ${allowed.join(', ')}`);
  }

  const about = (summary: string) => ({
    tags: ['neighbours'],
    summary,
    description: 'One item an incident, newest first; `{format}` is `atom`, `rss` or `json` (JSON Feed 1.1).',
    querystring: queryOf({ ...incidentFilterKeys, since: keys.since, until: keys.until }),
    response: {
      200: Type.String({ description: 'The feed.', examples: ['<feed/>'] }),
      400: problemSchema,
      404: problemSchema,
    },
  });
  const format = Type.Enum(['atom', 'rss', 'json'], {
    type: 'string',
    description: 'Form of the feed.',
    examples: ['atom'],
  });

  interface FeedRequest {
    by?: string;
    value?: string;
    format: keyof typeof types;
  }

  async function feedOf(request: import('fastify').FastifyRequest, params: FeedRequest): Promise<string> {
    const { of, ...path } = narrowed(params.by, params.value);
    const filters = { ...readFilters(request.query as Parameters<typeof readFilters>[0], deps), ...path };
    const { service } = filters;
    const wanted = incidentFilter(filters, catalog);
    const page = await filteredPage(
      (p) => read.incidents({ ...wanted, ...p }),
      (i) => voicesPass(filters, i, () => voicesOf(read, i)),
      { limit: maxItems },
    );
    const base = baseUrl(request, deps);
    const items: Item[] = [];
    for (const incident of page.items) {
      const last = (await read.changes(incident.id)).at(-1);
      items.push(itemOf(incident, last?.at ?? incident.detectedAt, catalog, base));
    }
    const feed: Feed = {
      title: `Outcry: ${of}`,
      self: `${base}${request.url}`,
      home: service ? `${base}/services/${service}` : `${base}/`,
      updatedAt: Math.max(0, ...items.map((i) => i.updatedAt)),
      items: inOrder(items),
    };
    return params.format === 'json' ? jsonFeed(feed) : (params.format === 'atom' ? atom(feed) : rss(feed)).text;
  }

  app.get(
    '/feeds/incidents.:format',
    {
      schema: { operationId: 'feed', ...about('Incidents of all services as a feed'), params: Type.Object({ format }) },
    },
    async (request, reply) => {
      reply.header('cache-control', 'public, max-age=60').type(types[request.params.format]);
      await tellFreshness(reply, deps);
      return reply.send(await feedOf(request, request.params));
    },
  );
  app.get(
    '/feeds/:by/:value.:format',
    {
      schema: {
        operationId: 'narrowFeed',
        ...about('Incidents of one service, region or category as a feed'),
        params: Type.Object({
          by: Type.Enum(['services', 'regions', 'categories'], {
            type: 'string',
            description: 'What the feed is narrowed to.',
            examples: ['services'],
          }),
          value: Type.String({
            description: 'Id of the service, code of the region, or category.',
            examples: ['outlook'],
          }),
          format,
        }),
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'public, max-age=60').type(types[request.params.format]);
      await tellFreshness(reply, deps);
      return reply.send(await feedOf(request, request.params));
    },
  );
};
