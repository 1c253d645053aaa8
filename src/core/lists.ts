// What the store's lists can be narrowed to and ordered by.
import type { OfficialState } from './official.js';
import type { Kind, Symptom } from './post.js';
import type { IncidentState } from './signal.js';

/** An order by one value; the id settles ties, so that pages follow each other without gaps. */
export interface Order<Key extends string> {
  by: Key;
  descending: boolean;
}

export const episodeOrders = ['startedAt', 'detectedAt', 'peakAt', 'reports', 'authors', 'surprise'] as const;
/** What incidents and spikes can be ordered by. */
export type EpisodeOrder = (typeof episodeOrders)[number];

export const evidenceOrders = ['createdAt', 'score'] as const;
/** What posts shown as evidence can be ordered by. */
export type EvidenceOrder = (typeof evidenceOrders)[number];

export interface PageRequest {
  limit: number;
  /** `next` of the page before, in the same order. */
  cursor?: string;
}

interface EpisodeFilter extends PageRequest {
  service?: string;
  /** Any of these services. */
  services?: readonly string[];
  region?: string;
  /** Open at some time in [since, until), epoch ms. */
  since?: number;
  until?: number;
  minAuthors?: number;
  minSurprise?: number;
  /** Newest first unless told otherwise. */
  order?: Order<EpisodeOrder>;
}

/** An incident touches a region when it is in it, in a part of it, or around it. */
export interface IncidentFilter extends EpisodeFilter {
  state?: IncidentState | 'open';
  minPlatforms?: number;
  symptom?: Symptom;
}

/** A spike is of exactly one region. */
export interface SpikeFilter extends EpisodeFilter {
  open?: boolean;
}

export interface EvidenceFilter extends PageRequest {
  kind?: Kind;
  /** BCP 47; `pt` holds `pt-BR`. */
  lang?: string;
  symptom?: Symptom;
  platform?: string;
  order?: Order<EvidenceOrder>;
}

/** Counted reports of one series that have all of this in common. */
export interface Voice {
  source: string;
  symptom: Symptom | null;
  lang: string | null;
  reports: number;
}

export const officialOrders = ['startedAt', 'publishedAt', 'updatedAt'] as const;
/** What official incidents can be ordered by. */
export type OfficialOrder = (typeof officialOrders)[number];

/** Official incidents that were open at some time in [since, until). */
export interface OfficialFilter extends PageRequest {
  /** Of any of these services. */
  services?: readonly string[];
  /** open = not resolved. */
  state?: OfficialState | 'open';
  since?: number;
  until?: number;
  /** As they were known then: by what had been received until this time, epoch ms. */
  knownBy?: number;
  /** Newest first unless told otherwise. */
  order?: Order<OfficialOrder>;
}
