// The matcher finds what people really write, leaves ordinary words alone, and survives any string.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { createMatcher } from '../../src/catalog/matcher.js';

const matcher = createMatcher(loadCatalog());
const named = (text: string, context: string | null = null): string[] => [
  ...new Set(matcher.match(text, context).map((m) => m.service)),
];

describe('names people really write', () => {
  test.each([
    ['insta down again??', 'instagram'],
    ["insta's broken", 'instagram'],
    ['ig wont load my feed', 'instagram'],
    ['PSN is down, cannot sign in', 'playstation-network'],
    ['O365 login loops since nine', 'microsoft-365'],
    ['ms teams keeps crashing', 'microsoft-teams'],
    ['#MicrosoftTeams down for us', 'microsoft-teams'],
    ['YT not loading any video', 'youtube'],
    ['@SpotifyCares songs stop after a second', 'spotify'],
    ['@hulu_support error on every show', 'hulu'],
    ['#NetflixDown', 'netflix'],
    ['#fuckcomcast', 'comcast'],
    ['netflix.com gives me a 503', 'netflix'],
    ['https://www.netflix.com/ is down', 'netflix'],
    ['at&t has no bars here', 'att'],
    ['AT&T HAS NO SERVICE', 'att'],
    ["WhatsApp'ta mesaj gitmiyor", 'whatsapp'],
    ['whatsappta sorun var', 'whatsapp'],
    ['Netflixs Server sind tot', 'netflix'],
    ['インスタ落ちてる', 'instagram'],
    ['ツイッター重くない？', 'twitter'],
    ['카톡이 안돼요', 'kakaotalk'],
    ['인스타그램이 자꾸 튕겨', 'instagram'],
    ['الواتساب معطل', 'whatsapp'],
    ['ватсап не работает', 'whatsapp'],
    ['ｎｅｔｆｌｉｘ is down', 'netflix'],
    ['Nétflix est en panne', 'netflix'],
    ['net\u200bflix is down', 'netflix'],
  ])('%s', (text, service) => {
    expect(named(text)).toContain(service);
  });
});

describe('names that are words', () => {
  test.each([
    ['Teams is down, nobody can join the meeting', 'microsoft-teams'],
    ['is slack down for anyone?', 'slack'],
    ['zoom meeting keeps disconnecting', 'zoom'],
    ['my Ring doorbell camera is offline', 'ring'],
    ['steam servers are down again', 'steam'],
    ['@three no data since noon', 'three-uk'],
    ['@Target your app is broken', 'target'],
  ])('a service: %s', (text, service) => {
    expect(named(text)).toContain(service);
  });

  test.each([
    'both teams played well and the better one won',
    'cut him some slack, he is new here',
    'a square box in a long line under an orange roof',
    'I ring the bell three times and then I chase the bus',
    'steam rises from the kitchen, our target is ten loaves',
    'right now the max is twenty people, so wait for the signal',
    'オンラインの会議',
    'das ist über mir',
    'the warehouse keeps a registry of its falcon and its yarn',
  ])('no service: %s', (text) => {
    expect(named(text)).toEqual([]);
  });
});

test('the brand account in the context speaks for an ambiguous name and is mentioned itself', () => {
  expect(named('box wont sync anything since lunch', '@BoxSupport')).toEqual(['box']);
  expect(matcher.match('cannot log in since noon', '@SpotifyCares')).toEqual([
    { service: 'spotify', start: -1, end: -1, words: '@SpotifyCares' },
  ]);
  expect(named('no internet again', 'r/Comcast')).toContain('comcast');
});

test('an account says the same when it comes again, whoever came between', () => {
  const first = matcher.match('box wont sync', '@BoxSupport');
  const expected = structuredClone(first);
  expect(expected.map((m) => m.service)).toEqual(['box']);
  first[0]!.service = 'changed by the caller';
  expect(matcher.match('box wont sync', '@BoxSupport')).toEqual(expected);
  for (let i = 0; i < 1_500; i++) expect(named('box wont sync', `@someone${i}`)).toEqual([]);
  expect(matcher.match('box wont sync', '@BoxSupport')).toEqual(expected);
  expect(named('cannot log in', '@SpotifyCares')).toEqual(['spotify']);
});

test('the longest of overlapping names wins, in order of place', () => {
  const mentions = matcher.match('Apple Music and Google Drive are down, Gmail works');
  expect(mentions.map((m) => m.service)).toEqual(['apple-music', 'google-drive', 'gmail']);
});

