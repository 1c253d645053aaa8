// A real store with one telling day in it, and a server on top: for tests of the API and the page.
import { openReader } from '../../src/config/open-reader.js';
import type { Inbox, ReadStore, SourceHealth, WriteStore } from '../../src/core/ports.js';
import type { Post, Report, Symptom } from '../../src/core/post.js';
import type { Incident, IncidentChange, Reading, Spike } from '../../src/core/signal.js';
import { day, floorTo, hour, minute } from '../../src/core/time.js';
import type { ServerDeps } from '../../src/http/deps.js';
import { hashToken } from '../../src/http/tokens.js';
import { createCorrect } from '../../src/pipeline/correct.js';
import { openStore } from '../../src/store/open.js';

const reader = openReader({
  catalog: { services: null },
  classify: { model: null, public: null, support: null },
});
export const { catalog } = reader;
/** End of what has been judged. */
export const asOf = Date.parse('2026-07-12T12:00:00Z');
export const startedAt = Date.parse('2026-07-12T09:13:00Z');
export const widthMs = 5 * minute;
export const hostile = '<script>alert(1)</script><img src=x onerror=alert(2)> outlook login is broken & "dead" ]]>';
export const secret = 'a-token-only-for-these-tests';

/** A source as the supervisor tells of it. */
export function source(name: string, over: Partial<SourceHealth> = {}): SourceHealth {
  return {
    name,
    kind: 'feed',
    state: 'healthy',
    lastAliveAt: asOf,
    lastPostAt: asOf - minute,
    posts: 1200,
    matches: 300,
    skipped: 0,
    lastSkip: null,
    lastError: null,
    nextTryAt: null,
    errors: {},
    requestsLeft: null,
    ...over,
  };
}

const words: Record<string, string[]> = {
  login: ['outlook keeps asking for my password, anyone else?', 'cannot sign in to outlook since this morning'],
  connection: ['outlook cannot connect to the server', 'outlook says disconnected all the time'],
};

function reading(t: number, observed: number | null, over: Partial<Reading> = {}): Reading {
  return {
    t,
    observed,
    expected: 1.5,
    low: 0,
    high: 4,
    surprise: 0.2,
    bar: 6,
    windowMs: 0,
    alert: null,
    active: false,
    calming: false,
    provisional: false,
    ...over,
  };
}

export const incident: Incident = {
  id: 'outlook-20260712T0913Z',
  service: 'outlook',
  state: 'confirmed',
  startedAt,
  detectedAt: startedAt + 7 * minute,
  peakAt: startedAt + 40 * minute,
  resolvedAt: null,
  regions: ['*'],
  touched: ['US'],
  reports: 334,
  authors: 320,
  platforms: ['bluesky', 'forum.example.org'],
  unlocated: 0.6,
  symptoms: { login: 230, connection: 104 },
  surprise: 41.7,
  possibleSpilloverOf: [{ service: 'azure', overlap: 0.25 }],
  blamed: [{ service: 'azure', reports: 12 }],
  method: 'test-1',
};
export const resolved: Incident = {
  ...incident,
  id: 'spotify-20260712T0100Z',
  service: 'spotify',
  state: 'resolved',
  startedAt: asOf - 11 * hour,
  detectedAt: asOf - 11 * hour + 9 * minute,
  peakAt: asOf - 10 * hour,
  resolvedAt: asOf - 9 * hour,
  regions: ['GB-ENG'],
  touched: ['GB-ENG'],
  reports: 90,
  authors: 84,
  symptoms: { playback: 90 },
  possibleSpilloverOf: [],
  blamed: [],
};
export const changes: IncidentChange[] = [
  { incident: resolved.id, at: resolved.detectedAt, from: null, to: 'signal', reason: '84 people, one platform' },
  { incident: resolved.id, at: resolved.resolvedAt ?? 0, from: 'signal', to: 'resolved', reason: 'back to normal' },
  { incident: incident.id, at: incident.detectedAt, from: null, to: 'signal', reason: '38 people in 7 minutes' },
  { incident: incident.id, at: startedAt + hour, from: 'signal', to: 'confirmed', reason: '2 platforms agree' },
];
const spike: Spike = {
  id: `outlook/*/${startedAt}`,
  service: 'outlook',
  region: '*',
  startedAt,
  detectedAt: incident.detectedAt,
  peakAt: incident.peakAt,
  endedAt: null,
  surprise: 41.7,
  reports: 334,
  expected: 50.1,
  authors: 320,
  heldBack: null,
};
const held: Spike = {
  ...spike,
  id: `chase/*/${startedAt}`,
  service: 'chase',
  reports: 41,
  authors: 3,
  heldBack: '41 posts, 3 authors',
};

type Official = NonNullable<Parameters<WriteStore['ingest']>[0]['official']>;
export const notice: Official[number] = {
  id: 'pages:outlook/k7',
  source: 'pages',
  service: 'outlook',
  title: 'Sign-in fails <script>alert(4)</script>',
  impact: 'major',
  state: 'identified',
  startedAt: startedAt - 10 * minute,
  publishedAt: incident.detectedAt + 42 * minute,
  updatedAt: incident.detectedAt + 50 * minute,
  resolvedAt: null,
  url: 'https://status.example.com/incidents/k7',
  components: ['Sign-in'],
  receivedAt: incident.detectedAt + 51 * minute,
};
const [twoDaysAgo, threeDaysAgo] = [startedAt - 2 * day, startedAt - 3 * day];
/** What status pages say: of the open incident, of something long ago, and of an ancestor that does not mean it. */
export const official: Official = [
  notice,
  { ...notice, id: 'pages:outlook/old', startedAt: threeDaysAgo, resolvedAt: twoDaysAgo, state: 'resolved' },
  {
    ...notice,
    id: 'pages:microsoft-365/k8',
    service: 'microsoft-365',
    impact: 'minor',
    title: 'Teams is slow',
    url: 'javascript:alert(5)',
  },
];

