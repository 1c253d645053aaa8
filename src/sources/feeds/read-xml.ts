// The lenient reader of XML feeds: takes what is there, in linear time and in slices, and never gives up.
import { setImmediate as breathe } from 'node:timers/promises';
import { Tokenizer } from 'htmlparser2';
import { endProse, foreign, kept, long, prefixOf, roots } from './names.js';
import { withOwnEntities } from './own-entities.js';
import type { RawEntry, RawFeed, RawField } from './raw-feed.js';

interface Scope {
  /** Name as written, in lower case. */
  raw: string;
  name: string;
  prefixes: Record<string, string>;
  bases: string[];
  lang: string | null;
}

interface Capture {
  name: string;
  depth: number;
  attrs: Record<string, string>;
  /** What stands in it; escaped and with its tags once there are any. */
  text: string;
  markup: boolean;
}

/** Namespaces declared by one tag, and depth to which they are looked at: none needs more, and copies cost. */
const maxDeclared = 64;
/** Deeper elements are not told apart. */
const maxDepth = 512;
const noPrefixes: Record<string, string> = Object.create(null);
const noAttrs: Record<string, string> = Object.create(null);
const sliceLength = 1 << 15;
const sliceMs = 8;

/** Reads all entries that a document holds, whole or broken. Gives way to others every few milliseconds. */
export async function readXml(document: string): Promise<RawFeed> {
  const xml = withOwnEntities(withoutUnclosed(withoutUnclosed(document, '<![CDATA[', ']]>'), '<!--', '-->'));
  const reader = createReader(xml);
  let startedAt = performance.now();
  for (let at = 0; at < xml.length; at += sliceLength) {
    reader.write(xml.slice(at, at + sliceLength));
    if (performance.now() - startedAt > sliceMs) {
      await breathe();
      startedAt = performance.now();
    }
  }
  return reader.end();
}

/** Drops an opening mark that is never closed, which would hide all behind it. */
function withoutUnclosed(text: string, opening: string, closing: string): string {
  const at = text.lastIndexOf(opening);
  return at > text.lastIndexOf(closing) ? text.slice(0, at) + text.slice(at + opening.length) : text;
}

