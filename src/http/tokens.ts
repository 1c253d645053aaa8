// Tokens of those who may write, by the config and by the store: kept as SHA-256 hashes, compared in constant time.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Scope, Token } from '../core/ports.js';
import type { ServerDeps } from './deps.js';
import { Problem } from './errors.js';

/** Whose token let a request pass. */
const writers = new WeakMap<FastifyRequest, Token>();

/** The form in which a token is kept. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token that a request bears, or undefined when it bears none that is known. */
async function findToken(
  request: FastifyRequest,
  deps: Pick<ServerDeps, 'tokens' | 'read'>,
): Promise<{ tokens: readonly Token[]; given?: string; found?: Token }> {
  const tokens = [...deps.tokens, ...(await deps.read.tokens())];
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!given) return { tokens };
  const hash = Buffer.from(hashToken(given), 'hex');
  let found: Token | undefined;
  // All tokens are compared, so that the time taken tells nothing about them.
  for (const token of tokens) if (timingSafeEqual(Buffer.from(token.hash, 'hex'), hash)) found = token;
  return { tokens, given, found };
}

/** True when a request bears a token that is known here, whatever its scopes. */
export async function isKnown(request: FastifyRequest, deps: Pick<ServerDeps, 'tokens' | 'read'>): Promise<boolean> {
  return request.headers.authorization !== undefined && (await findToken(request, deps)).found !== undefined;
}

/**
 * Lets a request pass whose bearer token has the scope; `writerOf` then tells whose it is.
 * @throws Problem 401 or 403; 404 where nobody may write.
 */
export async function requireToken(
  request: FastifyRequest,
  deps: Pick<ServerDeps, 'tokens' | 'read'>,
  scope: Scope,
): Promise<void> {
  const { tokens, given, found } = await findToken(request, deps);
  if (tokens.length === 0) {
    const way = `\`outcry token add NAME --scope ${scope}\`${scope === 'posts' ? ', or push.tokens in the config,' : ''}`;
    throw new Problem(404, `Writing is off here; ${way} switches it on`);
  }
  if (!given) {
    throw new Problem(401, 'This route needs a token: send the header "Authorization: Bearer TOKEN"', {
      headers: { 'www-authenticate': 'Bearer realm="outcry"' },
    });
  }
  if (!found) {
    throw new Problem(401, 'This token is not known here; look for a missing or extra character', {
      headers: { 'www-authenticate': 'Bearer realm="outcry", error="invalid_token"' },
    });
  }
  if (!found.scopes.includes(scope)) throw new Problem(403, `This token does not have the scope "${scope}"`);
  writers.set(request, found);
}

/** Name of the token that let a request pass. */
export function writerOf(request: FastifyRequest): string {
  return writers.get(request)?.name ?? 'nobody';
}
