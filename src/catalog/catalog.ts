// The installation's services and regions: bundled data with a user's own merged over it, checked and indexed.
import { readFileSync } from 'node:fs';
import { type Catalog, categories, type Region, type Service } from '../core/catalog.js';
import { UsageError } from '../core/errors.js';

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8'));

const textLists = ['aliases', 'ambiguousAliases', 'context', 'notContext', 'handles', 'dependsOn'] as const;
const fields = new Set<string>([
  ...textLists,
  ...['id', 'name', 'category', 'parent', 'localAliases', 'regions', 'domain', 'statusPage', 'statusApi', 'counts'],
]);

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isTexts = (x: unknown): x is string[] => Array.isArray(x) && x.every((s) => typeof s === 'string' && s !== '');
const show = (x: unknown): string => JSON.stringify(x)?.slice(0, 80) ?? String(x);

/** Collects what is wrong with one user's service; `known` = it only changes one of ours. */
function checkService(entry: unknown, at: string, known: (id: string) => boolean, problems: string[]): boolean {
  const before = problems.length;
  const bad = (field: string, value: unknown, want: string) =>
    problems.push(`${at}.${field}: ${value === undefined ? 'missing' : show(value)}; ${want}`);
  if (!isRecord(entry)) {
    problems.push(
      `${at}: ${show(entry)}; expected an object such as {"id": "my-isp", "name": "My ISP", "category": "isp"}`,
    );
    return false;
  }
  const { id } = entry;
  if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
    bad('id', id, 'expected kebab-case, such as my-isp');
  const isNew = !known(String(id));
  for (const key of Object.keys(entry))
    if (!fields.has(key)) bad(key, entry[key], `unknown field; known are ${[...fields].join(', ')}`);
  if (entry.name === undefined ? isNew : typeof entry.name !== 'string' || entry.name === '')
    bad('name', entry.name, 'expected the name to show, such as "My ISP"');
  if (entry.category === undefined ? isNew : !categories.includes(entry.category as never))
    bad('category', entry.category, `expected one of ${categories.join(', ')}`);
  for (const field of textLists)
    if (entry[field] !== undefined && !isTexts(entry[field])) bad(field, entry[field], 'expected a list of texts');
  for (const field of ['parent', 'domain', 'statusPage', 'statusApi'])
    if (entry[field] != null && typeof entry[field] !== 'string') bad(field, entry[field], 'expected a text or null');
  if (entry.regions != null && !isTexts(entry.regions))
    bad('regions', entry.regions, 'expected a list of ISO 3166 codes, or null for everywhere');
  if (
    entry.localAliases !== undefined &&
    !(isRecord(entry.localAliases) && Object.values(entry.localAliases).every(isTexts))
  )
    bad('localAliases', entry.localAliases, 'expected lists of texts by language, such as {"ja": ["ツイッター"]}');
  if (entry.counts !== undefined && entry.counts !== 'region' && entry.counts !== 'never')
    bad('counts', entry.counts, 'expected "region" or "never"');
  return problems.length === before;
}

const blank: Omit<Service, 'id' | 'name' | 'category'> = {
  parent: null,
  aliases: [],
  ambiguousAliases: [],
  context: [],
  notContext: [],
  handles: [],
  localAliases: {},
  regions: null,
  dependsOn: [],
  domain: null,
  statusPage: null,
};

/** A user's entry over ours: lists and names are added, single values replaced. */
function mergeService(ours: Service | undefined, entry: Record<string, unknown>): Service {
  const next = { ...blank, ...ours, ...entry } as Service;
  if (!ours) return next.aliases.length + next.ambiguousAliases.length ? next : { ...next, aliases: [next.name] };
  for (const field of textLists) next[field] = [...new Set([...ours[field], ...((entry[field] as string[]) ?? [])])];
  next.localAliases = { ...ours.localAliases };
  for (const [lang, names] of Object.entries((entry.localAliases as Record<string, string[]>) ?? {}))
    next.localAliases[lang] = [...new Set([...(ours.localAliases[lang] ?? []), ...names])];
  return next;
}