/** Fills a store: a day of rhythm with a gap from 03:00 to 04:00, an open incident, a resolved one, a spike held back. */
export async function seed(write: WriteStore): Promise<void> {
  const posts: Post[] = [];
  const reports: Report[] = [];
  const add = (t: number, text: string, symptom: Symptom, over: { region?: string; url?: string } = {}) => {
    const n = posts.length;
    const platform = n % 3 === 0 ? 'forum.example.org' : 'bluesky';
    const id = `replay:${n}`;
    posts.push({
      id,
      source: 'replay',
      platform,
      author: `author-${n}`,
      text,
      lang: 'en',
      context: null,
      place: null,
      url: over.url ?? `https://${platform === 'bluesky' ? 'social.example.org' : platform}/post/${n}`,
      createdAt: t,
      receivedAt: t,
    });
    const why = ['"cannot sign in"', 'names outlook'];
    reports.push({
      postId: id,
      service: 'outlook',
      kind: 'report',
      score: 0.97,
      symptom,
      region: over.region ?? null,
      why,
    });
  };
  const seen: { source: string; t: number; posts: number; matched: number }[] = [];
  const readings: Reading[] = [];
  const blind = (t: number) => t >= asOf - 9 * hour && t < asOf - 8 * hour;
  for (let t = asOf - day; t < asOf; t += minute)
    if (!blind(t)) seen.push({ source: 'replay', t, posts: 80, matched: 4 });
  for (let t = asOf - day; t < asOf; t += widthMs) {
    if (blind(t)) {
      if (t === asOf - 9 * hour) readings.push(reading(t, null));
      continue;
    }
    const hot = t >= floorTo(startedAt, widthMs);
    const count = hot
      ? Math.round(18 * Math.exp(-((t - incident.peakAt) ** 2) / (1.4 * hour) ** 2))
      : (t / widthMs) % 7 === 0
        ? 1
        : 0;
    for (let i = 0; i < count; i++) {
      const symptom = i % 3 === 2 ? 'connection' : 'login';
      const list = words[symptom] as string[];
      const region = hot && i % 4 === 0 ? 'GB-ENG' : undefined;
      add(Math.max(t + i * 1000, hot ? startedAt : 0), list[i % list.length] as string, symptom, { region });
    }
    if (count > 0) readings.push(reading(t, count, hot ? { surprise: count * 2, active: true } : {}));
  }
  add(asOf - 2 * minute, hostile, 'login', { url: 'javascript:alert(3)' });
  await write.ingest({
    posts,
    reports,
    deleted: [],
    seen,
    cursors: [{ source: 'replay', cursor: 'end' }],
    official,
    horizon: 0,
  });
  await write.judge({
    judgedUntil: asOf,
    judgedAt: asOf,
    detectors: [],
    readings: readings.map((r) => ({ service: 'outlook', region: '*', reading: r, widthMs })),
    spikes: [spike, held],
    incidents: [incident, resolved],
    changes,
  });
}

export interface Seeded {
  read: ReadStore;
  write: WriteStore;
  deps: ServerDeps;
  /** Posts that came in through the inbox. */
  offered: Post[];
  close(): Promise<void>;
}

/** A seeded store in memory and what a server needs around it; `over` changes what the test is about. */
export async function openSeeded(over: Partial<ServerDeps> = {}, fill: typeof seed | null = seed): Promise<Seeded> {
  const { read, write } = await openStore(':memory:', { regionPath: (code) => catalog.regionPath(code) });
  if (fill) await fill(write);
  const offered: Post[] = [];
  const inbox: Inbox = {
    hashAuthor: (platform, author) => `${platform}/${author.length}`,
    parse: (value) => {
      const post = value as Post;
      return typeof post?.text === 'string' ? { post } : { problem: 'text is missing: give the words of the post' };
    },
    offer: (posts) => {
      if (offered.length + posts.length > 3) return null;
      offered.push(...posts);
      return Promise.resolve();
    },
  };
  const clock = { now: () => asOf + 30_000 };
  const deps: ServerDeps = {
    read,
    catalog,
    clock,
    health: () => [source('replay')],
    queue: { size: 7, capacity: 1000 },
    inbox,
    desk: { ...write, correct: createCorrect({ read, write, reader, clock }) },
    tokens: [{ name: 'test', hash: hashToken(secret), scopes: ['posts', 'verdicts', 'marks'] }],
    method: {
      version: 'test-1',
      description: 'A method for tests.',
      older: [{ version: 'test-0', description: 'The one before it.' }],
    },
    version: '0.0.0',
    widthMs,
    ...over,
  };
  return {
    read,
    write,
    deps,
    offered,
    async close() {
      await write.close();
      await read.close();
    },
  };
}
