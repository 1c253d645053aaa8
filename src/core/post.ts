// The words for what people write: Post, Mention, Verdict, Report.

/** One public message, from one source. */
export interface Post {
  /** Natural key, `source:nativeId`. */
  id: string;
  /** Name of the source as the config calls it: `replay`, `push`, `hn`. */
  source: string;
  /** Where the post was made public: `bluesky`, `reddit`, `forum.example.org`. */
  platform: string;
  /** Keyed hash of the author (never a handle); null when the source tells none. */
  author: string | null;
  text: string;
  /** BCP 47 tag as the source gave it, or null. */
  lang: string | null;
  /** The brand account addressed, the forum or the thread; null when there is none. */
  context: string | null;
  /** The author's place in words, as the source gave it. */
  place: string | null;
  /** Permalink. */
  url: string | null;
  /** Event time, epoch ms: when the source's server saw the post. */
  createdAt: number;
  /** Epoch ms at which Outcry read it. */
  receivedAt: number;
}

export const kinds = ['report', 'question', 'news', 'recovery', 'other'] as const;
/** What a post says about a service; `report` and `question` are the crowd's signal. */
export type Kind = (typeof kinds)[number];

export const symptoms = [
  'down',
  'login',
  'connection',
  'slow',
  'app',
  'loading',
  'errors',
  'messaging',
  'playback',
  'payment',
  'other',
] as const;
export type Symptom = (typeof symptoms)[number];

export const roles = ['subject', 'cause', 'context'] as const;
/** What a service does in a post: it fails (or recovers), is blamed for it, or is merely named. */
export type Role = (typeof roles)[number];

/** One service named in one post. Offsets are UTF-16 units of the text; -1 when named by the context only. */
export interface Mention {
  service: string;
  start: number;
  end: number;
  /** The words it was recognised by. */
  words: string;
}

/** A place found in a post. */
export interface Location {
  /** ISO 3166-1 alpha-2 or ISO 3166-2 code. */
  region: string;
  /** The words it came from. */
  words: string;
}

/** What the post says of one service. */
export interface ServiceVerdict {
  service: string;
  role: Role;
  kind: Kind;
  /** Calibrated probability, 0..1, that this is a report or question about the service. */
  score: number;
  /** Set for report and question only. */
  symptom: Symptom | null;
}

/** What the post says as a whole (its strongest subject, or the text itself when no service is named). */
export interface Verdict {
  kind: Kind;
  score: number;
  symptom: Symptom | null;
  services: ServiceVerdict[];
  /** The few features that decided, in words a person understands. */
  why: string[];
}

/** A verdict about one subject that is kept: the crowd's evidence (report, question) or evidence of its own (news, recovery). */
export interface Report {
  postId: string;
  service: string;
  kind: Kind;
  score: number;
  symptom: Symptom | null;
  /** Narrowest known region; null when the post tells none. */
  region: string | null;
  why: string[];
  /** Services that the post takes for the cause ("is it AWS?"); absent = none. */
  blames?: string[];
}

/** True for the kinds that count as the crowd's signal. */
export function isSignal(kind: Kind): boolean {
  return kind === 'report' || kind === 'question';
}
