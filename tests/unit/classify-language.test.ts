// The language of a post is told without any network, for any string.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languageOf } from '../../src/classify/language.js';

test('languages of ordinary posts are told, of fragments they are not', () => {
  expect(languageOf('is anyone else having trouble logging in to their email today?')).toBe('en');
  expect(languageOf('alguien sabe si se cayó el internet en todo el barrio otra vez?')).toBe('es');
  expect(languageOf('weiß jemand, warum das Internet seit heute Morgen nicht mehr geht?')).toBe('de');
  expect(languageOf('ログインできないんだけど私だけでしょうか')).toBe('ja');
  expect(languageOf('down?? @support https://example.org/a-long-english-looking-path')).toBeNull();
});

test('any string has an answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      expect(languageOf(text) === null || /^[a-z]{2,3}$/.test(languageOf(text) as string)).toBe(true);
    }),
  );
});
