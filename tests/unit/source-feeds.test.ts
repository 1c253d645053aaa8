// Feeds in all formats and states: what is read of them. All fixtures are our own.
import { expect, test } from 'vitest';
import { parseFeed } from '../../src/sources/feeds/parse-feed.js';

const now = Date.parse('2026-07-12T10:00:00Z');
const read = (text: string | Buffer, contentType: string | null = null, url: string | null = null) =>
  parseFeed(Buffer.from(text as string), { contentType, url, now });
const rss = (items: string, root = '') =>
  `<?xml version="1.0"?><rss version="2.0" ${root}><channel><title>Forum</title><link>https://forum.example.org/</link>${items}</channel></rss>`;
const atom = (entries: string, root = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${root}><title>Forum</title>${entries}</feed>`;

test('RSS 2: everything an item says', async () => {
  const { title, entries } = await read(
    rss(`<item><title>Mail &amp; calendar down</title><link>/t/7</link><guid isPermaLink="false">t-7</guid>
      <pubDate>Sun, 12 Jul 2026 11:13:00 CEST</pubDate><description>&lt;p&gt;Since &lt;b&gt;nine&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;Anyone?&lt;/p&gt;</description></item>`),
  );
  expect(title).toBe('Forum');
  expect(entries).toEqual([
    {
      id: 't-7',
      title: 'Mail & calendar down',
      text: 'Mail & calendar down\n\nSince nine.\n\nAnyone?',
      url: 'https://forum.example.org/t/7',
      createdAt: Date.parse('2026-07-12T09:13:00Z'),
      author: null,
      lang: null,
    },
  ]);
});

test('Atom: alternate link, first publication, author, language, xhtml in order', async () => {
  const { entries } = await read(
    atom(
      `<entry xml:lang="de"><id>urn:1</id><title type="text">5 &lt; 6</title><link rel="self" href="/self"/><link rel="alternate" href="a?b=1&amp;c=2"/>
      <published>2026-07-12T09:13:00+02:00</published><updated>2026-07-12T09:50:00Z</updated><author><name>Jo</name><uri>u</uri></author>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>two</b> three<br/>four &lt;five&gt;</div></content></entry>`,
      'xml:base="https://example.org/x/"',
    ),
  );
  expect(entries[0]).toMatchObject({
    id: 'urn:1',
    text: '5 < 6\n\nOne two three\nfour <five>',
    url: 'https://example.org/x/a?b=1&c=2',
    createdAt: Date.parse('2026-07-12T07:13:00Z'),
    author: 'Jo',
    lang: 'de',
  });
});

test('RDF, prefixed Atom, upper case, CDF and JSON Feed', async () => {
  const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="https://e.example/1"><title>a</title><d:date>2026-07-12</d:date></item></rdf:RDF>`;
  expect((await read(rdf)).entries[0]).toMatchObject({
    id: 'https://e.example/1',
    url: 'https://e.example/1',
    createdAt: Date.parse('2026-07-12'),
  });
  const prefixed = `<x:feed xmlns:x="http://www.w3.org/2005/Atom"><x:entry><x:id>1</x:id><x:title>b</x:title></x:entry></x:feed>`;
  expect((await read(prefixed)).entries[0]).toMatchObject({ id: '1', text: 'b' });
  const upper = '<RSS VERSION="2.0"><CHANNEL><ITEM><TITLE>c</TITLE><GUID>3</GUID></ITEM></CHANNEL></RSS>';
  expect((await read(upper)).entries[0]).toMatchObject({ id: '3', text: 'c' });
  const cdf =
    '<CHANNEL HREF="https://e.example/"><ITEM HREF="d.html" LASTMOD="2026-07-01"><TITLE>d</TITLE><ABSTRACT>words</ABSTRACT></ITEM></CHANNEL>';
  expect((await read(cdf)).entries[0]).toMatchObject({
    url: 'https://e.example/d.html',
    text: 'd\n\nwords',
    createdAt: Date.parse('2026-07-01'),
  });
  const json = {
    version: 'https://jsonfeed.org/version/1.1',
    items: [{ id: 5, content_html: '<p>e</p>', url: 'https://e.example/5', date_published: '2026-07-12T09:00:00Z' }],
  };
  expect((await read(JSON.stringify(json))).entries[0]).toMatchObject({
    id: '5',
    text: 'e',
    url: 'https://e.example/5',
  });
});

