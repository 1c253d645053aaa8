// A small world for tests of the tick: people who post, a real SQLite store, and the road from one to the other.

import { loadCatalog } from '../../src/catalog/catalog.js';
import type { OfficialIncident } from '../../src/core/official.js';
import type { IngestBatch, ReadStore, WriteStore } from '../../src/core/ports.js';
import type { Kind, Post, Report, Symptom } from '../../src/core/post.js';
import type { Incident, IncidentChange, Spike } from '../../src/core/signal.js';
import { hour, minute } from '../../src/core/time.js';
import { createTick, type Tick, type TickOptions } from '../../src/pipeline/tick.js';
import { openStore } from '../../src/store/open.js';

export const catalog = loadCatalog();

/** A repeatable stream of numbers in [0, 1) (mulberry32). */
export function createRandom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A count with this mean (Poisson). */
export function draw(random: () => number, mean: number): number {
  const limit = Math.exp(-mean);
  let product = random();
  let n = 0;
  while (product > limit) {
    product *= random();
    n++;
  }
  return n;
}

/** Something said in public, already judged by the classifier. */
export interface Said {
  at: number;
  /** When it was read; absent = at once. */
  readAt?: number;
  /** What it reports on; empty for mere talk. */
  services: string[];
  text: string;
  author: string | null;
  region?: string | null;
  platform?: string;
  source?: string;
  kind?: Kind;
  symptom?: Symptom;
  /** Services that it takes for the cause. */
  blames?: string[];
}

const openings = [
  'anyone else',
  'ugh',
  'ok so',
  'seriously',
  'good morning from the office,',
  'my boss is asking why',
  'just me or',
  'great,',
  'hola,',
  'oye',
  'moin,',
  'na toll,',
  'bom dia,',
  'gente,',
  'bonjour,',
  'dites,',
  'buongiorno,',
  'ragazzi,',
  'help!',
  'meanwhile',
];
const troubles = [
  'cannot sign in to {} since breakfast',
  '{} keeps spinning and never loads',
  'my {} inbox shows an error 503',
  '{} kicked me out of the meeting',
  'no puedo entrar en {} desde hace rato',
  'se cayó {} en toda la empresa',
  '{} no me deja enviar nada',
  '{} geht bei uns gerade gar nicht',
  'bei {} kommt nur eine Fehlermeldung',
  'Anmeldung bei {} schlägt fehl',
  'o {} caiu aqui no trabalho',
  'não consigo abrir o {} de jeito nenhum',
  '{} ne répond plus depuis dix minutes',
  'impossible de me connecter à {}',
  '{} non funziona, pagina bianca',
  'errore continuo su {} stamattina',
  'the {} app crashes right after the splash screen',
  'messages on {} stay unsent',
  '{}が開けない、ずっと読み込み中',
  '今日は{}にログインできません',
];
const ends = [
  '',
  ' 😩',
  ' for the third time this week',
  ' and support is silent',
  ' right before a deadline',
  ', y ustedes?',
  ', bei euch auch?',
  ', alguém mais?',
  ' lol',
  '...',
  ' what is going on',
  ' pls fix',
];

/** A text as a stranger would write it. */
export function complaint(random: () => number, name: string): string {
  const pick = (list: string[]) => list[Math.floor(random() * list.length)] as string;
  return `${pick(openings)} ${pick(troubles).replace('{}', name)}${pick(ends)}`;
}

export const worldRegions = [
  'US-CA',
  'US-TX',
  'US-NY',
  'GB-LND',
  'GB-MAN',
  'DE-BY',
  'FR-75',
  'ES-M',
  'BR-SP',
  'IN-MH',
  'JP-13',
  'IT-MI',
];
export const platforms = ['bluesky', 'mastodon', 'reddit'];

export interface Crowd {
  service: string;
  name?: string;
  from: number;
  to: number;
  /** Posts in a minute at full level. */
  perMinute: number;
  /** Minutes until the level is reached, and minutes at the end in which it falls. */
  rise?: number;
  fall?: number;
  regions?: string[];
  /** Share of posts that tell a region. */
  located?: number;
  platforms?: string[];
  kind?: Kind;
}

/** Strangers who post about one service, each once. */
export function crowd(random: () => number, options: Crowd): Said[] {
  const { service, name = service, from, to, perMinute, rise = 0, fall = 0, located = 0.4, kind = 'report' } = options;
  const regions = options.regions ?? worldRegions;
  const on = options.platforms ?? platforms;
  const said: Said[] = [];
  for (let t = from; t < to; t += minute) {
    const up = rise > 0 ? Math.min(1, ((t - from) / minute + 0.5) / rise) : 1;
    const down = fall > 0 ? Math.min(1, ((to - t) / minute - 0.5) / fall) : 1;
    for (let n = draw(random, perMinute * Math.min(up, down)); n > 0; n--) {
      const platform = on[Math.floor(random() * on.length)] as string;
      said.push({
        at: t + Math.floor(random() * minute),
        services: [service],
        text: complaint(random, name),
        author: `stranger ${Math.floor(random() * 1e9)}`,
        region: random() < located ? (regions[Math.floor(random() * regions.length)] as string) : null,
        platform,
        source: platform,
        kind,
      });
    }
  }
  return said;
}

