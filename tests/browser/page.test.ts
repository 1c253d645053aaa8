// The page in a real browser, against a real server on a seeded store.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hour, minute } from '../../src/core/time.js';
import { createServer } from '../../src/http/server.js';
import { asOf, hostile, incident, openSeeded, source } from '../integration/http-seed.js';
import { noBrowser, openBrowser } from './browser.js';
import { openSite, type Site, views } from './harness.js';

if (noBrowser) process.stderr.write(`browser tests are skipped: ${noBrowser}\n`);

describe.skipIf(noBrowser)('the page', () => {
  let browser: Browser;
  let site: Site;
  const open: Site['open'] = (path, options) => site.open(path, options);

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = await openSite(browser);
  });
  afterEach(() => site.close());

  test('tells the service, the people, the symptom, the state and how sure it is', async () => {
    const page = await open('/');
    const card = await page.locator('.card').innerText();
    expect(card).toContain('Outlook');
    expect(card).toMatch(/320 people say that login fails/);
    expect(card).toMatch(/confirmed/i);
    expect(card).toMatch(/2 platforms agree/);
    expect(card).toContain('Official word: Sign-in fails <script>alert(4)</script>, 42\u00a0min after Outcry.');
    // 09:13 UTC in a London summer; UTC stays on hover.
    const since = page.locator('.since time');
    expect(await since.innerText()).toBe('10:13');
    expect(await since.getAttribute('title')).toBe('2026-07-12 09:13 UTC');
    expect(await page.locator('#held').innerText()).toContain('41 posts, 3 authors');
    expect(await page.locator('footer').innerText()).toContain('GeoNames');
  });

  test('no view breaks its content security policy, asks outside, or fails to load a part of itself', async () => {
    for (const path of [...views, '/wall', '/embed/outlook']) {
      const page = await open(path);
      await page.waitForLoadState('load');
      if (await page.locator('figure.chart').count()) await page.locator('.uplot canvas').waitFor();
    }
    expect(site.complaints).toEqual([]);
  });

  test('a post full of script and markup is shown as text', async () => {
    for (const path of ['/', `/incidents/${incident.id}`]) {
      const page = await open(path);
      const quote = page.locator('.quote').first();
      expect(await quote.locator('blockquote').textContent()).toBe(hostile);
      expect(await quote.locator('a[href^="javascript"]').count()).toBe(0);
      expect(await page.locator('main script, main img').count()).toBe(0);
      const link = page.locator('.quote .by a').first();
      expect(await link.getAttribute('rel')).toBe('noopener nofollow ugc');
    }
    expect(site.complaints).toEqual([]);
  });

  test('without JavaScript every view is a plain page with drawn charts and tables', async () => {
    for (const path of views) {
      const page = await open(path, { javaScriptEnabled: false });
      expect((await page.locator('h1').innerText()).length).toBeGreaterThan(3);
      expect(await page.locator('time').first().innerText()).toMatch(/UTC$/);
    }
    const page = await open(`/incidents/${incident.id}`, { javaScriptEnabled: false });
    expect(await page.locator('figure svg path.observed').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+L/);
    await page.locator('figure summary').click();
    expect(await page.locator('figure tbody tr').count()).toBeGreaterThan(50);
  });

  test('no view is wider than a phone', async () => {
    for (const path of views) {
      const page = await open(path, { viewport: { width: 360, height: 740 } });
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, path).toBe(360);
    }
  });

  test('is dark where the reader wants it dark', async () => {
    const paper = async (colorScheme: 'light' | 'dark') => {
      const page = await open('/', { colorScheme });
      const rgb = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
      return Number(/\d+/.exec(rgb)?.[0]);
    };
    expect(await paper('light')).toBeGreaterThan(230);
    expect(await paper('dark')).toBeLessThan(40);
  });

  test('an incident shows on an open page within two seconds of being stored', async () => {
    const page = await open('/');
    await page.locator('.card').waitFor();
    await page.waitForFunction('performance.getEntriesByType("resource").length > 3');
    const fresh = { ...incident, id: 'zoom-20260712T1150Z', service: 'zoom', startedAt: asOf - 10 * minute };
    await site.seeded.write.judge({
      judgedUntil: asOf + 5 * minute,
      judgedAt: asOf + 5 * minute,
      detectors: [],
      readings: [],
      spikes: [],
      incidents: [fresh],
      changes: [{ incident: fresh.id, at: asOf + 5 * minute, from: null, to: 'signal', reason: '40 people' }],
    });
    const storedAt = Date.now();
    await page.locator(`[id="${fresh.id}"]`).waitFor({ timeout: 5000 });
    expect(Date.now() - storedAt).toBeLessThan(2000);
    expect(await page.locator('h1').innerText()).toBe('2 services stand out');
  });

  test('the first view is light, and its library for charts comes only where there is a chart', async () => {
    const sizes: Record<string, number> = {};
    for (const path of ['/', `/incidents/${incident.id}`]) {
      const page = await open('/healthz');
      let bytes = 0;
      page.on('requestfinished', async (r) => {
        const { responseBodySize, responseHeadersSize } = await r.sizes();
        bytes += responseBodySize + responseHeadersSize;
      });
      await page.goto(site.base + path, { waitUntil: 'networkidle' });
      await page.locator(path === '/' ? '.card' : '.uplot canvas').waitFor();
      sizes[path] = bytes;
    }
    expect(sizes['/']).toBeGreaterThan(2_000);
    expect(sizes['/']).toBeLessThan(40_000);
    expect(Math.max(...Object.values(sizes))).toBeLessThan(150_000);
  });

  test('says when the server is away, and catches up when it is back', async () => {
    const page = await open('/');
    await page.locator('.card').waitFor();
    const { start } = await site.restart();
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await page.locator('#sight.blind').waitFor();
    await start();
    await page.locator('#sight.full').waitFor({ timeout: 20_000 });
  });

  test('the keyboard finds and walks, and services narrow while one types', async () => {
    const page = await open('/services');
    const all = await page.locator('.names li').count();
    await page.keyboard.press('/');
    await page.keyboard.type('outlo');
    await expect.poll(() => page.locator('.names li:visible').count()).toBeLessThan(all / 100);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Outlook');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/services/outlook');
    await page.keyboard.press('?');
    expect(await page.locator('dialog').innerText()).toContain('find a service');
  });

  test('the list of services renews itself, and stays as narrow as it was', async () => {
    const page = await open('/services');
    await page.keyboard.press('/');
    await page.keyboard.type('zoom');
    const zoom = page.locator('.names li', { hasText: /^Zoom/ }).first();
    expect(await zoom.locator('.chip').count()).toBe(0);
    const fresh = { ...incident, id: 'zoom-20260712T1150Z', service: 'zoom' };
    await site.seeded.write.judge({
      ...{ detectors: [], readings: [], spikes: [] },
      judgedUntil: asOf + minute,
      judgedAt: asOf + minute,
      incidents: [fresh],
      changes: [{ incident: fresh.id, at: asOf + minute, from: null, to: 'confirmed', reason: '40 people' }],
    });
    await zoom.locator('.chip.confirmed').waitFor();
    expect(await page.locator('.names li:visible a').allInnerTexts()).toEqual(
      expect.not.arrayContaining(['Outlook', 'Slack']),
    );
  });

  test('many incidents can be narrowed, with and without JavaScript', async () => {
    const more = ['zoom', 'slack', 'netflix', 'chase'].map((service) => ({
      ...incident,
      id: `${service}-20260712T1100Z`,
      service,
      state: 'signal' as const,
    }));
    await site.seeded.write.judge({
      judgedUntil: asOf,
      judgedAt: asOf,
      detectors: [],
      readings: [],
      spikes: [],
      incidents: more,
      changes: [],
    });
    for (const javaScriptEnabled of [true, false]) {
      const page = await open('/', { javaScriptEnabled });
      expect(await page.locator('.card').count()).toBe(5);
      await page.locator('select[name=category]').selectOption('email');
      await page.locator('.choices button').click();
      await page.waitForURL('**/?category=email&**');
      expect(await page.locator('.card h2').allInnerTexts()).toEqual(['Outlook']);
      expect(await page.locator('h1').innerText()).toBe('1 of 5 that stand out');
    }
    expect(site.complaints).toEqual([]);
  });

  test('quiet looks quiet; what is blind, late or not judged yet never does', async () => {
    const empty = await openSeeded({}, null);
    const nothing = { detectors: [], readings: [], spikes: [], incidents: [], changes: [] };
    const page = await open('/');
    /** What the front page and the wall say, with other facts of the installation. */
    const said = async (over: Partial<typeof empty.deps>) => {
      const app = createServer({ ...empty.deps, ...over });
      try {
        const base = await app.listen({ host: '127.0.0.1', port: 0 });
        const words: string[] = [];
        for (const path of ['/', '/wall']) {
          await page.goto(base + path);
          const look = (await page.locator('.calm, .dark').getAttribute('class')) as string;
          words.push(`${look}: ${await page.locator('h1').innerText()}`);
        }
        expect(words[0]).toBe(words[1]);
        return `${words[0]}. ${await page.locator('#sight').innerText()}`;
      } finally {
        await app.close();
      }
    };
    const stale = source('hn', { state: 'stale' });
    try {
      expect(await said({})).toMatch(/^dark: Nothing judged yet/);
      await empty.write.judge({ ...nothing, judgedUntil: asOf, judgedAt: asOf });
      expect(await said({})).toMatch(/^calm: All quiet/);
      expect(await said({ health: () => [stale] })).toMatch(/^dark: Blind\. Blind\./);
      expect(await said({ health: () => [source('a'), stale] })).toMatch(
        /^calm: Quiet, as far as heard\..* Partly blind: no contact with hn/,
      );
      expect(await said({ clock: { now: () => asOf + 3 * hour } })).toMatch(
        /^dark: Not up to date\..* 3\u00a0h behind/,
      );
    } finally {
      await empty.close();
    }
  });

  test('services are found while one types, and walked by keyboard', async () => {
    const page = await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('outl', { delay: 10 });
    const found = page.locator('.found a');
    await found.filter({ hasText: /^Outlook\s+confirmed$/i }).waitFor();
    await expect.poll(() => found.count()).toBeLessThan(8);
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('/services/outlook');
    await page.keyboard.press('Escape');
    expect(await page.locator('.found').isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.id')).toBe('q');
    await page.keyboard.type('ook');
    await expect.poll(() => found.first().isVisible()).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/services/outlook');
    expect(site.complaints).toEqual([]);
  });

  test('news comes back after the stream was refused', async () => {
    let refused = 0;
    const page = await open('/healthz');
    await page.clock.install();
    await page.route('**/api/v1/stream', (route) =>
      refused++ === 0 ? route.fulfill({ status: 503, body: 'away' }) : route.continue(),
    );
    await page.goto(site.base);
    await expect.poll(() => refused).toBe(1);
    await expect
      .poll(async () => {
        await page.clock.runFor(1000);
        return refused;
      })
      .toBe(2);
  });
});
