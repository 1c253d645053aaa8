// The demo fortnight keeps its promises: same seed same bytes, in order, rich enough, and true to what it planted.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createScenario } from '../../fixtures/demo/scenario.js';
import { services } from '../../fixtures/demo/services.js';
import { parsePost } from '../../src/sources/parse-post.js';

const minute = 60_000;
const day = 24 * 60 * minute;

function hashOf(scenario: ReturnType<typeof createScenario>): string {
  const hash = createHash('sha256');
  for (const post of scenario.posts()) hash.update(`${JSON.stringify(post)}\n`);
  return hash.digest('hex');
}

const scenario = createScenario();
const all = [...scenario.labelled()];
const at = (post: { createdAt: string }) => Date.parse(post.createdAt);
const ofPart = (...parts: string[]) => all.filter(({ truth }) => parts.includes(truth.part));

test('the same seed gives the same bytes, another seed others', () => {
  const first = hashOf(createScenario({ scale: 0.1 }));
  expect(hashOf(createScenario({ scale: 0.1 }))).toBe(first);
  expect(hashOf(createScenario({ scale: 0.1, seed: 2 }))).not.toBe(first);
});

test('a fortnight of at least 60,000 posts in six languages comes in order and within its bounds', () => {
  expect(all.length).toBeGreaterThan(60_000);
  expect(scenario.quietUntil - scenario.start).toBe(13 * day);
  expect(scenario.end - scenario.quietUntil).toBe(day);
  expect(at(all[0]!.post)).toBeGreaterThanOrEqual(scenario.start);
  expect(at(all.at(-1)!.post)).toBeLessThan(scenario.end);
  expect(all.every(({ post }, i) => i === 0 || at(post) >= at(all[i - 1]!.post))).toBe(true);
  expect(new Set(all.map(({ post }) => post.id)).size).toBe(all.length);
  const langs = new Map<string, number>();
  for (const { post } of all) langs.set(post.lang, (langs.get(post.lang) ?? 0) + 1);
  expect([...langs.keys()].sort()).toEqual(['de', 'en', 'es', 'fr', 'ja', 'pt']);
  for (const count of langs.values()) expect(count).toBeGreaterThan(3_000);
});

test('every post is one that replay takes', () => {
  const context = {
    source: 'demo',
    now: Date.now(),
    hashAuthor: (platform: string, author: string) => platform + author,
  };
  expect(all.filter(({ post }) => parsePost(post, context).createdAt !== at(post))).toEqual([]);
});

test('about 60 services of the catalog have small troubles all the time', () => {
  const catalog = new URL('../../src/catalog/data/services.json', import.meta.url);
  expect(existsSync(catalog)).toBe(true);
  const known = new Set((JSON.parse(readFileSync(catalog, 'utf8')) as { id: string }[]).map((s) => s.id));
  const named = new Set(ofPart('trouble').flatMap(({ truth }) => truth.services));
  expect(named.size).toBe(services.length);
  expect(services.length).toBeGreaterThanOrEqual(60);
  expect([...named].filter((id) => !known.has(id))).toEqual([]);
  expect(ofPart('trouble').length / 14 / services.length).toBeGreaterThan(2);
});

test('the quiet days are mostly talk and hold no outage', () => {
  const quiet = all.filter(({ post }) => at(post) < scenario.quietUntil);
  const reports = quiet.filter(({ truth }) => truth.kind === 'report' || truth.kind === 'question');
  expect(reports.length / quiet.length).toBeLessThan(0.12);
  const parts = new Set(quiet.map(({ truth }) => truth.part));
  for (const part of ['outage', 'relayed', 'recovery', 'meme', 'brigade']) expect(parts).not.toContain(part);
});

