// The map from GeoNames codes to ISO 3166-2, and the locator: places told, none invented, any string survived.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { createLocator } from '../../src/catalog/locator.js';
import { createMatcher } from '../../src/catalog/matcher.js';

const catalog = loadCatalog();
const matcher = createMatcher(catalog);
const locator = createLocator(catalog);
const regionOf = (text: string, lang: string | null = 'en', more: { place?: string; context?: string } = {}) =>
  locator.locate(
    { text, lang, place: more.place ?? null, context: more.context ?? null },
    matcher.match(text, more.context),
  )?.region ?? null;

describe('cities carry the ISO code of their region', () => {
  const largest = new Map<string, { code: string; people: number }>();
  for (const line of readFileSync('src/catalog/data/places.tsv', 'utf8').trim().split('\n')) {
    const [name, code, thousands] = line.split('\t') as [string, string, string];
    const key = `${name}|${code.slice(0, 2)}`;
    if (Number(thousands) > (largest.get(key)?.people ?? -1)) largest.set(key, { code, people: Number(thousands) });
  }
  test.each(
    (
      'London GB-LND,Leeds GB-LDS,Bristol GB-BST,Glasgow GB-GLG,Cardiff GB-CRF,Belfast GB-BFS,Lyon FR-69,Paris FR-75,Lille FR-59,' +
      'Bologna IT-BO,Milan IT-MI,Sevilla ES-SE,Madrid ES-M,Munich DE-BY,Köln DE-NW,Dresden DE-SN,Chicago US-IL,Toronto CA-ON,' +
      'Montréal CA-QC,Sydney AU-NSW,Perth AU-WA,Bengaluru IN-KA,Mumbai IN-MH,São Paulo BR-SP,Recife BR-PE,Osaka JP-27,Sapporo JP-01,' +
      'Jakarta ID-JK,Surabaya ID-JI,Lagos NG-LA,Abuja NG-FC,Nairobi KE-30,Caracas VE-A,Maracaibo VE-V,Arequipa PE-ARE,' +
      'Guadalajara MX-JAL,Mexico City MX-CMX,Vienna AT-9,Zürich CH-ZH,Warsaw PL-14,Istanbul TR-34,Seoul KR-11,Dublin IE-D,Lisbon PT-11'
    )
      .split(',')
      .map((pair): [string, string] => [pair.slice(0, pair.lastIndexOf(' ')), pair.slice(pair.lastIndexOf(' ') + 1)]),
  )('%s is in %s', (name, code) => {
    expect(largest.get(`${name}|${code.slice(0, 2)}`)?.code).toBe(code);
    expect(catalog.region(code)).toBeDefined();
  });
  test('every code of a place is a region of the catalog', () => {
    const unknown = [...largest.values()].filter((p) => !catalog.region(p.code)).map((p) => p.code);
    expect(unknown).toEqual([]);
  });
});

test('regions lie in what contains them', () => {
  expect(catalog.regionPath('GB-BST')).toEqual(['GB-BST', 'GB-ENG', 'GB', '*']);
  expect(catalog.regionPath('GB-GLG')).toEqual(['GB-GLG', 'GB-SCT', 'GB', '*']);
  expect(catalog.regionPath('GB-CRF')).toEqual(['GB-CRF', 'GB-WLS', 'GB', '*']);
  expect(catalog.regionPath('GB-BFS')).toEqual(['GB-BFS', 'GB-NIR', 'GB', '*']);
  expect(catalog.regionPath('IT-BO')).toEqual(['IT-BO', 'IT-45', 'IT', '*']);
  expect(catalog.regionPath('FR-59')).toEqual(['FR-59', 'FR-HDF', 'FR', '*']);
  expect(catalog.regionPath('ES-SE')).toEqual(['ES-SE', 'ES-AN', 'ES', '*']);
  expect(catalog.regionPath('US-CA')).toEqual(['US-CA', 'US', '*']);
  expect(catalog.regionPath('no-such')).toEqual(['*']);
  expect(catalog.regionPath(null)).toEqual(['*']);
});

