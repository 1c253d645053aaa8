// Who counts as an independent voice: strangers do, copies, floods and nameless posts do not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportRow } from '../../src/core/ports.js';
import { voicesToOpen, voicesToSignal, weighEvidence, whyTalk } from '../../src/detect/evidence.js';

function row(i: number, text: string, more: Partial<ReportRow> = {}): ReportRow {
  return {
    postId: `test:${i}`,
    author: `author ${i}`,
    source: 'bluesky',
    platform: 'bluesky',
    text,
    createdAt: i * 1000,
    kind: 'report',
    symptom: 'down',
    region: null,
    ...more,
  };
}

const strangers = [
  'Nordbank app keeps throwing me out at the PIN screen',
  'is Nordbank down or is it my phone?',
  'cannot pay at the till, card from Nordbank refused twice',
  'Nordbank website gives a blank page since lunch',
  'transfer to my landlord is stuck, thanks Nordbank',
  'No puedo entrar en la app de Nordbank',
  'Nordbank no funciona en mi móvil desde esta mañana',
  'a mi hermana tampoco le va Nordbank, qué raro',
  'los cajeros de Nordbank están fuera de servicio',
  'Nordbank error 504 al iniciar sesión',
  'anyone else locked out of online banking at Nordbank',
  'three hours and still no login at Nordbank, support line is busy',
];
const names = ['Nordbank'];
const weigh = (rows: ReportRow[], expected = 0.2) => weighEvidence(rows, { expected, names });

test('twelve independent strangers in two countries are evidence', () => {
  const rows = strangers.map((text, i) => row(i, text, { region: i < 5 ? 'GB' : i < 10 ? 'ES' : null }));
  const weight = weigh(rows);
  expect(weight.heldBack).toBeNull();
  expect(weight.authors).toBe(12);
  expect(weight.effective).toBeGreaterThanOrEqual(voicesToSignal);
  expect(weight.regions).toEqual(['ES', 'GB']);
  expect(weight.unlocated).toBeCloseTo(2 / 12);
});

describe('near-identical texts of twelve accounts are held back', () => {
  const brigades: Record<string, (i: number) => string> = {
    'the same words': () => 'Nordbank is bankrupt, the app is closed, get your money out now!',
    'other numbers, links and exclamation marks': (i) =>
      `Nordbank is bankrupt${'!'.repeat(i)} the app is closed, get your money out now ${i} https://example.org/${i} @friend${i}`,
    'a few words swapped': (i) =>
      `Nordbank is ${i % 2 ? 'bankrupt' : 'broke'}, the ${i % 3 ? 'app' : 'site'} is closed, get your ${i % 4 ? 'money' : 'cash'} out now everyone`,
    'letters nobody sees': (i) =>
      `Nordbank is bank\u200brupt, the a${i % 2 ? '\u200d' : ''}pp is closed, get your money out now`,
    'Spanish with and without accents': (i) =>
      i % 2
        ? '¡Nordbank está en quiebra, la aplicación no abre, saquen su dinero!'
        : 'Nordbank esta en quiebra la aplicacion no abre saquen su dinero',
    Japanese: (i) => `Nordbankが倒産しました、アプリは使えません、今すぐお金を引き出してください${'！'.repeat(i % 3)}`,
    Thai: (i) => `Nordbank ล้มละลายแล้ว แอปใช้ไม่ได้ รีบถอนเงินออกเดี๋ยวนี้${i % 2 ? ' ด่วน' : ''}`,
    Chinese: (i) => `Nordbank倒闭了，应用打不开，大家赶快取钱${i % 2 ? '吧' : ''}`,
    'three words': () => 'Nordbank is down!!',
    'four scripts of words': (i) =>
      [
        'Nordbank app is gone and so is the money of everybody',
        'nobody should trust Nordbank, their servers burned last night',
        'cards of Nordbank are blocked in all of Europe today',
        'my uncle works at Nordbank and says that it is over',
      ][i % 4] as string,
  };
  for (const [name, text] of Object.entries(brigades))
    test(name, () => {
      const weight = weigh(Array.from({ length: 12 }, (_, i) => row(i, text(i))));
      expect(weight.heldBack).toMatch(/^12 posts, 12 authors, \d+ of them in near-identical words: held back$/);
      expect(weight.effective).toBeLessThan(voicesToSignal);
    });

  test('beside three real voices still', () => {
    const copies = Array.from({ length: 12 }, (_, i) =>
      row(i, 'Nordbank is bankrupt, the app is closed, get your money out!'),
    );
    expect(weigh([...copies, ...strangers.slice(0, 3).map((t, i) => row(20 + i, t))]).heldBack).not.toBeNull();
  });

  test('but eight real voices beside them are heard', () => {
    const copies = Array.from({ length: 12 }, (_, i) =>
      row(i, 'Nordbank is bankrupt, the app is closed, get your money out!'),
    );
    expect(weigh([...copies, ...strangers.slice(0, 8).map((t, i) => row(20 + i, t))]).heldBack).toBeNull();
  });
});

test('forty-one posts of three authors are held back, and say so', () => {
  const rows = Array.from({ length: 41 }, (_, i) => row(i, strangers[i % 12] as string, { author: `author ${i % 3}` }));
  expect(weigh(rows).heldBack).toBe('41 posts, 3 authors: held back');
});

test('short cries that differ are voices; a hundred same ones are a few', () => {
  const cries = [
    'Nordbank down',
    'Nordbank??',
    'Nordbank dead again',
    'nordbank login broken',
    'Nordbank caído',
    'Nordbank kaputt',
  ];
  expect(weigh(cries.map((text, i) => row(i, text))).heldBack).toBeNull();
  expect(weigh(Array.from({ length: 100 }, (_, i) => row(i, 'Nordbank is down'))).effective).toBe(10);
});

