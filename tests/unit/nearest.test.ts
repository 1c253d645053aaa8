// Misspelt words and what they may have meant.
import { expect, test } from 'vitest';
import { nearest } from '../../src/core/nearest.js';

const services = ['slack', 'blik', 'sda', 'outlook', 'outlook-mobile', 'url', 'github', 'gitlab'];

test.each([
  ['slak', ['slack']],
  ['Slack', ['slack']],
  ['ulr', ['url']],
  ['outl', ['outlook', 'outlook-mobile']],
  ['outlok', ['outlook']],
  ['gitlub', ['github', 'gitlab']],
  ['zzz', []],
  ['', []],
  ['something-else-altogether', []],
])('%s may have meant %j', (word, meant) => {
  expect(nearest(word, services)).toEqual(meant);
});