/** Problems of references between services and regions (a parent that does not exist, a ring of parents). */
function checkReferences(services: Map<string, Service>, regions: Map<string, Region>, problems: string[]): void {
  const missing = (at: string, id: string) =>
    problems.push(
      `${at}: ${show(id)}; no such ${at.endsWith('regions') || at.startsWith('region ') ? 'region' : 'service'}`,
    );
  for (const s of services.values()) {
    if (s.parent !== null && !services.has(s.parent)) missing(`service ${s.id}.parent`, s.parent);
    for (const d of s.dependsOn) if (!services.has(d)) missing(`service ${s.id}.dependsOn`, d);
    for (const r of s.regions ?? []) if (!regions.has(r)) missing(`service ${s.id}.regions`, r);
    if (isRing(s.id, (id) => services.get(id)?.parent))
      problems.push(`service ${s.id}.parent: its parents form a ring`);
  }
  for (const r of regions.values()) {
    if (r.parent !== null && !regions.has(r.parent)) missing(`region ${r.code}.parent`, r.parent);
    if (isRing(r.code, (code) => regions.get(code)?.parent))
      problems.push(`region ${r.code}.parent: its parents form a ring`);
  }
}

function isRing(start: string, parentOf: (id: string) => string | null | undefined): boolean {
  let at = parentOf(start);
  for (let steps = 0; at != null && steps < 20; steps++, at = parentOf(at)) if (at === start) return true;
  return false;
}

/**
 * The bundled catalog with a user's own services and regions merged over it.
 * @param user.services list of services: a known `id` adds names to ours and replaces single values, a new one needs `name` and `category`.
 * @param user.regions list of `{code, name, parent}`; a known code is replaced.
 * @throws UsageError that lists every problem at once.
 */
export function loadCatalog(user: { services?: unknown; regions?: unknown } = {}): Catalog {
  const services = new Map((readJson('services.json') as Service[]).map((s) => [s.id, s]));
  const regions = new Map<string, Region>();
  for (const [code, name, parent] of readJson('regions.json') as [string, string, string | null][])
    regions.set(code, { code, name, parent });

  const problems: string[] = [];
  const listOf = (value: unknown, what: string): unknown[] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    problems.push(`${what}: ${show(value)}; expected a list`);
    return [];
  };
  listOf(user.services, 'services').forEach((entry, i) => {
    if (checkService(entry, `services[${i}]`, (id) => services.has(id), problems)) {
      const { id } = entry as { id: string };
      services.set(id, mergeService(services.get(id), entry as Record<string, unknown>));
    }
  });
  listOf(user.regions, 'regions').forEach((entry, i) => {
    const { code, name, parent = null } = isRecord(entry) ? entry : {};
    if (typeof code !== 'string' || !/^[A-Z]{2}(-[A-Z0-9]{1,4})?$/.test(code))
      problems.push(`regions[${i}].code: ${show(code ?? entry)}; expected an ISO 3166 code such as GB or GB-ENG`);
    else if (typeof name !== 'string' || name === '')
      problems.push(`regions[${i}].name: ${show(name)}; expected the name to show`);
    else if (parent !== null && typeof parent !== 'string')
      problems.push(`regions[${i}].parent: ${show(parent)}; expected a region's code or null`);
    else regions.set(code, { code, name, parent });
  });
  checkReferences(services, regions, problems);
  if (problems.length)
    throw new UsageError(`The catalog has ${problems.length} problem(s):\n  ${problems.join('\n  ')}`);

  return {
    services: [...services.values()],
    regions: [...regions.values()],
    service: (id) => services.get(id),
    region: (code) => regions.get(code),
    regionPath(code) {
      const path: string[] = [];
      for (
        let r = code === null ? undefined : regions.get(code);
        r;
        r = r.parent === null ? undefined : regions.get(r.parent)
      )
        path.push(r.code);
      path.push('*');
      return path;
    },
    ancestors(id) {
      const path: string[] = [];
      for (let p = services.get(id)?.parent; p != null; p = services.get(p)?.parent) path.push(p);
      return path;
    },
  };
}