test('posts without an author count, up to a bound', () => {
  const nameless = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      row(i, `${strangers[i % 12]} ${'xyzabcdefghij'[i % 13]}${i}qw${'klmnop'[i % 6]}`, { author: null }),
    );
  expect(weigh(nameless(12).map((r, i) => ({ ...r, text: strangers[i] as string }))).heldBack).toBeNull();
  expect(weigh(nameless(12).map((r, i) => ({ ...r, text: strangers[i] as string }))).effective).toBeCloseTo(8.6);
});

test('one source cannot shout alone: its share is capped, and another source lifts the cap', () => {
  const words = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const text = (i: number) =>
    words
      .map((w, k) => `${w}${words[(i * 7 + k * i) % 26]}${words[(i + k) % 26]}`)
      .slice(i % 10, (i % 10) + 8)
      .join(' ');
  const loud = Array.from({ length: 60 }, (_, i) => row(i, text(i)));
  const alone = weigh(loud).effective;
  expect(alone).toBeCloseTo(12.6);
  const others = strangers.map((t, i) => row(100 + i, t, { source: 'forum', platform: 'forum' }));
  expect(weigh([...loud, ...others]).effective).toBeGreaterThan(alone + 11);
});

test('no more voices than usual are held back although a crowd of copies raised the alarm', () => {
  const copies = Array.from({ length: 12 }, (_, i) =>
    row(i, 'Nordbank is bankrupt, the app is closed, get your money out!'),
  );
  const usual = strangers.map((text, i) => row(50 + i, text));
  expect(weigh([...copies, ...usual], 11).heldBack).toMatch(/only about 13 independent voices where 11.0 are usual/);
});

test('two platforms, or a platform and the news, are two classes of evidence', () => {
  const on = (platform: string, from: number, n: number) =>
    strangers.slice(from, from + n).map((text, i) => row(from + i, text, { platform, source: platform }));
  expect(weigh([...on('bluesky', 0, 5), ...on('reddit', 5, 5)]).classes).toEqual(['bluesky', 'reddit']);
  expect(weigh([...on('bluesky', 0, 8), ...on('reddit', 8, 2)]).classes).toEqual(['bluesky']);
  const news = ['Customers of Nordbank report problems with its app', 'Nordbank: störung legt Onlinebanking lahm'].map(
    (text, i) => row(30 + i, text, { kind: 'news', symptom: null, platform: 'news.example', author: `desk ${i}` }),
  );
  expect(weigh([...on('bluesky', 0, 8), ...news]).classes).toEqual(['bluesky', 'news']);
  expect(
    weigh([...on('bluesky', 0, 8), ...news.map((n) => ({ ...n, text: (news[0] as ReportRow).text }))]).classes,
  ).toEqual(['bluesky']);
});

describe('talk about an outage is no outage', () => {
  const jokes = (n: number) =>
    Array.from({ length: n }, (_, i) => `joke ${i}: where were you when Nordbank was down in 2019`);
  const pictures = Array.from({ length: 30 }, () => '昔のNordbank障害の話');

  test('when a tenth of it reports trouble', () => {
    expect(whyTalk(9, { now: [...jokes(60), ...pictures], before: jokes(2) }, names)).toBe(
      '88 posts more than before talk about it, only 9 report trouble: held back',
    );
  });
  test('but when half of it does, it is one; and so is one in a place where always much is said', () => {
    expect(whyTalk(45, { now: jokes(90), before: [] }, names)).toBeNull();
    expect(whyTalk(9, { now: jokes(110), before: jokes(95) }, names)).toBeNull();
  });
  test('a little talk, talk of others, and services without sure names tell nothing', () => {
    expect(whyTalk(1, { now: jokes(10), before: [] }, names)).toBeNull();
    expect(whyTalk(4, { now: jokes(90), before: [] }, ['Südbank'])).toBeNull();
    expect(whyTalk(4, { now: jokes(90), before: [] }, [])).toBeNull();
  });
});

test('people who say that it works again are counted once each', () => {
  const thanks = ['back!', 'Nordbank works again', 'yes it is back'].map((text, i) =>
    row(i, text, { kind: 'recovery', author: `a${i % 2}` }),
  );
  expect(weigh(thanks)).toMatchObject({ recoveries: 2, reports: 0, authors: 0 });
});

test('weighing never throws, never gives more voices than authors, and more posts never make fewer voices of one source', () => {
  const post = fc.record({
    text: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...strangers), fc.constant(null)),
    author: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 30 }).map(String)),
    platform: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('report' as const, 'question' as const, 'news' as const, 'recovery' as const),
  });
  fc.assert(
    fc.property(fc.array(post, { maxLength: 60 }), fc.double({ min: 0, max: 50, noNaN: true }), (posts, expected) => {
      const rows = posts.map((p, i) => row(i, '', { ...p, source: p.platform }));
      const weight = weigh(rows, expected);
      expect(weight.effective).toBeGreaterThanOrEqual(0);
      expect(weight.effective).toBeLessThanOrEqual(weight.authors + 1e-9);
      expect(weight.clusters).toBeLessThanOrEqual(weight.authors);
      if (weight.effective < voicesToOpen) expect(weight.heldBack).not.toBeNull();
      expect(weigh(rows, expected)).toEqual(weight);
    }),
    { numRuns: 300 },
  );
});