test('links and mail addresses are no mentions', () => {
  expect(named('look at this https://youtu.be/abcdef and https://www.instagram.com/p/xyz')).toEqual([]);
  expect(named('write to someone@gmail.com please')).toEqual([]);
});

describe('what is only named beside the service meant', () => {
  test.each([
    ['word and excel will not open, microsoft 365 is down', ['microsoft-365']],
    ['spotify stops after one song on my iPhone, iOS 17', ['spotify']],
    ['cod keeps dropping all four of us on ps5', ['call-of-duty']],
    ['@Office365 OneDrive shows nothing for the whole firm', ['onedrive']],
    ['@KenyaPower_Care no power in our street since morning', ['power']],
    ['Enel, casa senza corrente da quattro ore', ['enel']],
    ['safari and chrome both crash at start', ['safari', 'google-chrome']],
  ])('%s', (text, services) => {
    expect(named(text)).toEqual(services);
  });

  test('an account speaks for its parts, in the text and around it', () => {
    expect(named('@AppleSupport the new update froze my phone')).toEqual(['apple-ios']);
    expect(named('box redémarre sans arrêt', '@Free')).toContain('free-fr');
  });
});

test('a name is no ordinary word in another language than its own', () => {
  expect(named('depuis hier plus rien chez moi, free ne répond pas, panne ?')).toContain('free-fr');
  expect(named('wa gue dari tadi ga bisa kirim pesan')).toContain('whatsapp');
  expect(named('feel free to join us, no errors in the form')).toEqual([]);
});

test('the unnamed provider is said only where no service is named', () => {
  expect(named('my internet is down')).toEqual(['internet']);
  expect(named('my internet is down, thanks comcast')).toEqual(['comcast']);
});

const hostile = [
  '',
  ' ',
  '\ud800',
  'netflix \udc00 down \ud83d',
  '\u200b\u200f\u202e'.repeat(2000),
  `ne${'\u0301'.repeat(5000)}tflix`,
  '@netflix '.repeat(10_000),
  '#'.repeat(50_000),
  '@'.repeat(50_000),
  '😀🔥'.repeat(20_000),
  'http://'.repeat(10_000),
  'a.'.repeat(50_000),
  'no '.repeat(30_000),
  'power '.repeat(15_000),
  'ライン'.repeat(20_000),
  'x'.repeat(100_000),
  'teams down '.repeat(9_000),
];

test('hostile strings neither throw nor give places outside the text', () => {
  for (const text of hostile)
    for (const m of matcher.match(text, text.slice(0, 500))) {
      if (m.start < 0) continue;
      expect(m.end).toBeGreaterThan(m.start);
      expect(m.end).toBeLessThanOrEqual(text.length);
    }
});

test('any string: offsets give the words, mentions stand in order and do not overlap', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'netflix',
      '@SpotifyCares',
      '#slackdown',
      ' down ',
      'インスタ',
      'at&t',
      '카톡',
      'teams',
      '\u0301',
      '\ud800',
      '.com/x',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      let reach = 0;
      for (const m of matcher.match(text)) {
        expect(text.slice(m.start, m.end)).toBe(m.words);
        expect(m.start).toBeGreaterThanOrEqual(reach);
        reach = m.end;
      }
    }),
    { numRuns: 500 },
  );
});

test('the worst texts cost little more than a plain one of the same length', () => {
  const length = 60_000;
  const timeOf = (piece: string): number => {
    const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now();
      matcher.match(text);
      return performance.now() - from;
    });
    return Math.min(...times);
  };
  const plain = timeOf('the quick brown fox jumps over a lazy dog and walks home. ');
  for (const piece of [
    'teams down ',
    '@netflix ',
    '#netflixdown ',
    'no internet ',
    'a\u0301',
    'x ',
    'インスタ',
    'power power cut ',
  ])
    expect(timeOf(piece) / plain, piece).toBeLessThan(150);
});

test('a sign that speaks against a name does not silence the name itself', () => {
  expect(named('raid night and wow disconnects all of us')).toEqual(['world-of-warcraft']);
  expect(named('claro no tiene señal en Caballito, se cayó')).toEqual(['claro']);
});

test('a forum or account with a common ending speaks for its service', () => {
  expect(matcher.match('nothing plays', 'r/truespotify')[0]?.service).toBe('spotify');
  expect(matcher.match('no se oye nada', '@ZoomLATAM')[0]?.service).toBe('zoom');
});
