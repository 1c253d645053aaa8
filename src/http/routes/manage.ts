// Services and sources over the API, where the config allows it: put, changed and taken back while Outcry runs.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { categories } from '../../core/catalog.js';
import type { EntryFault, Managed, Manager } from '../../core/ports.js';
import type { ServerDeps } from '../deps.js';
import { Problem } from '../errors.js';
import { nullable, problemSchema, text } from '../schemas.js';
import { requireToken, writerOf } from '../tokens.js';

const list = (description: string, example: string[]) =>
  Type.Optional(Type.Array(Type.String(), { description, examples: [example] }));

/** For the document; the catalog checks it. */
const serviceEntry = {
  name: Type.Optional(text('Name as people know it; needed for a new service.', 'Northern Fibre')),
  category: Type.Optional(
    Type.Enum([...categories], {
      type: 'string',
      description: 'What it is for; needed for a new service.',
      examples: ['isp'],
    }),
  ),
  parent: Type.Optional(nullable(text('Service that it is a part of.', 'microsoft-365'))),
  aliases: list('Names that mean it wherever they stand; for a new service its name, where left out.', ['nofi']),
  ambiguousAliases: list('Names that are ordinary words too.', ['north']),
  context: list('Words that make an ambiguous name mean it.', ['broadband']),
  notContext: list('Words that make an ambiguous name mean something else.', ['pole']),
  handles: list('Accounts that people address.', ['@NorthernFibre']),
  regions: Type.Optional(
    Type.Unsafe<string[] | null>({
      type: ['array', 'null'],
      items: { type: 'string' },
      description: 'Home regions, ISO 3166; null = everywhere.',
      examples: [['GB-ENG']],
    }),
  ),
  dependsOn: list('Services that it needs in order to work.', ['aws']),
  domain: Type.Optional(nullable(text('Its main address.', 'northernfibre.example'))),
  statusPage: Type.Optional(nullable(text('Its official status page.', 'https://status.northernfibre.example'))),
  statusApi: Type.Optional(
    nullable(text('Where that page answers machines as Statuspage does.', 'https://status.northernfibre.example')),
  ),
};
const sourceEntry = {
  kind: text('Kind of source; its options stand beside it, as in the config (docs/sources.md).', 'feed'),
};
const idField = { id: text('Id of the service, kebab-case.', 'northern-fibre') };
const nameField = { name: text('Name of the source.', 'isp-forum') };

const about = 'Needs a token with the scope `manage` and `api.manage: true` in the config.';
const outcomes = {
  service: 'It is listened for from now on; lists are added to those of the catalog, single values replace them.',
  source: 'It is read from now on. Its options are never told again: they may hold secrets.',
};

export const manageRoutes: FastifyPluginAsyncTypebox<ServerDeps> = async (app, deps) => {
  const allow = async (request: FastifyRequest) => {
    if (!deps.manager)
      throw new Problem(404, 'Services and sources are not taken here; api.manage in the config switches that on');
    await requireToken(request, deps, 'manage');
  };

  /** @throws Problem 400 that names each field. */
  function refuse(faults: readonly EntryFault[], status = 400): void {
    if (faults.length === 0) return;
    const errors = faults.map(({ field, message }) => ({ field: field ? `body.${field}` : 'body', message }));
    throw new Problem(status, errors.map((e) => e.message).join('; '), { errors });
  }

  const isThere = (kind: Managed['kind'], name: string) =>
    kind === 'service' ? deps.catalog.service(name) !== undefined : deps.health().some((s) => s.name === name);

  async function put(kind: Managed['kind'], name: string, request: FastifyRequest, reply: FastifyReply) {
    const created = !isThere(kind, name);
    refuse(await (deps.manager as Manager).put(kind, name, request.body, writerOf(request)));
    return reply.code(created ? 201 : 200).send({ [kind]: name });
  }

  const kinds = [
    {
      kind: 'service' as const,
      path: '/api/v1/services',
      key: 'id',
      keyField: idField,
      entry: serviceEntry,
      // The name of a service is no address, and a source has no other.
      params: Type.Object(idField),
    },
    {
      kind: 'source' as const,
      path: '/api/v1/sources',
      key: 'name',
      keyField: nameField,
      entry: sourceEntry,
      params: Type.Object(nameField),
    },
  ];

  for (const { kind, path, key, keyField, entry, params } of kinds) {
    const title = kind === 'service' ? 'Service' : 'Source';
    const answer = Type.Object(
      { [kind]: Object.values(keyField)[0] as typeof idField.id },
      { additionalProperties: false, description: outcomes[kind] },
    );
    const refusals = { 400: problemSchema, 401: problemSchema, 403: problemSchema, 404: problemSchema };
    const schema = { tags: ['write'], security: [{ token: [] }] };
    const checkedElsewhere = {
      onRequest: allow,
      bodyLimit: 64 * 1024,
      // The same checks as for the config and the catalog's file, all faults at once.
      validatorCompiler: () => () => true,
    };

    app.post(
      path,
      {
        ...checkedElsewhere,
        schema: {
          ...schema,
          operationId: `add${title}`,
          summary: `Add a ${kind}`,
          description: `${about} One that is there already is a 409: PUT changes it.`,
          body: Type.Object({ ...keyField, ...entry }),
          response: { 201: answer, ...refusals, 409: problemSchema },
        },
      },
      async (request, reply) => {
        const name = (request.body as Record<string, unknown> | null)?.[key];
        if (typeof name !== 'string' || name === '')
          refuse([
            {
              field: key,
              message: `${key} is missing: give the ${kind} a name of its own, such as "${key === 'id' ? 'my-isp' : 'isp-forum'}"`,
            },
          ]);
        if (isThere(kind, name as string))
          refuse(
            [{ field: key, message: `there is a ${kind} "${name}" already: PUT ${path}/${name} changes it` }],
            409,
          );
        return put(kind, name as string, request, reply);
      },
    );

    app.put(
      `${path}/:${key}`,
      {
        ...checkedElsewhere,
        schema: {
          ...schema,
          operationId: `put${title}`,
          summary: `Add or change a ${kind}`,
          description: `${about} It takes the place of what was put here before and goes before what the config says.`,
          params,
          body: Type.Object(entry),
          response: { 200: answer, 201: answer, ...refusals },
        },
      },
      async (request, reply) => put(kind, (request.params as Record<string, string>)[key] as string, request, reply),
    );

    app.delete(
      `${path}/:${key}`,
      {
        onRequest: allow,
        schema: {
          ...schema,
          operationId: `drop${title}`,
          summary: `Take back a ${kind} that was put here`,
          description: `${about} What the config and the catalog say stands again; they cannot be taken away here.`,
          params,
          response: {
            204: Type.Null({ description: 'Taken back.' }),
            401: problemSchema,
            403: problemSchema,
            404: problemSchema,
            409: problemSchema,
          },
        },
      },
      async (request, reply) => {
        const name = (request.params as Record<string, string>)[key] as string;
        const faults = await (deps.manager as Manager).drop(kind, name);
        if (faults) {
          refuse(faults, 409);
          return reply.code(204).send(null);
        }
        const where = kind === 'service' ? 'it comes with the catalog' : 'it stands in the config';
        const fault = isThere(kind, name)
          ? { status: 409, message: `the ${kind} "${name}" was not put here: ${where}` }
          : { status: 404, message: `no ${kind} "${name}"; ${path} lists them` };
        throw new Problem(fault.status, fault.message, {
          errors: [{ field: `path.${key}`, value: name, message: fault.message }],
        });
      },
    );
  }
};
