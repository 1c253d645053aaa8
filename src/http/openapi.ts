// The OpenAPI document, generated from the schemas of the routes.
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from './deps.js';

const tags = [
  { name: 'now', description: 'What stands out at this moment.' },
  { name: 'history', description: 'Counts over time, with what was to be expected.' },
  { name: 'catalog', description: 'Services, regions and methods.' },
  { name: 'health', description: 'How Outcry itself fares.' },
  { name: 'write', description: 'Needs a token.' },
  { name: 'neighbours', description: 'Shapes that other tools read.' },
];

type Json = Record<string, unknown>;

/** Moves every shape that has a title into the components, so that a client gets one type of that name. */
function withNames(document: object): object {
  const schemas: Record<string, Json> = {};
  function walk(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(walk);
    if (node === null || typeof node !== 'object') return node;
    const { title, ...rest } = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)]));
    if (typeof title !== 'string' || rest.properties === undefined)
      return title === undefined ? rest : { title, ...rest };
    schemas[title] ??= rest;
    return { $ref: `#/components/schemas/${title}` };
  }
  const { paths, components, ...head } = document as { paths: Json; components?: Json };
  const walked = walk(paths);
  return { ...head, components: { ...components, schemas }, paths: walked };
}

/** Serves /openapi.json. Call it before the routes are registered. */
export function addOpenapi(app: FastifyInstance, deps: Pick<ServerDeps, 'version' | 'method'>): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Outcry',
        version: deps.version,
        description:
          'What people report as failing, per service and region, with evidence. Reports are what people say, not ' +
          `proof of a failure. Times are ISO 8601 in UTC. Detection method: ${deps.method.version}.`,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags,
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A token of this installation.' },
        },
      },
    },
    hideUntagged: true,
  });
  let document: object | undefined;
  app.register(async (routes) => {
    routes.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      document ??= withNames(app.swagger());
      return document;
    });
  });
}
