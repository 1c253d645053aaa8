// What other pages show of a service: a badge, a card in a frame, and how to find them (oEmbed).
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { nearest } from '../../core/nearest.js';
import type { ServerDeps } from '../deps.js';
import { badField, Problem } from '../errors.js';
import { freshness, tellFreshness } from '../freshness.js';
import { html } from '../html.js';
import { baseUrl } from '../link.js';
import { sight } from '../page/layout.js';
import { chip, complaint, counted, places, stateWords, when } from '../page/words.js';
import { queryOf } from '../query.js';
import { oneOf, problemSchema, text } from '../schemas.js';
import { readServicesNow } from '../services-now.js';

const colours: Record<string, string> = {
  quiet: '#2d6a4f',
  watch: '#1c5f92',
  signal: '#a85a00',
  confirmed: '#a92a0e',
  recovering: '#00694d',
  unknown: '#5c616a',
  resolved: '#5c616a',
};

/** About as wide as the text is drawn at 11 px. */
const widthOf = (words: string) =>
  Math.round([...words].reduce((w, c) => w + (/[ilj.,:' ]/.test(c) ? 3.6 : /[mwMW]/.test(c) ? 9.6 : 6.7), 10));

function badge(label: string, message: string, colour: string): string {
  const [a, b] = [widthOf(label), widthOf(message)];
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="20" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title><clipPath id="r"><rect width="${a + b}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${a}" height="20" fill="#3b3f46"/><rect x="${a}" width="${b}" height="20" fill="${colour}"/></g><g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11"><text x="${a / 2}" y="14">${label}</text><text x="${a + b / 2}" y="14">${message}</text></g></svg>`
    .text;
}

/** A part of an address; one that is badly encoded stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const embedRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const { catalog, read } = deps;

  async function fareOf(id: string) {
    const service = catalog.service(id);
    if (!service) {
      const allowed = nearest(
        id,
        catalog.services.map((s) => s.id),
      );
      const hint = allowed.length > 0 ? `did you mean ${allowed.join(' or ')}?` : '/api/v1/services lists them';
      throw new Problem(404, `no service "${id}"; ${hint}`);
    }
    return (await readServicesNow(deps))(service);
  }
  const params = Type.Object({ id: text('Id of the service.', 'outlook') });
  const messageOf = (state: keyof typeof stateWords) =>
    state === 'quiet' ? 'quiet' : stateWords[state].label.toLowerCase();

  app.get(
    '/api/v1/services/:id/badge.svg',
    {
      schema: {
        operationId: 'getBadge',
        tags: ['neighbours'],
        summary: 'State of a service as a badge',
        params,
        querystring: queryOf({}),
        response: { 200: Type.String({ description: 'An SVG picture.', examples: ['<svg/>'] }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { name, state } = await fareOf(request.params.id);
      await tellFreshness(reply, deps);
      const svg = badge(name, messageOf(state), colours[state] as string);
      return reply.header('cache-control', 'public, max-age=60').type('image/svg+xml; charset=utf-8').send(svg);
    },
  );

  app.get(
    '/api/v1/services/:id/badge.json',
    {
      schema: {
        operationId: 'getShield',
        tags: ['neighbours'],
        summary: 'State of a service for shields.io (endpoint badge)',
        params,
        querystring: queryOf({}),
        response: {
          200: Type.Object(
            {
              schemaVersion: Type.Integer({ description: 'Always 1.', examples: [1] }),
              label: text('Name of the service.', 'Outlook'),
              message: text('Its state.', 'quiet'),
              color: text('Colour of the state.', '#2d6a4f'),
            },
            { additionalProperties: false, description: 'As shields.io reads it.' },
          ),
          404: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { name, state } = await fareOf(request.params.id);
      reply.header('cache-control', 'public, max-age=60');
      await tellFreshness(reply, deps);
      return { schemaVersion: 1, label: name, message: messageOf(state), color: colours[state] as string };
    },
  );

  app.get(
    '/embed/:id',
    {
      helmet: {
        contentSecurityPolicy: {
          useDefaults: false,
          directives: { defaultSrc: ["'none'"], styleSrc: ["'self'"], baseUri: ["'none'"], frameAncestors: ['*'] },
        },
        xFrameOptions: false,
      },
      schema: {
        operationId: 'getEmbed',
        tags: ['neighbours'],
        summary: 'State of a service as a card for a frame in another page',
        params,
        querystring: queryOf({}),
        response: {
          200: Type.String({ description: 'An HTML page.', examples: ['<!doctype html>'] }),
          404: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const fare = await fareOf(request.params.id);
      const incident = fare.incident ? await read.incident(fare.incident) : null;
      const judged = await read.judgedUntil();
      const link = `${baseUrl(request, deps)}/${incident ? `incidents/${encodeURIComponent(incident.id)}` : `services/${encodeURIComponent(fare.id)}`}`;
      const body = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${fare.name}</title><link rel="stylesheet" href="/assets/style.css"></head>
<body class="embed"><main class="card ${fare.state}"><header>${chip(fare.state)}<h1><a href="${link}" target="_blank" rel="noopener">${fare.name}</a></h1></header>
<p class="lede">${incident ? html`<strong>${counted(incident.authors, 'person', 'people')}</strong> ${incident.authors === 1 ? 'says' : 'say'} ${complaint(incident)}, ${places(incident.regions, catalog)}, since ${when(incident.startedAt, 'day')}.` : stateWords[fare.state].means}</p>
<p class="since">Reports by users, not outages measured. <a href="${link}" target="_blank" rel="noopener">Outcry</a></p></main>${sight(deps, judged)}</body></html>
`.text;
      return reply.header('cache-control', 'public, max-age=30').type('text/html; charset=utf-8').send(body);
    },
  );

  /** The service that one of our own addresses shows. @throws Problem. */
  async function serviceAt(url: string, request: FastifyRequest): Promise<string> {
    const base = baseUrl(request, deps);
    const path = url.startsWith(`${base}/`) ? url.slice(base.length) : '';
    const [, noun, id] = /^\/(services|incidents|embed)\/([^/?#]+)/.exec(path) ?? [];
    const found = noun === 'incidents' ? (await read.incident(decoded(id as string)))?.service : id;
    if (found && catalog.service(found)) return found;
    const message = `url must be the page of a service or incident of this server, like ${base}/services/outlook`;
    throw badField({ field: 'query.url', value: url, message });
  }

  app.get(
    '/oembed',
    {
      schema: {
        operationId: 'oembed',
        tags: ['neighbours'],
        summary: 'oEmbed: how to show a page of ours in another',
        querystring: queryOf({
          url: Type.String({
            description: 'Page of a service or incident.',
            examples: ['https://outcry.example.org/services/outlook'],
          }),
          format: Type.Enum(['json'], {
            type: 'string',
            default: 'json',
            description: 'Only json.',
            examples: ['json'],
          }),
          maxwidth: Type.Integer({ minimum: 200, default: 480, description: 'Pixels.', examples: [480] }),
          maxheight: Type.Integer({ minimum: 120, default: 240, description: 'Pixels.', examples: [240] }),
        }),
        response: {
          200: oneOf(
            {
              version: text('Always 1.0.', '1.0'),
              type: text('Always rich.', 'rich'),
              title: text('Name of the service.', 'Outlook'),
              provider_name: text('Always Outcry.', 'Outcry'),
              provider_url: text('This server.', 'https://outcry.example.org'),
              cache_age: Type.Integer({ description: 'Seconds.', examples: [60] }),
              width: Type.Integer({ description: 'Pixels.', examples: [480] }),
              height: Type.Integer({ description: 'Pixels.', examples: [240] }),
              html: text('A frame.', '<iframe src="https://outcry.example.org/embed/outlook"></iframe>'),
            },
            'As oEmbed 1.0 has it, and beside it how fresh the card is and what is blind, which the card says too.',
          ),
          400: problemSchema,
        },
      },
    },
    async (request) => {
      const id = await serviceAt(request.query.url, request);
      const base = baseUrl(request, deps);
      const [width, height] = [Math.min(request.query.maxwidth, 480), Math.min(request.query.maxheight, 240)];
      const title = catalog.service(id)?.name ?? id;
      return {
        ...(await freshness(deps)),
        version: '1.0',
        type: 'rich',
        title,
        provider_name: 'Outcry',
        provider_url: base,
        cache_age: 60,
        width,
        height,
        html: html`<iframe src="${base}/embed/${encodeURIComponent(id)}" width="${width}" height="${height}" title="${title}" loading="lazy"></iframe>`
          .text,
      };
    },
  );
};
