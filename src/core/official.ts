// The words for what providers say of themselves: OfficialIncident, and for which of the crowd's incidents it speaks.

import type { Catalog } from './catalog.js';
import { hour, minute } from './time.js';

export const officialStates = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type OfficialState = (typeof officialStates)[number];

export const officialImpacts = ['none', 'minor', 'major', 'critical'] as const;
export type OfficialImpact = (typeof officialImpacts)[number];

/** What a provider's status page says of one incident, as it stood at one time. An edit makes a new version of it. */
export interface OfficialIncident {
  /** Natural key, `source:service/nativeId`. */
  id: string;
  /** Name of the source as the config calls it. */
  source: string;
  service: string;
  title: string;
  impact: OfficialImpact;
  state: OfficialState;
  /** When it began by the page's own word, epoch ms. */
  startedAt: number;
  /** When the page first told of it, epoch ms. */
  publishedAt: number;
  updatedAt: number;
  /** null while it is open. */
  resolvedAt: number | null;
  /** Page of the incident. */
  url: string | null;
  /** Parts of the service that it names. */
  components: string[];
  /** Epoch ms at which Outcry read this version: what it says was not known before. */
  receivedAt: number;
}

/** Pages write of what began up to this long before the crowd rose, or up to this long before that was over. */
const reachMs = 6 * hour;
const toleranceMs = 30 * minute;

/**
 * Whether a notice speaks for an episode of the crowd's: it is of the service, or of one that contains it and names it
 * or is major, it says that something fails, and its time is that of the episode.
 * @param until end of the episode, or now; epoch ms
 */
export function speaksFor(
  notice: OfficialIncident,
  episode: { service: string; startedAt: number; until: number },
  catalog: Pick<Catalog, 'service' | 'ancestors'>,
): boolean {
  const { service, startedAt, until } = episode;
  if (notice.impact === 'none') return false;
  if (notice.startedAt < startedAt - reachMs || notice.startedAt > until) return false;
  if (notice.resolvedAt !== null && notice.resolvedAt < startedAt - toleranceMs) return false;
  if (notice.service === service) return true;
  if (!catalog.ancestors(service).includes(notice.service)) return false;
  return notice.impact !== 'minor' || names(notice, catalog.service(service)?.name ?? service);
}

function names({ title, components }: OfficialIncident, name: string): boolean {
  const words = ` ${[title, ...components].join(' ').toLowerCase()} `;
  return words.replace(/[^\p{L}\d]+/gu, ' ').includes(` ${name.toLowerCase()} `);
}
