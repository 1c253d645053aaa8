// What the elements of feeds are called, whatever prefix a feed gives them, and which of them matter.

/** Prefixes that names are known by, whatever prefix a feed binds to the namespace. Core names have none. */
const namespaces: [RegExp, string][] = [
  [
    /^https?:\/\/(www\.w3\.org\/2005\/atom|purl\.org\/atom\/|purl\.org\/(net\/)?rss(?!.*\/modules)|(my|channel)\.netscape\.com\/|backend\.userland\.com\/|blogs\.law\.harvard\.edu\/tech|cyber\.(law\.)?harvard\.edu\/rss)/,
    '',
  ],
  [/^https?:\/\/purl\.org\/rss\/1\.0\/modules\/content/, 'content:'],
  [/^https?:\/\/purl\.org\/dc\/elements\//, 'dc:'],
  [/^https?:\/\/purl\.org\/dc\/terms\//, 'dcterms:'],
  [/^https?:\/\/search\.yahoo\.com\/mrss/, 'media:'],
  [/^https?:\/\/www\.itunes\.com\/dtds\/podcast/, 'itunes:'],
  [/^https?:\/\/www\.w3\.org\/1999\/xhtml/, 'xhtml:'],
  [/^https?:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns/, 'rdf:'],
  [/^https?:\/\/purl\.org\/atompub\/tombstones\//, 'at:'],
];

/** Fields that hold prose, where markup of any kind may stand unescaped. */
export const long = new Set([
  'description',
  'content',
  'summary',
  'content:encoded',
  'xhtml:body',
  'body',
  'fullitem',
  'abstract',
]);
/** Fields that are kept. */
export const kept = new Set([
  ...long,
  ...'title link guid id enclosure pubdate published updated modified issued created date author dc:date dc:title dc:description dc:creator dc:language language dcterms:issued dcterms:created dcterms:modified dcterms:date dcterms:abstract media:description media:title itunes:summary comments'.split(
    ' ',
  ),
]);
/** Elements that only the core has. */
export const roots = new Set(['rss', 'feed', 'channel', 'item', 'entry']);
/** Names that end unclosed prose: they stand in no HTML. */
export const endProse = new Set([
  'guid',
  'pubdate',
  'published',
  'updated',
  'issued',
  'modified',
  'dc:date',
  'content:encoded',
  'comments',
]);
/** Elements whose fields are their own, not the entry's. */
export const foreign = new Set(['source', 'image', 'contributor', 'textinput', 'cloud']);

/** The usual prefix of a namespace with its colon; the written one where the namespace is not known. */
export function prefixOf(uri: string, written: string): string {
  const value = uri.trim().toLowerCase();
  const known = namespaces.find(([pattern]) => pattern.test(value));
  return known ? known[1] : written === '' ? '' : `${written}:`;
}
