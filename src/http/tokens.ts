// Tokens of those who may write: kept as SHA-256 hashes, compared in constant time.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Problem } from './errors.js';

export type Scope = 'posts';

/** A token as the installation keeps it. */
export interface Token {
  name: string;
  /** SHA-256 of the token, hex. */
  hash: string;
  scopes: readonly Scope[];
}

/** The form in which a token is kept. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Lets a request pass whose bearer token has the scope; otherwise throws a 401 or 403 problem. */
export function requireToken(request: FastifyRequest, tokens: readonly Token[], scope: Scope): void {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!given) {
    throw new Problem(401, 'This route needs a token: send the header "Authorization: Bearer TOKEN"', {
      headers: { 'www-authenticate': 'Bearer realm="outcry"' },
    });
  }
  const hash = Buffer.from(hashToken(given), 'hex');
  let found: Token | undefined;
  // All tokens are compared, so that the time taken tells nothing about them.
  for (const token of tokens) if (timingSafeEqual(Buffer.from(token.hash, 'hex'), hash)) found = token;
  if (!found) {
    throw new Problem(401, 'This token is not known here; look for a missing or extra character', {
      headers: { 'www-authenticate': 'Bearer realm="outcry", error="invalid_token"' },
    });
  }
  if (!found.scopes.includes(scope)) throw new Problem(403, `This token does not have the scope "${scope}"`);
}