test('one bad entry costs that entry: dates, links, markup, characters', async () => {
  const { entries } = await read(
    rss(`<item><title>a & b</title><guid>1</guid><pubDate>someday</pubDate></item>
      <item><title>unclosed<link>https://e.example/2</link><guid>2</guid></item>
      <item><description>raw <b>markup<br> here &nbsp;</description><guid>3</guid><link>javascript:alert(1)</link></item>
      <item><title>c\u0001\u0008d</title><guid>4</guid>
      <item><title>never closed</title><guid>5</guid><description>cut of`),
  );
  expect(entries.map(({ id, text }) => [id, text])).toEqual([
    ['1', 'a & b'],
    ['2', 'unclosed'],
    ['3', 'raw markup\nhere'],
    ['4', 'c d'],
    ['5', 'never closed\n\ncut of'],
  ]);
  expect(entries.map(({ url }) => url)).toEqual([null, 'https://e.example/2', null, null, null]);
});

test('marks that are never closed hide nothing; a prefix that was never declared is understood', async () => {
  const unclosed = await read(
    rss(
      '<item><description><![CDATA[a</description></item><item><title>b</title></item><!-- <item><title>c</title></item>',
    ),
  );
  expect(unclosed.entries.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  const undeclared = await read('<q:feed><q:entry><q:title>a</q:title><z:title>other</z:title></q:entry></q:feed>');
  expect(undeclared.entries.map(({ title }) => title)).toEqual(['a']);
});

test('Atom with a bad date, a link without address, and a tombstone', async () => {
  const { entries, deleted } = await read(
    atom(
      `<entry><id>1</id><title>a</title><updated>yesterday</updated><link/></entry><entry><id>2</id><title>b</title><updated>2026-07-12T09:00:00Z</updated></entry><at:deleted-entry ref="urn:gone"/>`,
      'xmlns:at="http://purl.org/atompub/tombstones/1.0"',
    ),
  );
  expect(entries.map(({ id, createdAt }) => [id, createdAt])).toEqual([
    ['1', null],
    ['2', Date.parse('2026-07-12T09:00:00Z')],
  ]);
  expect(deleted).toEqual(['urn:gone']);
});

test('what is not the entry: image titles, sources, media titles', async () => {
  const { entries, title } = await read(
    `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><image><title>logo</title></image><title>Forum</title><item><media:title>m</media:title><source url="x"><title>s</title></source><title>real</title><media:group><media:title>n</media:title></media:group></item></channel></rss>`,
  );
  expect(title).toBe('Forum');
  expect(entries.map(({ title }) => title)).toEqual(['real']);
});

test('a time more than an hour ahead is not believed', async () => {
  const { entries } = await read(rss('<item><title>a</title><pubDate>Sun, 12 Jul 2026 12:00:00 GMT</pubDate></item>'));
  expect(entries[0]?.createdAt).toBeNull();
});

test('ids given twice to different entries are told apart, the same way each time', async () => {
  const feed = rss('<item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item>');
  const [a, b] = (await read(feed)).entries;
  expect(a?.id).toMatch(/^1#/);
  expect(a?.id).not.toBe(b?.id);
  expect((await read(feed)).entries[0]?.id).toBe(a?.id);
});

test('charsets: byte order mark, header, prolog, none, wrong', async () => {
  const prolog = (encoding: string, bytes: Buffer) =>
    Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><rss version="2.0"><channel><item><title>`),
      bytes,
      Buffer.from('</title></item></channel></rss>'),
    ]);
  const title = async (bytes: Buffer, header: string | null = null) => (await read(bytes, header)).entries[0]?.title;
  const plain = '<rss version="2.0"><channel><item><title>caf\u00e9 \u2603</title></item></channel></rss>';
  expect(await title(Buffer.from(`\ufeff${plain}`, 'utf16le'))).toBe('caf\u00e9 \u2603');
  expect(await title(Buffer.from(plain, 'utf16le'))).toBe('caf\u00e9 \u2603');
  expect(await title(Buffer.from(`\ufeff${plain}`, 'utf16le').swap16())).toBe('caf\u00e9 \u2603');
  expect(await title(prolog('iso-8859-1', Buffer.from('caf\u00e9', 'latin1')))).toBe('caf\u00e9');
  expect(await title(prolog('utf-8', Buffer.from('caf\u00e9', 'latin1')))).toBe('caf\u00e9');
  expect(await title(prolog('iso-8859-1', Buffer.from('caf\u00e9')))).toBe('caf\u00e9');
  expect(await title(prolog('shift_jis', Buffer.from([0x8f, 0xe1])))).toBe('\u969c');
  expect(await title(prolog('utf-16', Buffer.from('caf\u00e9')))).toBe('caf\u00e9');
  expect(await title(prolog('gbk', Buffer.from([0xb7, 0xfe, 0xff, 0x20, 0x61])))).toMatch(/^\u670d/);
  expect(await title(prolog('klingon', Buffer.from('caf\u00e9')))).toBe('caf\u00e9');
  expect(await title(prolog('utf-8', Buffer.from([0xea, 0xf2])), 'text/xml; charset="windows-1251"')).toBe(
    '\u043a\u0442',
  );
});

test('charsets that only old programs write: DOS, Macintosh', async () => {
  const feed = (charset: string, byte: number) =>
    Buffer.concat([
      Buffer.from(`<?xml version="1.0" encoding="${charset}"?><rss><channel><item><title>caf`),
      Buffer.from([byte]),
      Buffer.from('</title></item></channel></rss>'),
    ]);
  for (const [charset, byte] of [
    ['cp437', 0x82],
    ['cp850', 0x82],
    ['mac_roman', 0x8e],
  ] as const)
    expect((await read(feed(charset, byte))).entries[0]?.title, charset).toBe('café');
});

test('a root under a prefix of its own; entities that the document declares, within limits', async () => {
  const prefixed = await read(
    '<f:rss xmlns:f="http://example.org/ns"><f:channel><f:item><f:title>down</f:title></f:item></f:channel></f:rss>',
  );
  expect(prefixed.entries.map((e) => e.text)).toEqual(['down']);
  const declared = (value: string, title: string) =>
    `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY brand "${value}">]><rss><channel><item><title>${title}</title></item></channel></rss>`;
  expect((await read(declared('Example Mail', '&brand; &eacute;'))).entries[0]?.title).toBe('Example Mail é');
  const bomb = await read(declared('x'.repeat(1000), '&brand;'.repeat(10_000)));
  expect(bomb.entries[0]?.text.length).toBeLessThan(250_000);
});

test('what is no feed is said to be none', async () => {
  await expect(read('<!doctype html><html><body>Just a moment</body></html>')).rejects.toThrow(
    /an HTML page, not a feed/,
  );
  await expect(read('{"error":"slow down"}')).rejects.toThrow(/no JSON Feed/);
  await expect(read('')).rejects.toThrow(/nothing, not a feed/);
  expect((await read(rss(''))).entries).toEqual([]);
});

test.each([
  ['tags that never close', rss(`<item><title>t</title><description>${'<a>'.repeat(300_000)}</description></item>`)],
  [
    'escaped tags that never close',
    rss(`<item><title>t</title><description>${'&lt;p '.repeat(150_000)}</description></item>`),
  ],
  [
    'only less-than signs',
    rss(`<item><title>t</title><description><![CDATA[${'<'.repeat(900_000)}]]></description></item>`),
  ],
  [
    'closing tags of nothing',
    rss(`<item><title>t</title><description>${'<b>'.repeat(500)}${'</c>'.repeat(200_000)}</description></item>`),
  ],
  ['white space', rss(`<item><title>t</title><description>${' '.repeat(900_000)}x</description></item>`)],
  [
    'attributes',
    rss(`<item ${Array.from({ length: 50_000 }, (_, i) => `xmlns:a${i}="b"`).join(' ')}><title>t</title></item>`),
  ],
  ['entities', rss(`<item><title>t</title><description>${'&amp;'.repeat(200_000)}</description></item>`)],
  [
    'a billion laughs',
    `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${rss('<item><title>t</title><description>&b;</description></item>')}`,
  ],
])(
  'hostile: %s',
  async (_, feed) => {
    const { entries } = await read(feed);
    expect(entries[0]?.title).toBe('t');
    expect(entries[0]?.text.length).toBeLessThanOrEqual(30_000);
  },
  2_000,
);
