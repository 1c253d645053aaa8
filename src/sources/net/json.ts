// Fetches JSON.
import { SourceError } from '../../core/errors.js';
import type { Http, HttpAnswer, HttpRequest } from './http.js';
import { shownUrl } from './http-errors.js';

export type Json = Record<string, unknown>;

/**
 * Fetches a JSON object or array.
 * @throws SourceError also for a body that is something else or breaks off: half of JSON is none.
 */
export async function fetchJson(http: Http, request: HttpRequest): Promise<{ json: unknown; answer: HttpAnswer }> {
  const answer = await http.fetch({ ...request, headers: { accept: 'application/json', ...request.headers } });
  try {
    return { json: JSON.parse(answer.body.toString('utf8')), answer };
  } catch {
    const type = (answer.headers['content-type'] ?? 'no type').slice(0, 60);
    const what = answer.complete ? `sends no JSON (${type})` : 'broke off in the middle';
    throw new SourceError(`${shownUrl(request.url)} ${what}`, { code: 'not-json', retry: true });
  }
}

/** A value as an object; an empty one for anything else. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** A value as a list of objects; what is none is left out. */
export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** A value as a string, or null. */
export function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
