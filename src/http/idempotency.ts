// Idempotency-Key: a request that is sent again gets the first answer again, and its work is not done twice.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { day } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import { badField, Problem } from './errors.js';
import { networkOf } from './limits.js';

const header = 'idempotency-key';
const keptMs = day;
const maxLength = 255;

const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('base64url');

/**
 * Honours the header on every POST route registered after it. Only what was done is kept: a refused request may be
 * mended under the same key.
 */
export function addIdempotency(
  app: FastifyInstance,
  deps: Pick<ServerDeps, 'read' | 'desk' | 'clock' | 'readers'>,
): void {
  /** Keys that are being answered. */
  const busy = new Set<string>();
  const asked = new WeakMap<FastifyRequest, { key: string; request: string; replayed: boolean }>();

  async function replay(request: FastifyRequest, reply: FastifyReply) {
    const given = request.headers[header];
    if (given === undefined) return;
    const wrong = (message: string) => ({ field: `header.${header}`, value: given, message });
    if (typeof given !== 'string' || given === '' || given.length > maxLength)
      throw badField(wrong(`${header} must have 1 to ${maxLength} characters`));
    const sender = request.headers.authorization ?? deps.readers?.authorOf(networkOf(request)) ?? '';
    const key = hash(sender, given);
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    const now = { key, request: hash(request.url, body), replayed: false };
    if (busy.has(key)) {
      const detail = `the request with this ${header} is still being answered: send it again in a moment`;
      throw new Problem(409, detail, { headers: { 'retry-after': '1' } });
    }
    busy.add(key);
    asked.set(request, now);
    const known = await deps.read.outcome(key, deps.clock.now() - keptMs);
    if (!known) return;
    now.replayed = true;
    if (known.request !== now.request) {
      const fault = wrong(`this ${header} belongs to another request: choose a new one`);
      throw new Problem(422, fault.message, { errors: [fault] });
    }
    return reply.code(known.status).header('idempotency-replayed', 'true').send(JSON.parse(known.body));
  }

  async function keep(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
    const now = asked.get(request);
    if (now && !now.replayed && reply.statusCode < 300) {
      const at = deps.clock.now();
      const { key, request: hashed } = now;
      const body = JSON.stringify(payload);
      await deps.desk.keepOutcome({ key, request: hashed, status: reply.statusCode, body, at }, at - keptMs);
    }
    return payload;
  }

  async function letGo(request: FastifyRequest) {
    const now = asked.get(request);
    if (now) busy.delete(now.key);
  }

  // Put into the routes that want them: hooks of the whole server would cost every read.
  app.addHook('onRoute', (route) => {
    if (route.method !== 'POST' || !route.schema) return;
    route.schema.headers = Type.Object({
      [header]: Type.Optional(
        Type.String({
          description: 'Of your choice, at most 255 characters: for 24 hours the same key gets the same answer.',
          examples: ['0b7e6a52-8f0c-4f5e-9d7b-0a4a5f1f2a11'],
        }),
      ),
    });
    route.preHandler = [replay, ...[route.preHandler ?? []].flat()];
    route.preSerialization = [keep, ...[route.preSerialization ?? []].flat()];
    route.onResponse = [letGo, ...[route.onResponse ?? []].flat()];
  });
}
