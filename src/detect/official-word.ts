// What an incident's reason says of the official word; the text of a status page is somebody else's.

import type { Catalog } from '../core/catalog.js';
import { type OfficialIncident, officialImpacts } from '../core/official.js';

const longest = 120;

/**
 * The notice that says most, in a sentence: the gravest, and of these the one told first.
 * @param notices those that speak for the incident, in any order
 * @returns null when there is none
 */
export function officialWord(notices: readonly OfficialIncident[], catalog: Pick<Catalog, 'service'>): string | null {
  const gravity = ({ impact }: OfficialIncident) => officialImpacts.indexOf(impact);
  const [word] = [...notices].sort(
    (a, b) => gravity(b) - gravity(a) || a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1),
  );
  if (!word) return null;
  const name = catalog.service(word.service)?.name ?? word.service;
  return `the status page of ${name} says: “${quote(word.title)}”`;
}

/** One line without control characters and quotes of its own, cut between words. */
function quote(title: string): string {
  const plain = title
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/[“”]/g, '"')
    .trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest).replace(/\s+\S*$/, '')} …`;
}
