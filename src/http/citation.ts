// Wording that may be quoted: absolute numbers, what they are not, and a hash of the facts that they come from.
import { createHash } from 'node:crypto';
import type { Catalog } from '../core/catalog.js';
import type { Incident } from '../core/signal.js';
import { toIso } from '../core/time.js';
import { places } from './page/words.js';

const utc = (t: number) => `${toIso(t).slice(0, 16).replace('T', ' ')} UTC`;

export const caveat =
  'These are reports by users, not outages measured; people also blame services that work while another one fails.';

/** SHA-256 of the facts, hex: the same while they are, and another when one of them changes. */
export function hashOf({
  id,
  state,
  startedAt,
  resolvedAt,
  reports,
  authors,
  platforms,
  regions,
  method,
}: Incident): string {
  const facts = [id, state, startedAt, resolvedAt, reports, authors, platforms, regions, method];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** @param asOf end of what has been judged, epoch ms. */
export function citationOf(incident: Incident, catalog: Catalog, asOf: number): { text: string; hash: string } {
  const { reports, authors, platforms } = incident;
  const name = catalog.service(incident.service)?.name ?? incident.service;
  const posts = `${reports.toLocaleString('en')} public ${reports === 1 ? 'post' : 'posts'}`;
  const people = `${authors.toLocaleString('en')} ${authors === 1 ? 'author' : 'authors'}`;
  const on = `${platforms.length} ${platforms.length === 1 ? 'platform' : 'platforms'}`;
  const until = incident.resolvedAt === null ? `${utc(asOf)}, still going on` : utc(incident.resolvedAt);
  return {
    text: `Outcry counted ${posts} by ${people} on ${on} reporting trouble with ${name} (${places(incident.regions, catalog)}) between ${utc(incident.startedAt)} and ${until}. ${caveat} Method ${incident.method}, incident ${incident.id}.`,
    hash: hashOf(incident),
  };
}
