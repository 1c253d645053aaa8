// Measures the feed reader on whole suites of real, tiny and broken feeds, where they are at hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Feed, parseFeed } from '../../src/sources/feeds/parse-feed.js';

const root = join(import.meta.dirname, '../../../shared/data/feeds/rss');
const here = existsSync(root);
const skipped = here ? '' : ' (skipped: the feed suites are not on this machine)';

const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /\.(xml|rss|atom|rdf)$/.test(file) && !file.includes('opml'));
const read = (file: string): Promise<Feed | null> =>
  parseFeed(readFileSync(file), { contentType: null, url: null, now: Date.now() }).catch(() => null);
/** Start tags of entries, outside of CDATA and comments. */
const heldIn = (file: string) =>
  readFileSync(file, 'latin1')
    .replaceAll('\0', '')
    .replace(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, '')
    .match(/<(?:[\w.-]+:)?(?:item|entry)[\s/>]/gi)?.length ?? 0;

test.skipIf(!here)(`well-formed feeds: 99.5 % parsed, with all their entries${skipped}`, async () => {
  const files = ['mmcdole_gofeed', 'feedsmith', 'rbren_rss-parser', 'simplepie']
    .flatMap(filesIn)
    .filter((file) => !/unrecognized/.test(file));
  const failed: string[] = [];
  for (const file of files) {
    const feed = await read(file);
    if (!feed || feed.entries.length < heldIn(file)) failed.push(basename(file));
  }
  expect(files.length).toBeGreaterThan(130);
  expect(1 - failed.length / files.length, `failed: ${failed}`).toBeGreaterThanOrEqual(0.995);
});

test.skipIf(!here)(`real whole feeds: 95 % of the items with text, date and link${skipped}`, async () => {
  const files = ['rbren_rss-parser', 'danmactough_node-feedparser']
    .flatMap(filesIn)
    .filter((file) => heldIn(file) >= 5);
  let held = 0;
  let whole = 0;
  const poor: string[] = [];
  for (const file of files) {
    const entries = (await read(file))?.entries ?? [];
    const good = entries.filter(({ text, url, createdAt }) => text && url && createdAt !== null).length;
    held += heldIn(file);
    whole += good;
    if (good < heldIn(file)) poor.push(`${basename(file)} ${good}/${heldIn(file)}`);
  }
  expect(held).toBeGreaterThan(1_000);
  expect(whole / held, `fewer than held: ${poor.join(', ')}`).toBeGreaterThanOrEqual(0.95);
});

test.skipIf(!here)(`broken feeds: 90 % yield the items they hold${skipped}`, async () => {
  const files = filesIn('torture').filter((file) => heldIn(file) > 0);
  const failed: string[] = [];
  for (const file of files) {
    const entries = (await read(file))?.entries ?? [];
    if (entries.filter(({ text }) => text !== '').length < heldIn(file)) failed.push(basename(file));
  }
  expect(files.length).toBeGreaterThan(40);
  expect(1 - failed.length / files.length, `failed: ${failed}`).toBeGreaterThanOrEqual(0.9);
});

test.skipIf(!here)(`1 MB takes at most 200 ms of work, and no piece of it over 50 ms${skipped}`, async () => {
  const files = [...filesIn('rbren_rss-parser'), ...filesIn('torture')].filter(
    (file) => readFileSync(file).length > 50_000,
  );
  for (const file of files) await read(file); // code that has run once is compiled
  const slow: string[] = [];
  for (const file of files) {
    const megabytes = Math.max(1, readFileSync(file).length / 1e6);
    const startedAt = process.cpuUsage();
    let longest = 0;
    let last = process.cpuUsage();
    let running = true;
    const tick = () => {
      const { user, system } = process.cpuUsage(last);
      longest = Math.max(longest, (user + system) / 1000);
      last = process.cpuUsage();
      if (running) setImmediate(tick);
    };
    setImmediate(tick);
    await read(file);
    running = false;
    const { user, system } = process.cpuUsage(startedAt);
    const perMegabyte = (user + system) / 1000 / megabytes;
    if (perMegabyte > 200 || longest > 50)
      slow.push(`${basename(file)} ${perMegabyte.toFixed(0)} ms/MB, longest ${longest.toFixed(0)} ms`);
  }
  expect(slow).toEqual([]);
});
