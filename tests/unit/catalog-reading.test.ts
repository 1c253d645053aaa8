// A text is cut into the tokens that names are looked for in; links, addresses and hosts of handles hold none.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldLetters } from '../../src/catalog/fold.js';
import {
  behindLetters,
  GLUED,
  HANDLE,
  hashBetween,
  hashOf,
  lettersIn,
  longestText,
  longestWord,
  RUN,
  readText,
  TAG,
} from '../../src/catalog/reading.js';

const marks: [number, string][] = [
  [GLUED, '+'],
  [HANDLE, '@'],
  [TAG, '#'],
  [RUN, '~'],
];
/** Tokens with a sign for each of their flags: `+` goes on the phrase before it, `@` handle, `#` tag, `~` run. */
function tokens(text: string): string[] {
  const { count, flags, start, end } = readText(text);
  return Array.from({ length: count }, (_, t) => {
    const signs = marks.filter(([bit]) => flags[t]! & bit).map(([, sign]) => sign);
    return signs.join('') + text.slice(start[t], end[t]);
  });
}

test.each([
  ['at&t is down', ['at', '+t', '+is', '+down']],
  ['down. Netflix', ['down', 'Netflix']],
  ['netflix.com', ['netflix', '+com']],
  ['a, b (c) d\ne', ['a', 'b', 'c', 'd', 'e']],
  ['a    b', ['a', 'b']],
  ['@SpotifyCares help', ['@SpotifyCares', '+help']],
  ['so #NetflixDown', ['so', '+#NetflixDown']],
  ['net\u200bflix', ['net\u200bflix']],
  ['LINEが落ちた now', ['LINE', '~が落ちた', 'now']],
  ['😀ok', ['ok']],
])('%s', (text, expected) => {
  expect(tokens(text)).toEqual(expected);
});

test.each([
  ['a link with a path', 'see https://x.example/netflix now', ['see', '+https', 'now']],
  ['a link that is a bare host', 'https://www.netflix.com/ now', ['https', 'www', '+netflix', '+com', '+now']],
  ['an address', 'me@netflix.example now', ['me', 'now']],
  ['the host of a handle', '@someone.netflix.example now', ['@someone', 'now']],
])('%s', (_, text, expected) => {
  expect(tokens(text)).toEqual(expected);
});

test('a word too long to be a name ends the phrase', () => {
  expect(tokens(`a ${'x'.repeat(longestWord + 1)} b`)).toEqual(['a', 'x'.repeat(longestWord + 1), 'b']);
});

test('what stands behind the reach is not read', () => {
  const { count, end } = readText(`${'a '.repeat(longestText)}netflix`);
  expect(count).toBe(longestText / 2);
  expect(end[count - 1]).toBeLessThan(longestText);
});

test('hash and number of letters of a token are those of its folded word, whatever text came before', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 12 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const text = words.join(' ');
      const reading = readText(text);
      for (let t = 0; t < reading.count; t++) {
        if (reading.flags[t]! & RUN) continue;
        const [from, to] = [reading.start[t]!, reading.end[t]!];
        const letters = foldLetters(text.slice(from, to));
        expect(lettersIn(reading, from, to)).toBe(letters.length);
        expect(reading.hash[t]).toBe(hashOf(letters));
        const half = letters.length >> 1;
        const middle = behindLetters(reading, from, half);
        expect(hashBetween(reading, from, middle, half)).toBe(hashOf(letters.slice(0, half)));
      }
    }),
  );
});
