// Reads XML feeds with rss-parser, where it reads them whole.
import { setTimeout as wait } from 'node:timers/promises';
import Parser from 'rss-parser';
import { prefixOf } from './names.js';
import type { RawEntry, RawFeed, RawField } from './raw-feed.js';

/** Fields as rss-parser finds them. */
const fields =
  'title link guid id enclosure description summary content content:encoded pubDate published updated issued modified created date author dc:date dc:creator dc:title dc:description dc:language dcterms:issued dcterms:created dcterms:modified media:description media:title itunes:summary comments'.split(
    ' ',
  );
/** rss-parser makes a snippet of these, in quadratic time on hostile text; under another name it lets them be. */
const prose = new Set(['description', 'summary', 'content', 'content:encoded', 'itunes:summary']);
const asIs = (name: string) => (prose.has(name) ? `as-is:${name}` : name);

type Node = string | ({ _?: string; $?: Record<string, string> } & Record<string, unknown>);
type Item = Record<string, Node[] | undefined>;

/** Takes an item's fields as parsed, all of them, with their attributes. */
const rawFields = [...fields.map((name) => [asIs(name), `raw:${name}`, { keepArray: true }]), ['$', 'raw:$']];

/** Far more than the largest feed takes that is given to rss-parser. */
const patienceMs = 5_000;
/** What a feed becomes that rss-parser cannot build. */
const failed = { items: [] };

/** What is thrown while building is lost in xml2js's asynchronous mode, and the promise never settles. */
class CarefulParser extends Parser<Item, Item> {
  constructor(options: Parser.ParserOptions<Item, Item>) {
    super(options);
    const builders = this as unknown as Record<string, (xml: unknown) => unknown>;
    for (const name of ['buildAtomFeed', 'buildRSS2', 'buildRSS1', 'buildRSS0_9']) {
      const build = (builders[name] as (xml: unknown) => unknown).bind(this);
      builders[name] = (xml) => {
        try {
          return build(xml);
        } catch {
          return failed;
        }
      };
    }
  }
}

/**
 * Reads a feed with rss-parser.
 * @returns null where it fails, or leaves out what the lenient reader finds: nested markup, bases, tombstones,
 * namespaces under unusual prefixes.
 */
export async function readWithRssParser(xml: string): Promise<RawFeed | null> {
  if (/xml:base|:deleted-entry|<!ENTITY/.test(xml) || unusualPrefix(xml)) return null;
  const parser = new CarefulParser({
    // In one go a large feed would hold up everybody else.
    xml2js: { async: true, tagNameProcessors: [asIs] },
    customFields: {
      item: rawFields as never,
      feed: [
        ['title', 'raw:title', { keepArray: true }],
        ['link', 'raw:link', { keepArray: true }],
        ['language', 'raw:language', { keepArray: true }],
        ['$', 'raw:$'],
      ] as never,
    },
  });
  const ender = new AbortController();
  // xml2js has ways never to settle, and a source must not wait for ever.
  const late = wait(patienceMs, null, { signal: ender.signal }).catch(() => null);
  const parsed = await Promise.race([parser.parseString(xml).catch(() => null), late]);
  ender.abort();
  if (parsed === null || parsed === failed) return null;
  const starts = xml.match(/<(?:[\w.-]+:)?(?:item|entry)[\s/>]/gi)?.length ?? 0;
  if (parsed.items.length !== starts) return null;
  const feed = parsed as Item;
  const entries: RawEntry[] = [];
  for (const item of parsed.items as Item[]) {
    const entry = entryOf(item);
    if (!entry) return null;
    entries.push(entry);
  }
  return {
    title: fieldOf(listOf(feed['raw:title'])[0] ?? ''),
    links: listOf(feed['raw:link']).map((node) => (typeof node === 'string' ? node : (node.$?.href ?? node._ ?? ''))),
    lang: (fieldOf(listOf(feed['raw:language'])[0] ?? '')?.text || attributesOf(feed)['xml:lang']) ?? null,
    entries,
    deleted: [],
  };
}

function entryOf(item: Item): RawEntry | null {
  const found = new Map<string, RawField[]>();
  for (const name of fields) {
    const nodes = listOf(item[`raw:${name}`]);
    if (nodes.length === 0) continue;
    const read: RawField[] = [];
    for (const node of nodes) {
      const field = name === 'author' ? authorOf(node) : fieldOf(node);
      if (!field) return null;
      read.push(field);
    }
    found.set(name.toLowerCase(), read);
  }
  const own = attributesOf(item);
  if (own['rdf:about']) found.set('rdf:about', [{ text: own['rdf:about'], attrs: {}, markup: false }]);
  return { fields: found, bases: [], lang: own['xml:lang'] ?? null };
}

/** An empty element gives a string where there should be a list, and the string's own fields. */
function listOf(nodes: Node[] | undefined): Node[] {
  return Array.isArray(nodes) ? nodes : [];
}

function attributesOf(item: Item): Record<string, string> {
  return (item['raw:$'] as unknown as Record<string, string> | undefined) ?? {};
}

/** A field without elements of its own; null for one with some, whose order rss-parser has lost. */
function fieldOf(node: Node): RawField | null {
  if (typeof node === 'string') return { text: node, attrs: {}, markup: false };
  if (Object.keys(node).some((key) => key !== '_' && key !== '$')) return null;
  return { text: node._ ?? '', attrs: node.$ ?? {}, markup: false };
}

function authorOf(node: Node): RawField | null {
  const name = typeof node === 'string' ? undefined : (node.name as Node[] | undefined)?.[0];
  return name === undefined
    ? typeof node === 'string' || !('email' in node || 'uri' in node)
      ? fieldOf(node)
      : fieldOf('')
    : fieldOf(name);
}

/** True when a known namespace goes by another prefix than usual, which rss-parser does not look through. */
function unusualPrefix(xml: string): boolean {
  for (const [, prefix = '', uri = ''] of xml.slice(0, 8192).matchAll(/\sxmlns:?([\w.-]*)\s*=\s*["']([^"']*)["']/g)) {
    const usual = prefixOf(uri, prefix);
    if (usual !== '' && usual !== `${prefix}:`) return true;
  }
  return false;
}
