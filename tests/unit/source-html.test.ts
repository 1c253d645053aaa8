// HTML and dates as they come: what a reader would see, and when.
import { expect, test } from 'vitest';
import { parseFeedDate } from '../../src/sources/feeds/parse-date.js';
import { htmlToText, tidyText } from '../../src/sources/net/html.js';

test.each([
  ['<p>one</p><p>two<br>three</p>', 'one\n\ntwo\nthree'],
  ['a&nbsp;&amp;&#x27;b&rsquo;', "a &'b\u2019"],
  ['<ul><li>a<li>b</ul>c', 'a\nb\nc'],
  ['x<script>alert(1)</script><style>p{}</style>y', 'xy'],
  ['<a href="#"><span class="invisible">https://</span><span class="ellipsis">e.org/a</span></a>', 'e.org/a'],
  ['<aside class="quote"><aside>deep</aside>theirs</aside>mine', 'mine'],
  ['5 < 6 and 7 > 2', '5 < 6 and 7 > 2'],
  ['plain\nlines\n\n\n\nstay', 'plain\nlines\n\nstay'],
  ['<b>bold', 'bold'],
  ['  <div> a </div>  <div>b</div> ', 'a\nb'],
  ['wo<b>r</b>d', 'word'],
  ['<!-- hidden -->shown', 'shown'],
])('%s', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test('text is bounded and holds no control characters', () => {
  expect(htmlToText(`<p>${'word '.repeat(100_000)}`).length).toBeLessThanOrEqual(20_000);
  expect(tidyText('a\u0000b\u0007c\u200bd')).toBe('a b c d');
});

test.each([
  ['Sun, 12 Jul 2026 09:13:00 GMT', '2026-07-12T09:13:00Z'],
  ['Sun, 12 Jul 2026 09:13:00 +0200', '2026-07-12T07:13:00Z'],
  ['Sun, 12 Jul 2026 09:13:00 PDT', '2026-07-12T16:13:00Z'],
  ['12 Jul 26 09:13 CEST', '2026-07-12T07:13:00Z'],
  ['Sun Jul 12 09:13:00 JST 2026', '2026-07-12T00:13:00Z'],
  ['Sunday, July 12, 2026 9:13 PM', '2026-07-12T21:13:00Z'],
  ['So, 12 Dez 2025 09:13:00 GMT', '2025-12-12T09:13:00Z'],
  ['dom, 12 févr. 2026 09:13:00 +0100', '2026-02-12T08:13:00Z'],
  ['Κυρ, 12 Ιούλ 2026 09:13:00 EEST', '2026-07-12T06:13:00Z'],
  ['2026-július-12T9:13+02:00', '2026-07-12T07:13:00Z'],
  ['2026년 07월 12일 09:13:00', '2026-07-12T09:13:00Z'],
  ['2026-07-12', '2026-07-12T00:00:00Z'],
  ['2026-07', '2026-07-01T00:00:00Z'],
  ['2026', '2026-01-01T00:00:00Z'],
  ['20260712', '2026-07-12T00:00:00Z'],
  ['2026-193', '2026-07-12T00:00:00Z'],
  ['2026-07-12T09:13', '2026-07-12T09:13:00Z'],
  ['2026-07-12T09:13:00.5-07', '2026-07-12T16:13:00.500Z'],
  ['2026-07-12 09:13:00', '2026-07-12T09:13:00Z'],
  ['2026/07/12 09:13', '2026-07-12T09:13:00Z'],
  ['12/07/2026 09:13', '2026-12-07T09:13:00Z'],
  ['25/07/2026', '2026-07-25T00:00:00Z'],
  ['1783847580', '2026-07-12T09:13:00Z'],
  ['\n 2026-07-12T09:13:00Z \n', '2026-07-12T09:13:00Z'],
])('%s is %s', (text, iso) => {
  expect(parseFeedDate(text)).toBe(Date.parse(iso));
});

test.each(['', 'soon', 'yesterday 10:00', '32 Jul 2026', 'Mon, 99 Foo 2026', '::', '12:34', 'NaN'])(
  '%s is no date',
  (text) => {
    expect(parseFeedDate(text)).toBeNull();
  },
);