test('days and nights and weekends differ', () => {
  const work = all.filter(
    ({ post, truth }) => post.lang === 'de' && truth.part === 'chatter' && /slack|zoom/i.test(post.text),
  );
  const hours = work.map(({ post }) => new Date(at(post)).getUTCHours());
  expect(hours.filter((h) => h >= 7 && h < 16).length).toBeGreaterThan(
    5 * hours.filter((h) => h >= 21 || h < 4).length,
  );
  const weekdays = work.map(({ post }) => new Date(at(post)).getUTCDay());
  const weekend = weekdays.filter((d) => d === 0 || d === 6).length;
  expect(weekend / 4).toBeLessThan((0.6 * (weekdays.length - weekend)) / 10);
});

test('the planted outages are in the posts: their services, their places, their times', () => {
  const outages = scenario.planted.filter((p) => p.kind === 'outage');
  expect(outages.map((p) => p.service)).toEqual(['outlook', 'microsoft-teams', 'microsoft-365', 'virgin-media']);
  for (const { service, regions, startedAt, endedAt } of outages) {
    const own = ofPart('outage').filter(({ truth }) => truth.services.includes(service));
    const since = own.map(({ post }) => at(post) - startedAt);
    expect(own.length).toBeGreaterThan(300);
    expect(Math.min(...since)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...since)).toBeLessThan(4 * minute);
    // Hesitant at first, steep soon after.
    const within = (from: number, to: number) =>
      since.filter((t) => t >= from * minute && t < to * minute).length / (to - from);
    expect(within(0, 3)).toBeLessThan(within(12, 30) / 2);
    expect(since.filter((t) => t > endedAt - startedAt + 30 * minute).length).toBeLessThan(own.length * 0.03);
    const authors = new Set(own.map(({ post }) => post.author));
    expect(authors.size).toBeGreaterThan(own.length * 0.8);
    const located = own.filter(({ truth }) => truth.region !== null).length / own.length;
    if (regions[0] === '*') expect(new Set(own.map(({ post }) => post.lang)).size).toBe(6);
    else expect(located).toBeGreaterThan(0.4);
    expect(located).toBeLessThan(0.95);
  }
  const both = ofPart('outage').filter(({ truth }) => truth.services.length === 2);
  expect(both.length).toBeGreaterThan(200);
});

test('strangers sound like strangers, and the brigade does not', () => {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}]/gu, '');
  const variety = (posts: typeof all) => new Set(posts.map(({ post }) => plain(post.text))).size / posts.length;
  expect(variety(ofPart('outage'))).toBeGreaterThan(0.85);
  expect(variety(ofPart('brigade'))).toBeLessThan(0.2);
});

test('the meme is hundreds of jokes about one day of the past', () => {
  const meme = scenario.planted.find((p) => p.kind === 'meme')!;
  const posts = ofPart('meme');
  expect(posts.length).toBeGreaterThan(300);
  for (const { post, truth } of posts) {
    expect(truth.kind).toBe('other');
    expect(at(post)).toBeGreaterThanOrEqual(meme.startedAt);
    expect(at(post)).toBeLessThan(meme.endedAt);
  }
  expect(posts.filter(({ post }) => /facebook/i.test(post.text)).length).toBeGreaterThan(posts.length * 0.85);
});

test('the brigade is twelve accounts within minutes, at any scale', () => {
  for (const scale of [1, 0.05]) {
    const small = createScenario({ scale });
    const planted = small.planted.find((p) => p.kind === 'brigade')!;
    const posts = [...small.labelled()].filter(({ truth }) => truth.part === 'brigade').map(({ post }) => post);
    expect(new Set(posts.map((post) => post.author)).size).toBe(planted.accounts);
    expect(posts.every((post) => at(post) >= planted.startedAt && at(post) < planted.endedAt)).toBe(true);
    expect(posts.every((post) => post.text.toLowerCase().includes(planted.service))).toBe(true);
  }
});

test('a start of another day moves everything by whole days', () => {
  const start = Date.UTC(2024, 0, 1);
  const moved = createScenario({ start, scale: 0.02 });
  const shift = scenario.start - start;
  expect(moved.planted.map((p) => p.startedAt + shift)).toEqual(scenario.planted.map((p) => p.startedAt));
  expect(Date.parse(moved.posts().next().value!.createdAt) - start).toBeLessThan(day);
});
