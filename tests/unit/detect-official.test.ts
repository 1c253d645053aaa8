// The official word: for which episode a notice speaks, and how a reason quotes it.
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { type OfficialIncident, speaksFor } from '../../src/core/official.js';
import { hour, minute } from '../../src/core/time.js';
import { because } from '../../src/detect/lifecycle.js';
import { officialWord } from '../../src/detect/official-word.js';
import { notice as make } from '../contract/store.js';

const catalog = loadCatalog();
const startedAt = 100 * hour;
const notice = (more: Partial<OfficialIncident> = {}) => make('1', startedAt, more);
const speaks = (more: Partial<OfficialIncident>, service = 'outlook') =>
  speaksFor(notice(more), { service, startedAt, until: startedAt + 2 * hour }, catalog);

test.each<[string, Partial<OfficialIncident>, boolean]>([
  ['its own page, at its time', {}, true],
  ['a minor one', { impact: 'minor' }, true],
  ['what is said to be over', { state: 'resolved', resolvedAt: startedAt + hour }, true],
  ['one that began hours before', { startedAt: startedAt - 5 * hour }, true],
  ['one that fails nobody', { impact: 'none' }, false],
  ['one of this morning, still open', { startedAt: startedAt - 7 * hour }, false],
  ['one that was over before', { startedAt: startedAt - 5 * hour, resolvedAt: startedAt - hour }, false],
  ['one that began after the end', { startedAt: startedAt + 3 * hour }, false],
  ['a service that it contains', { service: 'microsoft' }, true],
  ['another service', { service: 'github' }, false],
])('%s', (_, more, expected) => {
  expect(speaks(more)).toBe(expected);
});

test('the page of what contains a service speaks for it when it names it or is grave, and never the other way', () => {
  const of365 = { service: 'microsoft-365', impact: 'minor' as const };
  expect(speaks({ ...of365, title: 'Delays in Teams' })).toBe(false);
  expect(speaks({ ...of365, title: 'OUTLOOK: delays' })).toBe(true);
  expect(speaks({ ...of365, title: 'Delays', components: ['Teams', 'Outlook'] })).toBe(true);
  expect(speaks({ ...of365, title: 'Outlooks', components: [] })).toBe(false);
  expect(speaks({ ...of365, impact: 'critical' })).toBe(true);
  expect(speaks({ service: 'outlook', impact: 'critical' }, 'microsoft-365')).toBe(false);
});

test('a reason quotes the gravest notice on one line, whatever it holds', () => {
  const hostile = `“Fine”\n\u202e<script>alert(1)</script>\u0000 ${'very '.repeat(60)}`;
  const word = officialWord(
    [notice({ impact: 'minor' }), notice({ id: 'b', impact: 'major', title: hostile })],
    catalog,
  );
  expect(word).toMatch(/^the status page of Outlook says: “"Fine" <script>alert\(1\)<\/script> very .* …”$/);
  expect(word?.length).toBeLessThan(170);
  expect(officialWord([], catalog)).toBeNull();
  expect(officialWord([notice({ service: 'gone-from-the-catalog' })], catalog)).toContain('gone-from-the-catalog');
  const evidence = { effective: 20, expected: 1, classes: ['bluesky'], recoveries: 0, reports: 25 };
  expect(because({ evidence: { ...evidence, official: officialWord([notice()], catalog) } })).toBe(
    '25 posts, about 20 independent voices, and the status page of Outlook says: “Some users cannot sign in”',
  );
  expect(because({ evidence })).toBe('25 posts, about 20 independent voices');
});

test('of notices as grave the one told first is quoted, in any order', () => {
  const early = notice({ id: 'early', title: 'early', publishedAt: startedAt + minute });
  const late = notice({ id: 'late', title: 'late', publishedAt: startedAt + 9 * minute });
  expect(officialWord([late, early], catalog)).toContain('“early”');
  expect(officialWord([early, late], catalog)).toContain('“early”');
});
