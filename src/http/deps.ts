// What the server is given: ports and facts of the installation. It opens nothing itself.
import type { FastifyServerOptions } from 'fastify';
import type { Catalog } from '../core/catalog.js';
import type { Clock, Desk, Inbox, Manager, Readers, ReadStore, SourceHealth, Token } from '../core/ports.js';
import type { IncidentChange } from '../core/signal.js';
import type { SeriesReader } from './series.js';

export interface ServerDeps {
  read: ReadStore;
  catalog: Catalog;
  clock: Clock;
  /** How the sources fare; empty when none is read. */
  health(): SourceHealth[];
  /** Items that wait to be stored, and the most that may wait: at that point readers stand still. */
  queue: Readonly<{ size: number; capacity: number }>;
  /** The door into ingest; null = push is off. */
  inbox: Inbox | null;
  /** Takes readers' own reports; null or absent = off. */
  readers?: Readers | null;
  /** Takes services and sources; null or absent = off. */
  manager?: Manager | null;
  /** Reverse proxies whose word about addresses is believed. */
  proxies?: readonly string[];
  /** Reads that one address may make in a minute; null or absent = as many as it likes. */
  readsPerMinute?: number | null;
  /** What operators change. */
  desk: Desk;
  /** Those who may write by the config; the store knows more, who come and go while the server runs. */
  tokens: readonly Token[];
  /** The detection method, named beside every incident, and those before it that incidents of the past may name. */
  method: { version: string; description: string; older: readonly { version: string; description: string }[] };
  /** Version of Outcry. */
  version: string;
  /** Width of the steps in which series are judged, ms. */
  widthMs: number;
  /** Address under which the world reaches this server (`https://outcry.example.org`); null = as each request says. */
  publicUrl?: string | null;
  /** Calls the listener with each stored change until the returned function is called; without it the stream polls. */
  subscribe?(listener: (change: IncidentChange) => void): () => void;
  logger?: FastifyServerOptions['loggerInstance'] | FastifyServerOptions['logger'];
}

/** What the routes are given: the same, and what the server made of it. */
export interface RouteDeps extends ServerDeps {
  series: SeriesReader;
}