function createReader(xml: string) {
  const feed: RawFeed = { title: null, links: [], lang: null, entries: [], deleted: [] };
  const stack: Scope[] = [];
  const open = new Map<string, number>();
  let entry: RawEntry | null = null;
  let entryDepth = 0;
  /** Depth of the outermost open element whose fields are its own; 0 = none. */
  let foreignDepth = 0;
  let capture: Capture | null = null;
  const undeclaredCore = new Set(['atom', 'rss']);
  /** Open elements below the depth that is followed. */
  let tooDeep = 0;

  let tag = '';
  let attrs = noAttrs;
  let attrName = '';
  let attrValue = '';

  function finishCapture(): void {
    if (!capture) return;
    const { name, attrs: own, text, markup } = capture;
    capture = null;
    const field: RawField = { text, attrs: own, markup };
    if (entry) {
      const fields = entry.fields.get(name);
      if (fields) fields.push(field);
      else entry.fields.set(name, [field]);
    } else if (name === 'title') feed.title ??= field;
    else if (name === 'link') {
      if (!own.rel || /^(alternate|self)$/.test(own.rel)) feed.links.push(own.href ?? text.trim());
    } else feed.lang ??= text.trim() || null;
  }

  function finishEntry(): void {
    finishCapture();
    if (entry) feed.entries.push(entry);
    entry = null;
  }

  function pop(): void {
    const depth = stack.length;
    const { raw } = stack.pop() as Scope;
    open.set(raw, (open.get(raw) as number) - 1);
    if (capture?.depth === depth) finishCapture();
    if (entry && entryDepth === depth) finishEntry();
    if (foreignDepth === depth) foreignDepth = 0;
  }

  function popTo(depth: number): void {
    while (stack.length > depth) pop();
  }

  /** The canonical name: known namespaces by their usual prefix, others as written. */
  function nameOf(raw: string, prefixes: Record<string, string>): string {
    const colon = raw.indexOf(':');
    if (colon < 0) {
      const around = prefixes[''] ?? '';
      return around === 'xhtml:' && raw !== 'body' ? raw : around + raw;
    }
    const prefix = raw.slice(0, colon);
    const local = raw.slice(colon + 1);
    const known = prefixes[prefix];
    if (known !== undefined) return known + local;
    // A prefix that was never declared tells by the elements it stands on whether it means the core.
    if (roots.has(local)) undeclaredCore.add(prefix);
    return undeclaredCore.has(prefix) ? local : raw;
  }

  function openTag(raw: string): void {
    if (stack.length >= maxDepth) {
      tooDeep++;
      return;
    }
    const outer = stack.at(-1);
    let prefixes = outer?.prefixes ?? noPrefixes;
    let bases = outer?.bases ?? [];
    let lang = outer?.lang ?? null;
    const declared =
      attrs === noAttrs ? [] : Object.keys(attrs).filter((key) => key === 'xmlns' || key.startsWith('xmlns:'));
    if (declared.length > 0 && declared.length <= maxDeclared && stack.length < maxDeclared) {
      prefixes = Object.assign(Object.create(null), prefixes);
      for (const key of declared) prefixes[key.slice(6)] = prefixOf(attrs[key] as string, key.slice(6));
    }
    // A root under a prefix of its own is the core all the same.
    const colon = raw.indexOf(':');
    if (stack.length === 0 && colon > 0 && roots.has(raw.slice(colon + 1))) {
      prefixes = Object.assign(Object.create(null), prefixes, { [raw.slice(0, colon)]: '' });
    }
    const base = attrs['xml:base'];
    if (base !== undefined) bases = [...bases.slice(-7), base];
    lang = attrs['xml:lang'] ?? lang;
    const name = nameOf(raw, prefixes);
    const isEntry = name === 'item' || name === 'entry';

    if (capture && endsCapture(capture, name, isEntry)) popTo(capture.depth - 1);
    if (isEntry && entry && !capture) popTo(entryDepth - 1);

    stack.push({ raw, name, prefixes, bases, lang });
    open.set(raw, (open.get(raw) ?? 0) + 1);
    if (capture) {
      addTag(capture, markupOf(raw, attrs));
      return;
    }
    const depth = stack.length;
    if (isEntry) {
      entry = { fields: new Map(), bases, lang };
      entryDepth = depth;
      const about = attrs['rdf:about'] ?? attrs.about;
      if (about) entry.fields.set('rdf:about', [{ text: about, attrs: {}, markup: false }]);
      // Channel Definition Format says it in attributes.
      if (attrs.href) entry.fields.set('link', [{ text: attrs.href, attrs: {}, markup: false }]);
      if (attrs.lastmod) entry.fields.set('modified', [{ text: attrs.lastmod, attrs: {}, markup: false }]);
    } else if (name === 'at:deleted-entry') {
      if (attrs.ref) feed.deleted.push(attrs.ref);
    } else if (entry) {
      if (foreignDepth === 0 && kept.has(name)) begin(name, depth, bases, lang);
    } else if (
      foreignDepth === 0 &&
      (name === 'title' || name === 'link' || name === 'language' || name === 'dc:language')
    ) {
      begin(name, depth);
    } else if (name === 'feed' || name === 'channel') {
      feed.lang ??= lang;
      feed.links.push(...bases);
      if (attrs.href) feed.links.push(attrs.href);
    }
    if (foreign.has(name) && foreignDepth === 0) foreignDepth = depth;
  }

  function begin(name: string, depth: number, bases?: string[], lang?: string | null): void {
    capture = { name, depth, attrs, text: '', markup: false };
    if (entry && bases && bases.length > entry.bases.length && long.has(name)) entry.bases = bases;
    if (entry && lang && long.has(name)) entry.lang ??= lang;
  }

  function closeTag(raw: string): void {
    if (!open.get(raw)) {
      if (tooDeep > 0) tooDeep--;
      return;
    }
    if (capture) {
      // Only an element within the field, the field itself, or the entry around it can end here.
      const at = stack.findLastIndex((scope) => scope.raw === raw);
      if (at + 1 > capture.depth) addTag(capture, `</${raw}>`);
    }
    while (stack.length > 0) {
      const { raw: closed } = stack.at(-1) as Scope;
      pop();
      if (closed === raw) break;
    }
  }

  function text(value: string): void {
    if (capture) capture.text += capture.markup ? escapeHtml(value) : value;
  }

  const tokenizer = new Tokenizer(
    { xmlMode: true, decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = xml.slice(start, end).toLowerCase();
        attrs = noAttrs;
      },
      onattribname(start, end) {
        attrName = xml.slice(start, end).toLowerCase();
        attrValue = '';
      },
      onattribdata(start, end) {
        attrValue += xml.slice(start, end);
      },
      onattribentity(codePoint) {
        attrValue += String.fromCodePoint(codePoint);
      },
      onattribend() {
        if (attrs === noAttrs) attrs = Object.create(null) as Record<string, string>;
        attrs[attrName] ??= attrValue;
      },
      onopentagend: () => openTag(tag),
      onselfclosingtag() {
        openTag(tag);
        closeTag(tag);
      },
      onclosetag: (start, end) => closeTag(xml.slice(start, end).trim().toLowerCase()),
      ontext: (start, end) => text(xml.slice(start, end)),
      ontextentity: (codePoint) => text(String.fromCodePoint(codePoint)),
      oncdata: (start, end, offset) => text(xml.slice(start, end - offset)),
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  );

  return {
    write: (chunk: string) => tokenizer.write(chunk),
    end(): RawFeed {
      tokenizer.end();
      finishEntry();
      return feed;
    },
  };
}

/** What was plain text so far is part of HTML from the first tag on. */
function addTag(capture: Capture, tag: string): void {
  if (!capture.markup) {
    capture.text = escapeHtml(capture.text);
    capture.markup = true;
  }
  capture.text += tag;
}

/** True when a start tag shows that the field being read was never closed. */
function endsCapture({ name: field, attrs }: Capture, name: string, isEntry: boolean): boolean {
  if (/\+xml$|^application\/xml$|^text\/xml$/.test(attrs.type ?? '') && attrs.type !== 'application/xhtml+xml')
    return false;
  if (isEntry) return true;
  if (field === 'author' || attrs.type === 'xhtml') return false;
  return long.has(field) ? endProse.has(name) : kept.has(name) && name !== field;
}

/** The tag again, with what matters for its words only. */
function markupOf(raw: string, { class: classes }: Record<string, string>): string {
  return classes ? `<${raw} class="${escapeHtml(classes)}">` : `<${raw}>`;
}

/** Entities that XML does not know are still there, and are HTML's. */
function escapeHtml(text: string): string {
  return text
    .replace(/&(?![a-z]\w{1,30};)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
}
