// Filters of incidents and spikes: one set of query keys for lists, exports, feeds, annotations and the stream.
import Type from 'typebox';
import { type Catalog, categories } from '../core/catalog.js';
import type { IncidentFilter, SpikeFilter, Voice } from '../core/lists.js';
import type { ReadStore } from '../core/ports.js';
import { type Symptom, symptoms } from '../core/post.js';
import { type Incident, type IncidentState, incidentStates, type Spike } from '../core/signal.js';
import type { ServerDeps } from './deps.js';
import { checkRegion, checkService, keys, readWindow } from './query.js';

/** Language, BCP 47. */
export const langKey = Type.Optional(
  Type.String({
    pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$',
    description: 'Only what people write in this language, BCP 47; `pt` holds `pt-BR`.',
    examples: ['pt'],
  }),
);
export const symptomKey = Type.Optional(
  Type.Enum([...symptoms], { type: 'string', description: 'Only where people tell this.', examples: ['login'] }),
);
export const categoryKey = Type.Optional(
  Type.Enum([...categories], { type: 'string', description: 'Only services of this category.', examples: ['email'] }),
);

/** Query keys that incidents and spikes share; `since` and `until` are left to lists. */
export const filterKeys = {
  service: keys.service,
  region: keys.region,
  category: categoryKey,
  min_authors: Type.Optional(
    Type.Integer({ minimum: 0, description: 'At least so many distinct authors.', examples: [20] }),
  ),
  min_sources: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Heard by at least so many of our sources.', examples: [2] }),
  ),
  min_surprise: Type.Optional(
    Type.Number({ minimum: 0, description: 'At least this surprise (-log10 of the chance).', examples: [8] }),
  ),
  symptom: symptomKey,
  lang: langKey,
};
/** Query keys of incidents. */
export const incidentFilterKeys = {
  ...filterKeys,
  state: Type.Optional(
    Type.Enum(['open', ...incidentStates], {
      type: 'string',
      description: 'Only in this state; open = all that are not resolved.',
      examples: ['open'],
    }),
  ),
  min_platforms: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Reported on at least so many platforms.', examples: [2] }),
  ),
};

/** What the keys say, as they come. */
interface FilterQuery {
  service?: string;
  region?: string;
  category?: string;
  state?: string;
  since?: string;
  until?: string;
  min_authors?: number;
  min_sources?: number;
  min_surprise?: number;
  min_platforms?: number;
  symptom?: string;
  lang?: string;
  open?: boolean;
}

/** What the keys say, checked; times in epoch ms. */
export interface Filters extends Omit<FilterQuery, 'since' | 'until' | 'state' | 'symptom'> {
  state?: IncidentState | 'open';
  symptom?: Symptom;
  since?: number;
  until?: number;
}

/** Checks what the schema cannot. @throws Problem that names field, value and way out. */
export function readFilters(query: FilterQuery, { catalog, clock }: Pick<ServerDeps, 'catalog' | 'clock'>): Filters {
  return {
    ...query,
    state: query.state as Filters['state'],
    symptom: query.symptom as Symptom | undefined,
    service: checkService(catalog, query.service),
    region: checkRegion(catalog, query.region),
    ...readWindow(query, clock.now()),
  };
}

type StoreFilter<F> = Omit<F, 'limit' | 'cursor' | 'order'>;

/** Ids of the services of a category, narrowed to one of them; undefined = all. */
export function servicesOf(category: string | undefined, service: string | undefined, catalog: Catalog) {
  if (category === undefined) return service === undefined ? undefined : [service];
  return catalog.services.filter((s) => s.category === category && (!service || s.id === service)).map((s) => s.id);
}

function storeFilter(f: Filters, catalog: Catalog) {
  const { service, category, region, since, until } = f;
  const services = category === undefined ? undefined : servicesOf(category, service, catalog);
  return { service, services, region, since, until, minAuthors: f.min_authors, minSurprise: f.min_surprise };
}

/** What the store can tell of incidents; the rest is told by voices. */
export function incidentFilter(f: Filters, catalog: Catalog): StoreFilter<IncidentFilter> {
  return { ...storeFilter(f, catalog), state: f.state, minPlatforms: f.min_platforms, symptom: f.symptom };
}

/** What the store can tell of spikes; the rest is told by voices. */
export function spikeFilter(f: Filters, catalog: Catalog): StoreFilter<SpikeFilter> {
  return { ...storeFilter(f, catalog), open: f.open };
}

function passes(thing: { service: string; authors: number; surprise: number }, f: Filters, catalog: Catalog): boolean {
  if (f.service !== undefined && thing.service !== f.service) return false;
  if (f.category !== undefined && catalog.service(thing.service)?.category !== f.category) return false;
  return thing.authors >= (f.min_authors ?? 0) && thing.surprise >= (f.min_surprise ?? 0);
}

/** What can be told from the incident itself, for those who hold it already. */
export function incidentPasses(incident: Incident, f: Filters, catalog: Catalog): boolean {
  if (!passes(incident, f, catalog)) return false;
  if (f.state === 'open' ? incident.state === 'resolved' : f.state !== undefined && incident.state !== f.state)
    return false;
  if (incident.platforms.length < (f.min_platforms ?? 0)) return false;
  if (f.symptom !== undefined && !incident.symptoms[f.symptom]) return false;
  const { region } = f;
  if (region === undefined) return true;
  // It touches the region: is in it, in a part of it, or around it.
  const around = catalog.regionPath(region);
  return incident.regions.some((r) => around.includes(r) || catalog.regionPath(r).includes(region));
}

/** What can be told from the spike itself, for those who hold it already. */
export function spikePasses(spike: Spike, f: Filters, catalog: Catalog): boolean {
  return passes(spike, f, catalog) && (f.region === undefined || spike.region === f.region);
}

/** Who speaks in an incident or a spike. */
export function voicesOf(read: Pick<ReadStore, 'voices'>, thing: Incident | Spike): Promise<Voice[]> {
  const [region, end] = 'region' in thing ? [thing.region, thing.endedAt] : ['*', thing.resolvedAt];
  return read.voices({ service: thing.service, region }, thing.startedAt, end ?? Number.MAX_SAFE_INTEGER);
}

/** True when a post's language is the one wanted or a kind of it. */
function speaks(lang: string | null, wanted: string): boolean {
  return `${lang?.toLowerCase()}-`.startsWith(`${wanted.toLowerCase()}-`);
}

/**
 * What only its reports can tell: how many sources, which languages, and of a spike which symptoms.
 * @param voices called only when one of these is asked for.
 */
export async function voicesPass(
  f: Filters,
  thing: Incident | Spike,
  voices: () => Promise<Voice[]>,
): Promise<boolean> {
  const { min_sources = 0, lang, symptom } = f;
  const ofSpike = 'region' in thing && symptom !== undefined;
  if (min_sources === 0 && lang === undefined && !ofSpike) return true;
  const heard = await voices();
  return (
    new Set(heard.map((v) => v.source)).size >= min_sources &&
    (lang === undefined || heard.some((v) => speaks(v.lang, lang))) &&
    (!ofSpike || heard.some((v) => v.symptom === symptom))
  );
}
