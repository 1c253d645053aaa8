// Any string is a legal post: never a throw, never more than linear time.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { createClassifier } from '../../src/classify/classifier.js';
import { loadModel } from '../../src/classify/model.js';
import { kinds, type Mention, roles, symptoms } from '../../src/core/post.js';

const classifier = createClassifier(loadModel(), loadCatalog());
const post = (text: string, context: string | null = null) => ({ text, context, lang: null, platform: 'x' });

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom('down', '@', '#', '\ud83d', '\u200b', '\u202e', 'e\u0301', '落ち', '503', '??', '<svc>', '\n'),
      {
        maxLength: 200,
      },
    )
    .map((parts) => parts.join('')),
);

test('any text, context and mentions give a verdict of the right shape', () => {
  const mention = fc
    .tuple(fc.nat(300), fc.nat(20), fc.constantFrom('slack', 'aws', 'power'))
    .map(([start, length, service]): Mention => ({ service, start: start - 1, end: start - 1 + length, words: 'x' }));
  fc.assert(
    fc.property(hostile, fc.option(hostile), fc.array(mention, { maxLength: 20 }), (text, context, found) => {
      const mentions = found.sort((a, b) => a.start - b.start);
      const verdict = classifier.classify(post(text, context), mentions);
      expect(kinds).toContain(verdict.kind);
      expect(verdict.score).toBeGreaterThanOrEqual(0);
      expect(verdict.score).toBeLessThanOrEqual(1);
      if (verdict.symptom !== null) expect(symptoms).toContain(verdict.symptom);
      expect(new Set(verdict.services.map((s) => s.service))).toEqual(new Set(mentions.map((m) => m.service)));
      for (const s of verdict.services) expect(roles).toContain(s.role);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('the same post gives the same verdict, whatever was judged before it', () => {
  const first = classifier.classify(post('is slack down for anyone else?'), []);
  classifier.classify(post('さっきから落ちてる '.repeat(500)), []);
  expect(classifier.classify(post('is slack down for anyone else?'), [])).toEqual(first);
});

test('the worst text of 100 kB takes no more than a few times as long as a plain one', () => {
  const size = 100_000;
  const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  const time = (text: string, mentions: Mention[] = []) => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 5; run++) {
      const started = performance.now();
      classifier.classify(post(text), mentions);
      best = Math.min(best, performance.now() - started);
    }
    return best;
  };
  const plain = time(fill('the app is fine and we went home after dinner with our friends, '));
  const mentions = Array.from({ length: 10_000 }, (_, i) => ({
    service: `s${i % 50}`,
    start: i * 6,
    end: i * 6 + 5,
    words: 'slack',
  }));
  const worst: [string, string, Mention[]][] = [
    ['one word', fill('a'), []],
    ['one dense run', fill('落'), []],
    ['marks', fill('e\u0301\u0301\u0301\u0301'), []],
    ['lone surrogates', fill('\ud83d'), []],
    ['emoji', fill('😡'), []],
    ['pattern starts', fill('still not working down anyone else '), []],
    ['digits', fill('1:1/1.'), []],
    ['mentions', fill('slack '), mentions],
    ['links', fill('https://'), []],
  ];
  for (const [name, text, found] of worst)
    expect(time(text, found) / Math.max(plain, 1), `${name}: times a plain post`).toBeLessThan(25);
});
