// Text becomes markup in one place, and never the other way round.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell } from '../../src/http/forms/lines.js';
import { html, safeUrl } from '../../src/http/html.js';
import { excerptOf } from '../../src/http/present.js';

test('no text can open a tag, leave an attribute or break XML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const inner = html`<p title="${text}">${text}</p>`.text.slice('<p title="'.length, -'</p>'.length);
      const [attribute, content, ...rest] = inner.split('">');
      expect(rest).toEqual([]);
      for (const part of [attribute, content]) {
        expect(part).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 forbids.
        expect(part).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }
    }),
  );
});

test('markup is kept, lists are joined, nothing leaves nothing', () => {
  expect(html`${[html`<b>${'<'}</b>`, 'a&b', 1, null, false, undefined]}`.text).toBe('<b>&lt;</b>a&amp;b1');
});

test('only http and https addresses are linked', () => {
  for (const bad of ['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '//x', 'x', null])
    expect(safeUrl(bad)).toBeNull();
  expect(safeUrl('https://example.org/a b')).toBe('https://example.org/a%20b');
});

test('no cell of CSV starts a formula, whatever stands in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(csvCell(text).replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

test('an excerpt is cut between words, and never inside a character', () => {
  expect(excerptOf('short')).toBe('short');
  expect(excerptOf(null)).toBeNull();
  expect(excerptOf(`${'word '.repeat(100)}`)).toMatch(/word …$/);
  const odd = excerptOf(`x${'😀'.repeat(300)}`) as string;
  expect(encodeURIComponent(odd)).toBeTruthy();
});
