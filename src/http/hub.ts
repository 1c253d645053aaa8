// Tells connected clients what changed. The store is the truth: it is read when word of a change comes, and every second.
import type { ServerResponse } from 'node:http';
import type { Incident, IncidentChange, Spike } from '../core/signal.js';
import type { ServerDeps } from './deps.js';
import { type Filters, incidentPasses, spikePasses, voicesOf, voicesPass } from './filters.js';
import { coverageOf, freshness } from './freshness.js';
import { presentChange, presentIncident, presentSpike } from './present.js';

const pollMs = 1000;
const heartbeatMs = 15_000;
/** A client that lets so much wait is too slow, and dropped; it comes back with its Last-Event-ID. */
const maxWaiting = 512 * 1024;
/** Missed changes that are told at a time: far less than a slow client may let wait. */
const replayed = 100;

interface Client {
  out: ServerResponse;
  filters: Filters;
  base: string;
}

export interface Hub {
  size(): number;
  /** Takes over a response whose head is written; `lastEventId` = where the client left off. */
  join(client: Client, lastEventId: string | null): Promise<void>;
  close(): void;
}

/** The id of a change: its time and its incident. */
const idOf = (change: IncidentChange) => `${change.at}/${change.incident}`;

function eventText(event: string, data: unknown, id?: string): string {
  return `${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Where an event id left off, or null when it is none of ours. */
function parseEventId(id: string | null): { at: number; incident: string } | null {
  const m = /^(\d{1,15})\/([a-z0-9.-]+T\d{4}Z[a-z0-9.-]*)$/i.exec(id ?? '');
  return m ? { at: Number(m[1]), incident: m[2] as string } : null;
}

export function createHub(deps: ServerDeps): Hub {
  const { read, catalog } = deps;
  const clients = new Set<Client>();
  let timers: NodeJS.Timeout[] = [];
  let unsubscribe: (() => void) | undefined;
  /** The last change that was told. */
  let told: { at: number; incident: string } | null = null;
  let spikes = new Map<string, Spike>();
  let sight = '';
  let looking: Promise<void> | null = null;
  let again = false;

  function send(client: Client, text: string): void {
    client.out.write(text);
    if (client.out.writableLength > maxWaiting) client.out.destroy();
  }

  /** Those among the clients who asked for it; who speaks in it is read once, and only when somebody wants to know. */
  async function whoWants(to: Iterable<Client>, thing: Incident | Spike): Promise<Client[]> {
    let voices: ReturnType<typeof voicesOf> | undefined;
    const heard = () => (voices ??= voicesOf(read, thing));
    const wanting: Client[] = [];
    for (const client of to) {
      const { filters } = client;
      const passes = 'region' in thing ? spikePasses(thing, filters, catalog) : incidentPasses(thing, filters, catalog);
      if (passes && (await voicesPass(filters, thing, heard))) wanting.push(client);
    }
    return wanting;
  }

  async function tellIncident(to: Iterable<Client>, change: IncidentChange, incident: Incident): Promise<void> {
    for (const client of await whoWants(to, incident)) {
      const data = { change: presentChange(change), incident: presentIncident(incident, deps, client.base) };
      send(client, eventText('incident', data, idOf(change)));
    }
  }

  async function tellSpike(spike: Spike): Promise<void> {
    const text = eventText('spike', presentSpike(spike, deps));
    for (const client of await whoWants(clients, spike)) send(client, text);
  }

  /** Changes behind `mark`, oldest first, in the store's order. */
  async function changesBehind(mark: { at: number; incident: string }, limit: number): Promise<IncidentChange[]> {
    const found = await read.changesAfter(mark.at - 1, limit);
    const last = found.findLastIndex((c) => c.at === mark.at && c.incident === mark.incident);
    return found.slice(last + 1).filter((c) => last >= 0 || c.at >= mark.at);
  }

  /** Tells a client all that it missed, as fast as it reads. */
  async function replay(client: Client, lastEventId: string | null): Promise<void> {
    const { out } = client;
    for (let mark = parseEventId(lastEventId); mark && !out.destroyed; ) {
      const missed = await changesBehind(mark, replayed);
      for (const change of missed) {
        const incident = await read.incident(change.incident);
        if (incident) await tellIncident([client], change, incident);
      }
      mark = missed.at(-1) ?? null;
      if (mark) await new Promise((taken) => out.write(': more follows\n\n', taken));
    }
  }

  async function look(): Promise<void> {
    const changes = await changesBehind(told as NonNullable<typeof told>, 500);
    for (const change of changes) {
      const incident = await read.incident(change.incident);
      if (incident) await tellIncident(clients, change, incident);
      told = change;
    }
    const open = await read.openSpikes();
    const next = new Map(open.map((s) => [s.id, s]));
    for (const spike of open) {
      const known = spikes.get(spike.id);
      if (known && known.heldBack === spike.heldBack) continue;
      await tellSpike(spike);
    }
    for (const [id, spike] of spikes) {
      if (next.has(id)) continue;
      const ended = { ...spike, endedAt: (await read.judgedUntil()) ?? deps.clock.now() };
      await tellSpike(ended);
    }
    spikes = next;
    const now = await freshness(deps);
    const key = JSON.stringify(now);
    if (key !== sight) for (const client of clients) send(client, eventText('tick', now));
    sight = key;
  }

  /** Looks now, or once more when it is looking already. */
  function wake(): void {
    if (clients.size === 0) return;
    if (looking) {
      again = true;
      return;
    }
    looking = look()
      .catch(() => undefined) // The store's own troubles are told by /readyz; the next look tries again.
      .then(() => {
        looking = null;
        if (again) {
          again = false;
          wake();
        }
      });
  }

  async function start(): Promise<void> {
    const recent = await read.changesAfter(Math.max(0, ((await read.judgedUntil()) ?? 0) - 1), 500);
    told = recent.at(-1) ?? { at: (await read.judgedUntil()) ?? 0, incident: '' };
    spikes = new Map((await read.openSpikes()).map((s) => [s.id, s]));
    sight = JSON.stringify({ ...(await freshness(deps)), coverage: coverageOf(deps) });
    unsubscribe = deps.subscribe?.(wake);
    timers = [
      setInterval(wake, pollMs),
      setInterval(() => {
        for (const client of clients) send(client, ': still here\n\n');
      }, heartbeatMs),
    ];
  }

  function stop(): void {
    for (const timer of timers) clearInterval(timer);
    timers = [];
    unsubscribe?.();
    started = null;
  }
  let started: Promise<void> | null = null;

  return {
    size: () => clients.size,
    async join(client, lastEventId) {
      started ??= start();
      await started;
      await replay(client, lastEventId);
      send(client, eventText('tick', await freshness(deps)));
      if (client.out.destroyed) return;
      clients.add(client);
      client.out.on('close', () => {
        clients.delete(client);
        if (clients.size === 0) stop();
      });
    },
    close() {
      stop();
      for (const client of clients) client.out.end();
      clients.clear();
    },
  };
}
