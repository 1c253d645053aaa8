// Builds src/catalog/data/regions.json: ISO 3166-1 and 3166-2 codes with names and parents. Run: npx tsx tools/build-regions.ts
import { writeFileSync } from 'node:fs';
import { iso31661, iso31662 } from 'iso-3166';

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
