// How fresh an answer is and what Outcry cannot see: said with every answer.
import type { FastifyReply } from 'fastify';
import { toIso } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import type { Coverage } from './schemas.js';

export interface Freshness {
  asOf: string | null;
  coverage: Coverage;
}

/** Headers that tell the same beside forms that have no room for it: rows, feeds, flat lists. */
export const freshHeaders = ['Outcry-As-Of', 'Outcry-Coverage'];

/** What the sources let Outcry see now; no source at all is blindness too. */
export function coverageOf(deps: Pick<ServerDeps, 'health'>): Coverage {
  // Status pages hear no crowd.
  const sources = deps.health().filter((s) => !s.official);
  const blind = sources.filter((s) => s.state !== 'healthy' && s.state !== 'starting').map((s) => s.name);
  const alive = sources.length - blind.length;
  const state = alive === 0 ? 'blind' : blind.length > 0 ? 'partial' : 'full';
  return { state, sources: sources.length, alive, blind };
}

/** True when every source came to its end by itself (files do): what is shown is the end of them, not a failure. */
export function hasEnded(deps: Pick<ServerDeps, 'health'>): boolean {
  const sources = deps.health();
  return sources.length > 0 && sources.every((s) => s.state === 'stopped');
}

/** @returns end of what has been judged and what Outcry sees now. */
export async function freshness(deps: ServerDeps): Promise<Freshness> {
  const judgedUntil = await deps.read.judgedUntil();
  return { asOf: judgedUntil === null ? null : toIso(judgedUntil), coverage: coverageOf(deps) };
}

/** Tells it in headers. */
export async function tellFreshness(reply: FastifyReply, deps: ServerDeps): Promise<void> {
  const { asOf, coverage } = await freshness(deps);
  const [name = '', state = ''] = freshHeaders;
  reply.header(name, asOf ?? 'never').header(state, coverage.state);
}
