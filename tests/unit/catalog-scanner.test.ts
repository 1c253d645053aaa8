// The scanner finds the phrases that it was given wherever they stand in a text, and no others.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Phrase } from '../../src/catalog/phrases.js';
import { readText } from '../../src/catalog/reading.js';
import { createScanner, type Spans } from '../../src/catalog/scanner.js';

const name = (text: string): Phrase => ({ text, recorded: true, inflects: true });
const plain = (text: string): Phrase => ({ text, recorded: true, inflects: false });
const cue = (text: string): Phrase => ({ text, recorded: false, inflects: false });

const phrases = [
  ...['netflix', 'prime video', 'google', 'amazon', 'ライン', 'パズドラ', '카톡', 'fire tv スティック'].map(name),
  ...['at&t', 'x.com', 'ps+', 'ps', 'net', 'prime', 'world of warcraft', 'of warcraft online'].map(plain),
  ...['stream', 'sign in', '動画'].map(cue),
];
const scanner = createScanner(phrases);

const spans = (text: string, { count, of, start, end }: Spans, say: (of: number) => string): string[] =>
  Array.from({ length: count }, (_, k) => say(of[k]!) + text.slice(start[k], end[k]));
/** What is found, as `phrase: words`. */
function hits(text: string): string[] {
  scanner.scan(readText(text));
  return spans(text, scanner.hits, (id) => `${phrases[id]!.text}: `);
}
function tags(text: string): string[] {
  scanner.scan(readText(text));
  return spans(text, scanner.tags, () => '');
}
function seen(text: string): string[] {
  scanner.scan(readText(text));
  return phrases.filter((p, id) => !p.recorded && scanner.seenAt(id) >= 0).map((p) => p.text);
}

describe('phrases', () => {
  test.each([
    ['NÉTFLIX down', ['netflix: NÉTFLIX']],
    ['my prime-video app', ['prime: prime', 'prime video: prime-video']],
    ['world of warcraft online', ['world of warcraft: world of warcraft', 'of warcraft online: of warcraft online']],
    ['world, of warcraft', []],
    ['AT&T here', ['at&t: AT&T']],
    ['at t here', []],
    ['x.com/abc', ['x.com: x.com']],
    ['x com', []],
    ['ps+ is not ps', ['ps: ps', 'ps+: ps', 'ps: ps']],
    ['fire tvスティック', ['fire tv スティック: fire tvスティック']],
    ['昨日からラインが重い', ['ライン: ライン']],
    ['オンライン授業', []],
    ['카톡 안됨', ['카톡: 카톡']],
    ['stream and 動画', []],
  ])('%s', (text, expected) => {
    expect(hits(text)).toEqual(expected);
  });

  test('a name carries an ending, another phrase does not', () => {
    expect(hits("Netflix'te googles amazonowi")).toEqual(['netflix: Netflix', 'google: googles', 'amazon: amazonowi']);
    expect(hits('primes nets')).toEqual([]);
    expect(hits('amazonians')).toEqual([]);
  });
});

test('phrases that are not recorded leave word where they were seen', () => {
  expect(seen('cannot sign in to the stream')).toEqual(['stream', 'sign in']);
  expect(seen('この動画')).toEqual(['動画']);
  expect(seen('netflix')).toEqual([]);
  scanner.scan(readText('stream a stream'));
  expect(scanner.seenAt(phrases.findIndex((p) => p.text === 'stream'))).toBe(9);
});

test('no sight of a phrase outlives its text, however many follow', () => {
  const netflix = phrases.findIndex((p) => p.text === 'netflix');
  scanner.scan(readText('netflix'));
  expect(scanner.seenAt(netflix)).toBe(0);
  for (let text = 0; text < 0x10001; text++) {
    scanner.scan(readText(text % 2 ? 'a' : 'b'));
    if (scanner.seenAt(netflix) >= 0) throw new Error(`seen again ${text + 1} texts later`);
  }
});

test('handles are tags, and so are tags that are no phrase themselves', () => {
  expect(tags('@netflix #netflix #netflixdown #stream @me')).toEqual(['netflix', 'netflixdown', 'me']);
  expect(tags('mail me@netflix.example')).toEqual([]);
});

test('the phrases that a tag begins with come longest first', () => {
  const text = '#netflixdown';
  expect(scanner.stems(readText(text), 1, text.length)).toEqual([
    { phrase: phrases.findIndex((p) => p.text === 'netflix'), letters: 7 },
    { phrase: phrases.findIndex((p) => p.text === 'net'), letters: 3 },
  ]);
});

test('of random phrases exactly those of the text are found', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdeя'), minLength: 1, maxLength: 4 });
  const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.uniqueArray(phrase, { maxLength: 20 }), fc.array(word, { maxLength: 30 }), (known, words) => {
      const recorded = known.map((_, id) => id % 3 > 0);
      const scanner = createScanner(known.map((text, id) => ({ text, recorded: recorded[id]!, inflects: false })));
      const text = words.join(' ');
      scanner.scan(readText(text));
      const expected = known.map((p) => ` ${text} `.lastIndexOf(` ${p} `));
      expect(known.map((_, id) => scanner.seenAt(id))).toEqual(expected);
      const found = spans(text, scanner.hits, (id) => `${id} `);
      const times = (p: string) => words.filter((_, i) => `${words.slice(i).join(' ')} `.startsWith(`${p} `)).length;
      for (const [id, p] of known.entries())
        expect(found.filter((f) => f === `${id} ${p}`)).toHaveLength(recorded[id] ? times(p) : 0);
      expect(Array.from(scanner.hits.start.subarray(0, scanner.hits.count))).toEqual(
        Array.from(scanner.hits.start.subarray(0, scanner.hits.count)).sort((a, b) => a - b),
      );
    }),
  );
});