describe('places told', () => {
  test.each([
    ['no internet in Leeds since six', 'en', 'GB-LDS'],
    ['comcast out down here in Chicago', 'en', 'US-IL'],
    ['power outage in Nashville, TN', 'en', 'US-TN'],
    ['is comcast down in philly?', 'en', 'US-PA'],
    ['no internet in Reading, whole street', 'en', 'GB-RDG'],
    ['indihome gangguan di Jakarta Timur', 'id', 'ID-JK'],
    ['Orange en panne à Lyon', 'fr', 'FR-69'],
    ['panne internet dans le 34', 'fr', 'FR-34'],
    ['#sinluz #Caracas', 'es', 'VE-A'],
    ['Vodafone Störung in München', 'de', 'DE-BY'],
    ['TIM non funziona a Bologna', 'it', 'IT-BO'],
    ['大阪でドコモ繋がらない', 'ja', 'JP-27'],
    ['فودافون واقعة في القاهرة', 'ar', 'EG-C'],
    ['netflix down in the UK', 'en', 'GB'],
    ['no service knoxville tmobile', 'en', 'US-TN'],
    ['internet mati di Jaksel', 'id', 'ID-JK'],
    ['धनबाद में एयरटेल बंद है', 'hi', 'IN-JH'],
    ['판교 카카오톡 먹통', 'ko', 'KR-41'],
    ['横浜で停電', 'ja', 'JP-14'],
    ['no broadband in SE15 since noon', 'en', 'GB-LND'],
    ['virgin out, CF24 area', 'en', 'GB-CRF'],
    ['coupure de courant à Ixelles', 'fr', 'BE-BRU'],
    ['outage on the path between Las Vegas and Los Angeles', 'en', 'US'],
    ['Movistar sin señal en San Miguel, Lima', 'es', 'PE-LIM'],
    ['power outage in Kindred, ND', 'en', 'US-ND'],
    ['Comcast packet loss in Foobar, IL', 'en', 'US-IL'],
    ['power outage #SanAntonio', 'en', 'US-TX'],
    ['no signal with virgin media in the Halifax area', 'en', 'GB-CLD'],
    ['verizon is out on the east coast', 'en', 'US'],
    ['free en panne à Fontaine dans le 71', 'fr', 'FR-71'],
    ['So Malindi has no power since seven', 'en', 'KE-14'],
  ])('%s', (text, lang, region) => {
    expect(regionOf(text, lang)).toBe(region);
  });
  test('a thread of a place, and the author’s stated place', () => {
    expect(regionOf('No Internet', 'en', { context: 'Indianapolis, Indiana' })).toBe('US-IN');
    expect(regionOf('spotify keeps crashing', 'en', { place: 'Leeds, England' })).toBe('GB-LDS');
    expect(regionOf('spotify keeps crashing', 'en', { place: 'somewhere over the rainbow' })).toBeNull();
    expect(regionOf('power outage since noon', 'en', { context: 'SanAntonio' })).toBe('US-TX');
    expect(regionOf('power outage since noon', 'en', { context: 'Pierce' })).toBe('US-WA');
    expect(regionOf('cannot log in to Battlefield', 'en', { context: 'Battlefield' })).toBeNull();
  });
  test('a thread, a forum and the stated place tell places of one name apart', () => {
    const text = 'no power in Granite Falls';
    expect(regionOf(text)).toBe('US-NC');
    expect(regionOf(text, 'en', { context: 'Snohomish' })).toBe('US-WA');
    expect(regionOf(text, 'en', { context: 'r/Minnesota' })).toBe('US-MN');
    expect(regionOf(text, 'en', { place: 'Everett, Washington' })).toBe('US-WA');
  });
  test('a utility tells places of one name apart, and where one lies that is not known', () => {
    expect(regionOf('power out in Medford')).toBe('US-OR');
    expect(regionOf('@nationalgridus power out in Medford')).toBe('US-MA');
    expect(regionOf('@HydroOne when will Angus have power again')).toBe('CA-ON');
    expect(regionOf('@KenyaPower_Care no power in Shela since ten')).toBe('KE');
    expect(regionOf('@GeorgiaPower outage in our street off Clinic Ave')).toBe('US-GA');
    expect(regionOf('@GeorgiaPower when will our power be back')).toBeNull();
    expect(regionOf('@GeorgiaPower my power is out in March every year')).toBeNull();
  });
});

test.each([
  '@VodafoneGhana no network since morning',
  'nice, reading is broken and the mobile app is down',
  'Paris Hilton says instagram is down',
  'my brother in Tulsa has the same error on hulu',
  'united is down again',
  'orange is down, split in two',
  'united wifi dead on my flight to LAX',
  'aws is slow from Warsaw',
  'Valorant servers Frankfurt region lagging',
  'NO ME DEJA ENTRAR, ERROR OTRA VEZ',
  'is PS5 network down',
  'netflix down again, calling from Boston Road',
  'Much, much slower internet than yesterday',
  'genshin OR valorant servers down',
])('no place: %s', (text) => {
  expect(regionOf(text)).toBeNull();
});

test('any string is located or not, never thrown at, and the words are its own', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ' in ',
      'Leeds',
      ', TX',
      ' down ',
      '#Caracas',
      '大阪',
      '\ud800',
      'Paris',
      ' and ',
      '75001',
      'dans le 34',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('en', 'fr', null), (pieces, lang) => {
      const text = pieces.join('');
      const found = locator.locate({ text, lang, place: text, context: text }, matcher.match(text));
      if (found) expect(catalog.region(found.region)).toBeDefined();
    }),
    { numRuns: 300 },
  );
  for (const text of [
    'in Leeds '.repeat(12_000),
    ', '.repeat(50_000),
    'Paris, Texas '.repeat(8_000),
    '\u0301'.repeat(50_000),
  ])
    locator.locate({ text, lang: 'en', place: text, context: text }, matcher.match(text));
});

test('names that might be places nobody knows cost little more than plain words', () => {
  const timeOf = (piece: string): number => {
    const text = `@KenyaPower_Care no power ${piece.repeat(4_000 / piece.length)}`;
    const mentions = matcher.match(text);
    const times = Array.from({ length: 7 }, () => {
      const from = performance.now();
      locator.locate({ text, lang: 'en', place: null, context: null }, mentions);
      return performance.now() - from;
    });
    return Math.min(...times);
  };
  const plain = timeOf('we all went home and had dinner by candles ');
  for (const piece of ['Shela ', "A'", 'A’', 'Shela/', 'in ', 'in the ', 'outage in '])
    expect(timeOf(piece) / plain, piece).toBeLessThan(50);
});
