// HTML -> the words a reader would see, in linear time.
import { decodeHTML } from 'entities';
import { Tokenizer } from 'htmlparser2';

/** Elements that begin a new line, and those that leave a blank one. */
const lines = new Set(
  'address article aside blockquote br center dd div dl dt fieldset figcaption figure footer form header hr li main nav ol option section table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);
const paragraphs = new Set(['p', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
/** Elements whose content nobody reads. */
const unseen = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'svg', 'head', 'object']);
/** Classes of what is hidden (Mastodon's link ends) or another author's words (quotes of Mastodon and Discourse). */
const unseenClasses = /(^|\s)(invisible|quote-inline|quote)(\s|$)/;
const classed = new Set(['span', 'p', 'aside']);

/** Longest HTML that is read and longest text that comes out, characters: a verdict needs no more. */
const maxHtml = 1 << 18;
const maxText = 20_000;

/**
 * Reads HTML as text: blocks become lines, entities characters, white space single. Plain text keeps its lines.
 * @returns at most 20,000 characters, without control characters.
 */
export function htmlToText(html: string): string {
  const source = html.length > maxHtml ? html.slice(0, maxHtml) : html;
  if (!source.includes('<')) return tidyText(source.includes('&') ? decodeHTML(source) : source);
  const out = createOutput();
  let tag = '';
  let attribute = '';
  let value = '';
  /** The element that is not shown, and how many of its kind are open within. */
  let hidden = '';
  let hiddenDepth = 0;

  const slice = (start: number, end: number) => source.slice(start, end);
  const add = (text: string) => {
    if (hiddenDepth === 0) out.text(text);
  };
  const breakAt = (name: string) => {
    if (hiddenDepth > 0) return;
    if (paragraphs.has(name)) out.lines(2);
    else if (lines.has(name)) out.lines(1);
  };
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = slice(start, end).toLowerCase();
        breakAt(tag);
        if (hiddenDepth > 0) hiddenDepth += tag === hidden ? 1 : 0;
        else if (unseen.has(tag)) [hidden, hiddenDepth] = [tag, 1];
      },
      onattribname(start, end) {
        attribute = slice(start, end);
        value = '';
      },
      onattribdata(start, end) {
        if (attribute === 'class') value += slice(start, end);
      },
      onattribentity() {},
      onattribend() {
        if (hiddenDepth === 0 && attribute === 'class' && classed.has(tag) && unseenClasses.test(value)) {
          [hidden, hiddenDepth] = [tag, 1];
        }
      },
      onopentagend() {},
      onselfclosingtag() {
        if (hiddenDepth > 0 && tag === hidden) hiddenDepth--;
      },
      onclosetag(start, end) {
        const name = slice(start, end).toLowerCase();
        if (hiddenDepth > 0 && name === hidden) hiddenDepth--;
        breakAt(name);
      },
      ontext: (start, end) => add(slice(start, end)),
      ontextentity: (codePoint) => add(String.fromCodePoint(codePoint)),
      oncdata: (start, end, offset) => add(slice(start + 7, end - offset)),
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  return out.end();
}

/** Text as it is kept: single spaces, no more than one blank line, no control characters, at most 20,000 characters. */
export function tidyText(text: string): string {
  const out = createOutput();
  const rows = (text.length > maxHtml ? text.slice(0, maxHtml) : text).split(/\r\n|[\n\r\u2028\u2029]/);
  rows.forEach((row, i) => {
    if (i > 0) out.newline();
    out.text(row);
  });
  return out.end();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to go.
const blank = /[\s\0-\x1f\x7f-\x9f\u200b\ufeff]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above; most text has none of it, and is left as it is.
const untidy = / {2}|[^\S ]|[\0-\x1f\x7f-\x9f\u200b]/;

/** Collects words and breaks so that no run of white space outlasts them. */
function createOutput() {
  const pieces: string[] = [];
  let length = 0;
  let breaks = 0;
  /** Words since the last break; put in order once, for pieces may be as short as a letter. */
  let run = '';
  const finishRun = () => {
    const words = (untidy.test(run) ? run.replace(blank, ' ') : run).trim();
    run = '';
    if (words === '' || length >= maxText) return;
    if (length > 0) pieces.push('\n'.repeat(Math.min(breaks, 2)));
    pieces.push(words);
    length += words.length + 1;
    breaks = 0;
  };
  return {
    text(text: string): void {
      run += text;
    },
    newline(): void {
      finishRun();
      breaks++;
    },
    lines(n: number): void {
      finishRun();
      breaks = Math.max(breaks, n);
    },
    end(): string {
      finishRun();
      const text = pieces.join('').replace(/\p{Surrogate}/gu, '\uFFFD');
      return text.length > maxText ? text.slice(0, maxText).replace(/\p{Surrogate}$/u, '') : text;
    },
  };
}