export interface World {
  tick: Tick;
  read: ReadStore;
  write: WriteStore;
  changes: IncidentChange[];
  /** Posts all that is said, and what status pages say, in the order in which it is read, and lets the clock run until `until`. */
  live(said: Said[], until: number, official?: OfficialIncident[]): Promise<void>;
  incidents(): Promise<Incident[]>;
  spikes(): Promise<Spike[]>;
  /** Stops as a killed process does: nothing is said goodbye to. */
  leave(): Promise<void>;
}

/** Everything that was found, as text that can be compared byte for byte. */
export async function outcomeOf(world: World): Promise<string> {
  const incidents = await world.incidents();
  const changes = await Promise.all(incidents.map(({ id }) => world.read.changes(id)));
  const versions = await Promise.all(incidents.map(({ id }) => versionsOf(world.read, id)));
  return JSON.stringify({ incidents, changes, versions, spikes: await world.spikes() }, null, 1);
}

/** Every version of an incident, the newest first. */
export async function versionsOf(read: ReadStore, id: string): Promise<{ incident: Incident; since: number }[]> {
  const versions: { incident: Incident; since: number }[] = [];
  let version = await read.incidentAt(id, Number.MAX_SAFE_INTEGER);
  while (version) {
    versions.push(version);
    version = await read.incidentAt(id, version.since - 1);
  }
  return versions;
}

export async function openWorld(
  options: {
    db?: string;
    widthMs?: number;
    lagMs?: number;
    coverage?: TickOptions['coverage'];
    /** Asks again when the store refuses. */
    retry?: boolean;
    /** Stands between the tick and the store. */
    between?(store: { read: ReadStore; write: WriteStore }): { read: ReadStore; write: Pick<WriteStore, 'judge'> };
  } = {},
): Promise<World> {
  const { read, write } = await openStore(options.db ?? ':memory:', { regionPath: (code) => catalog.regionPath(code) });
  const tick = await createTick({
    ...(options.between?.({ read, write }) ?? { read, write }),
    catalog,
    widthMs: options.widthMs ?? 5 * minute,
    lagMs: options.lagMs ?? 30_000,
    coverage: options.coverage ?? (() => 1),
  });
  const changes: IncidentChange[] = [];

  async function advance(now: number): Promise<void> {
    for (;;) {
      try {
        changes.push(...(await tick.advance(now)));
        return;
      } catch (error) {
        if (!options.retry) throw error;
      }
    }
  }

  function batchOf(items: (Said | OfficialIncident)[]): IngestBatch {
    const said = items.filter((one): one is Said => 'services' in one);
    const batch: IngestBatch = {
      official: items.filter((one): one is OfficialIncident => 'impact' in one),
      posts: [],
      reports: [],
      deleted: [],
      seen: [],
      cursors: [],
      horizon: tick.dueAt() - 24 * hour,
    };
    for (const one of said) {
      const {
        at,
        readAt = at,
        services,
        text,
        author,
        region = null,
        platform = 'bluesky',
        source = platform,
        kind = 'report',
        blames,
      } = one;
      const id = `${source}:${at} ${author} ${text}`;
      const symptom = kind === 'report' || kind === 'question' ? (one.symptom ?? 'down') : null;
      const post: Post = {
        id,
        source,
        platform,
        author,
        text,
        lang: null,
        context: null,
        place: null,
        url: null,
        createdAt: at,
        receivedAt: readAt,
      };
      const reports: Report[] = services.map((service) => ({
        postId: id,
        service,
        kind,
        score: 0.9,
        symptom,
        region,
        why: [],
        ...(blames && { blames }),
      }));
      batch.posts.push(post);
      batch.reports.push(...reports);
    }
    return batch;
  }

  return {
    tick,
    read,
    write,
    changes,
    async live(said, until, official = []) {
      const order = [...official, ...said]
        .map((one, i) => ({ one, i, at: 'impact' in one ? one.receivedAt : (one.readAt ?? one.at) }))
        .sort((a, b) => a.at - b.at || a.i - b.i);
      let from = 0;
      for (const [i, { at }] of order.entries()) {
        if (at < tick.dueAt()) continue;
        if (i > from) await write.ingest(batchOf(order.slice(from, i).map((o) => o.one)));
        from = i;
        await advance(at);
      }
      if (order.length > from) await write.ingest(batchOf(order.slice(from).map((o) => o.one)));
      await advance(until);
    },
    async incidents() {
      const { items } = await read.incidents({ limit: 500 });
      return items.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async spikes() {
      const { items } = await read.spikes({ limit: 500 });
      return items.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async leave() {
      await write.close();
      await read.close();
    },
  };
}
