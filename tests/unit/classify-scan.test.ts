// The scanner: masks, offsets and scripts.
import { expect, test } from 'vitest';
import { DUR, ERR, MONEY, Scan, SVC, TIME, URL_, USER } from '../../src/classify/scan.js';

const scan = new Scan();
function tokens(text: string, words: string[] = []): [number, string][] {
  const mentions = words.map((w) => ({
    service: w.toLowerCase(),
    start: text.indexOf(w),
    end: text.indexOf(w) + w.length,
    words: w,
  }));
  scan.read('', text, mentions);
  return Array.from({ length: scan.n }, (_, i) => [scan.kind[i] as number, text.slice(scan.from[i], scan.to[i])]);
}
const kindsOf = (text: string, words?: string[]) => tokens(text, words).map(([kind]) => kind);

test('services, links, accounts, errors, spans, clocks and sums are told from words', () => {
  expect(tokens('Slack down', ['Slack'])[0]).toEqual([SVC, 'Slack']);
  expect(kindsOf('https://x.example/a?b=1')).toEqual([URL_]);
  expect(kindsOf('@someone')).toEqual([USER]);
  expect(tokens('error 53003')[1]).toEqual([ERR, '53003']);
  expect(tokens('CE-34878-0')).toEqual([[ERR, 'CE-34878-0']]);
  expect(kindsOf('503')).toEqual([ERR]);
  expect(tokens('2 hours')).toEqual([[DUR, '2 hours']]);
  expect(kindsOf('30min')).toEqual([DUR]);
  expect(kindsOf('30分')).toEqual([DUR]);
  expect(kindsOf('14:30')).toEqual([TIME]);
  expect(kindsOf('$5')).toContain(MONEY);
});

test('a handle is one token with all its letters, and remembers that it is one', () => {
  expect(tokens('@SpotifyCares songs', ['Spotify'])[0]).toEqual([SVC, '@SpotifyCares']);
  expect(scan.handle[0]).toBe(1);
});

test('letters in other dress are the same word', () => {
  const hashOf = (text: string) => {
    scan.read('', text, []);
    return scan.hash[0];
  };
  for (const same of ['CAÍDO', 'caido', 'ｃａｉｄｏ', 'cai\u0301do', 'ca\u200bido', '𝐜𝐚𝐢𝐝𝐨'])
    expect(hashOf(same)).toBe(hashOf('caído'));
  expect(hashOf('isn’t')).toBe(hashOf("isn't"));
  expect(hashOf('مشكلة')).toBe(hashOf('مشكله'));
});

test('the words of a power cut are read, not masked', () => {
  const text = 'power outage here';
  scan.read('', text, [{ service: 'power', start: 0, end: 12, words: 'power outage' }]);
  expect(scan.n).toBe(3);
  expect(scan.mentionToken[0]).toBe(0);
});
