// What can fail and where: Service, Region, and the three pure verbs that read a post.

import type { Location, Mention, Post, Verdict } from './post.js';

export const categories = [
  'ai',
  'bank',
  'cloud',
  'delivery',
  'developer',
  'device',
  'ecommerce',
  'education',
  'email',
  'games',
  'isp',
  'media',
  'messaging',
  'mobile',
  'music',
  'other',
  'payments',
  'security',
  'social',
  'travel',
  'utility',
  'video',
  'work',
] as const;
export type Category = (typeof categories)[number];

/** Something that people say fails. */
export interface Service {
  /** kebab-case. */
  id: string;
  name: string;
  category: Category;
  /** Service that this one is a part of: outlook -> microsoft-365 -> microsoft. */
  parent: string | null;
  /** Names that mean this service wherever they stand. */
  aliases: string[];
  /** Names that are ordinary words too: they count only beside a word of `context` and without one of `notContext`. */
  ambiguousAliases: string[];
  context: string[];
  notContext: string[];
  /** Accounts that people address: `@SpotifyCares`. */
  handles: string[];
  /** Spellings in other scripts, by language. */
  localAliases: Record<string, string[]>;
  /** Home regions of an ISP, carrier or bank; null = everywhere. */
  regions: string[] | null;
  /** Services that this one needs in order to work. */
  dependsOn: string[];
  domain: string | null;
  statusPage: string | null;
  /** Address under which its status page answers machines as Statuspage does; absent = it has none. */
  statusApi?: string | null;
  /** `region`: counts only where a region is known (internet, power); `never`: does not count (unknown). */
  counts?: 'region' | 'never';
}

/** A country (ISO 3166-1) or a part of one (ISO 3166-2). */
export interface Region {
  code: string;
  name: string;
  /** The region around it: `GB-BST` -> `GB-ENG` -> `GB` -> null. */
  parent: string | null;
}

/** All services and regions of an installation, checked and indexed. */
export interface Catalog {
  services: readonly Service[];
  regions: readonly Region[];
  service(id: string): Service | undefined;
  region(code: string): Region | undefined;
  /** The region and all that contain it, narrowest first, ending in `*`; an unknown or null code gives `['*']`. */
  regionPath(code: string | null): string[];
  /** The service's ancestors, nearest first. */
  ancestors(id: string): string[];
}

/** Finds the services that a text names, in order of place. Pure, linear in the text, never throws. */
export interface Matcher {
  match(text: string, context?: string | null): Mention[];
}

/** Tells where the author's problem is, if the post says so. Pure, never throws. */
export interface Locator {
  locate(post: Pick<Post, 'text' | 'place' | 'context' | 'lang'>, mentions: readonly Mention[]): Location | null;
}

/** Judges what a post says of each service named in it. Pure, never throws. */
export interface Classifier {
  /** Version of the model, shown beside every verdict. */
  version: string;
  classify(post: Pick<Post, 'text' | 'context' | 'lang' | 'platform'>, mentions: readonly Mention[]): Verdict;
}
