// What an analyst does on the pages of services and incidents: zoom, compare, sort, save, print, report.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { day, hour, minute } from '../../src/core/time.js';
import { asOf, incident, notice, source } from '../integration/http-seed.js';
import { noBrowser, openBrowser } from './browser.js';
import { openSite, type Site } from './harness.js';

const page = `/incidents/${incident.id}`;

describe.skipIf(noBrowser)('the desk', () => {
  let browser: Browser;
  let site: Site;
  /** What readers reported. */
  let said: { service: string; symptom: string; region: string | null; text: string }[];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    said = [];
    const readers = { authorOf: (address: string) => address, offer: (r: (typeof said)[0]) => said.push(r) > 0 };
    site = await openSite(browser, { readers: readers as never });
  });
  afterEach(() => site.close());

  test('a drag looks closer, the address tells it, a reload keeps it, and there is a way back', async () => {
    const desk = await site.open('/services/outlook?range=7d');
    const over = desk.locator('.uplot .u-over');
    await over.waitFor();
    const box = (await over.boundingBox()) as { x: number; y: number; width: number; height: number };
    const y = box.y + box.height / 2;
    await desk.mouse.move(box.x + box.width * 0.5, y);
    await desk.mouse.down();
    await desk.mouse.move(box.x + box.width * 0.9, y, { steps: 5 });
    await desk.mouse.up();
    await desk.waitForURL('**since=**');
    const query = new URL(desk.url()).searchParams;
    const [since, until] = [Date.parse(query.get('since') as string), Date.parse(query.get('until') as string)];
    expect((until - since) / hour).toBeGreaterThan(60);
    expect((until - since) / hour).toBeLessThan(75);
    // The table and all else on the page follow, and a reload shows the same.
    const heads = () => desk.locator('figure tbody th').allTextContents();
    const times = async () => (await heads()).map((head) => Date.parse(`${head.slice(0, 16).replace(' ', 'T')}Z`));
    await expect.poll(async () => (await times())[0]).toBeGreaterThan(since - hour);
    const [shown, first] = [await heads(), (await times())[0] as number];
    expect(since - first).toBeGreaterThanOrEqual(0);
    await desk.reload();
    await desk.locator('.uplot canvas').waitFor();
    expect(await heads()).toEqual(shown);
    await desk.getByRole('link', { name: 'Back to the whole' }).click();
    await desk.waitForURL((url) => !url.searchParams.has('since') && url.searchParams.get('range') === '7d');
    await expect.poll(times).toContain(asOf - 6 * day);
    expect(site.complaints).toEqual([]);
  });

  test('a closer look needs neither a drag nor a script, and with one the page stays where it is', async () => {
    for (const javaScriptEnabled of [false, true]) {
      const desk = await site.open('/services/outlook', { javaScriptEnabled });
      if (javaScriptEnabled) {
        await desk.locator('.uplot canvas').waitFor();
        await desk.evaluate('window.mark = 1');
      }
      const rows = desk.locator('figure tbody tr');
      const wide = await rows.first().locator('th').textContent();
      await desk.getByRole('link', { name: 'Closer' }).focus();
      await desk.keyboard.press('Enter');
      await desk.waitForURL('**since=**');
      await expect.poll(() => rows.first().locator('th').textContent()).not.toBe(wide);
      const from = Date.parse(new URL(desk.url()).searchParams.get('since') as string);
      expect((asOf - from) / hour).toBe(12);
      if (javaScriptEnabled) {
        expect(await desk.evaluate('window.mark')).toBe(1);
        expect(await desk.locator('.uplot canvas').count()).toBe(1);
        expect(await desk.evaluate('document.activeElement.textContent')).toBe('Closer');
      }
      expect(await desk.getByRole('link', { name: 'Later' }).count()).toBe(0);
      await desk.getByRole('link', { name: 'Earlier' }).click();
      await desk.waitForURL('**until=**');
      await desk.getByRole('link', { name: 'Later' }).waitFor();
    }
    expect(site.complaints).toEqual([]);
  });

  test('a step that is not over is no fall: it is dashed, and told so', async () => {
    const desk = await site.open('/services/outlook?range=30d', { javaScriptEnabled: false });
    expect(await desk.locator('figure tbody th').last().textContent()).toBe('2026-07-12 06:00');
    expect(await desk.locator('svg .part').count()).toBe(0);
    await site.seeded.write.ingest({
      ...{ posts: [], reports: [], deleted: [], cursors: [], horizon: 0 },
      seen: [{ source: 'replay', t: asOf, posts: 80, matched: 0 }],
    });
    await site.seeded.write.judge({
      ...{ detectors: [], readings: [], spikes: [], incidents: [], changes: [] },
      judgedUntil: asOf + 5 * minute,
      judgedAt: asOf + 5 * minute,
    });
    await desk.reload();
    expect(await desk.locator('figure tbody th').last().textContent()).toBe('2026-07-12 12:00, in part');
    expect(await desk.locator('svg .observed.part').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+L[\d.]+ [\d.]+$/);
    expect(await desk.locator('.key.part').innerText()).toBe('step not over');
    const live = await site.open('/services/outlook?range=30d');
    await live.locator('.uplot canvas').waitFor();
    expect(await live.locator('.readout').innerText()).toMatch(/reported so far/);
  });

  test('the chart takes its numbers from its table, in the room that the drawn one had', async () => {
    const asked: string[] = [];
    const desk = await site.open('/healthz');
    desk.on('request', (r) => asked.push(new URL(r.url()).pathname));
    await desk.addInitScript(`
      window.shift = 0;
      new PerformanceObserver((l) => { for (const e of l.getEntries()) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
    `);
    await desk.goto(`${site.base}/services/outlook`);
    await desk.locator('.uplot canvas').waitFor();
    await desk.waitForTimeout(100);
    expect(asked).not.toContain('/api/v1/series');
    expect(await desk.evaluate('window.shift')).toBeLessThan(0.01);
    const over = (await desk.locator('.u-over').boundingBox()) as { x: number; y: number; width: number };
    // The peak of the outage lies ahead of the middle of its shade: a point there reads as the table has it.
    await desk.mouse.move(over.x + over.width * 0.92, over.y + 40);
    const said = await desk.locator('.readout').innerText();
    const [, at, count] = /(\d\d:\d\d): (\d+) reported/.exec(said) ?? [];
    const utc = `${String(Number(at?.slice(0, 2)) - 1).padStart(2, '0')}${at?.slice(2)}`;
    const row = desk.locator('figure tbody tr', { hasText: `2026-07-12 ${utc}` });
    expect(await row.locator('td').first().textContent()).toBe(count);
  });

  test('numbers of tables are told in the reader’s way too', async () => {
    const desk = await site.open('/services/outlook?range=6h', { locale: 'de-DE' });
    await desk.locator('.uplot canvas').waitFor();
    await desk.locator('figure summary').click();
    await expect.poll(() => desk.locator('figure tbody td:nth-child(3)').allTextContents()).toContain('1,5');
    expect(await desk.locator('.bars .n').nth(1).innerText()).toMatch(/^\d+\s%$/);
  });

  test('any stretch from an hour to a year has a chart, shorter ones grow to an hour', async () => {
    for (const range of ['1h', '365d']) {
      const desk = await site.open(`/services/outlook?range=${range}`);
      await desk.locator('.uplot canvas').waitFor();
      expect(await desk.locator('figure tbody tr').count()).toBeGreaterThan(10);
    }
    const [since, until] = [asOf - 90 * minute, asOf - 80 * minute].map((t) => new Date(t).toISOString());
    const desk = await site.open(`/services/outlook?since=${since}&until=${until}`, { javaScriptEnabled: false });
    expect(await desk.locator('figure tbody tr').count()).toBe(12);
    expect(site.complaints).toEqual([]);
  });

  test('up to four services share a chart and a table; one is added as a person writes it', async () => {
    const desk = await site.open('/services/outlook?compare=zoom', { javaScriptEnabled: false });
    await desk.getByRole('textbox', { name: 'Another service' }).fill('Microsoft Teams');
    await desk.getByRole('button', { name: 'Add' }).click();
    await desk.waitForURL('**compare=zoom%2Cmicrosoft-teams');
    expect(await desk.locator('figure svg path.line').count()).toBe(3);
    const heads = await desk.locator('figure thead th').allTextContents();
    expect(heads).toEqual(['From (UTC)', 'Outlook', 'Zoom', 'Microsoft Teams']);
    await desk.getByRole('link', { name: 'Leave out Zoom' }).click();
    await desk.waitForURL('**compare=microsoft-teams');
    const tooMany = await desk.goto(`${site.base}/services/outlook?compare=zoom,slack,netflix,chase`);
    expect(tooMany?.status()).toBe(400);
    const unknown = await desk.goto(`${site.base}/services/outlook?compare=zom`);
    expect([unknown?.status(), await desk.locator('.lede').innerText()]).toEqual([
      400,
      expect.stringContaining('zoom'),
    ]);
  });

  test('the map shades countries, and its table can be sorted by name and number', async () => {
    const desk = await site.open(page);
    const shaded = desk.locator('.map use[href="/map/world.svg#GB"]');
    const box = await shaded.boundingBox();
    expect(box?.width).toBeGreaterThan(5);
    expect(await shaded.getAttribute('class')).toMatch(/^m[1-4]$/);
    expect(await desk.locator('.map svg').getAttribute('aria-label')).toContain('United Kingdom');
    const places = () => desk.locator('#where tbody th a').allInnerTexts();
    await desk.getByRole('button', { name: 'Place' }).click();
    expect(await places()).toEqual(['England', 'United Kingdom']);
    await desk.getByRole('button', { name: 'Place' }).click();
    expect(await places()).toEqual(['United Kingdom', 'England']);
    expect(await desk.locator('#where th[aria-sort=descending]').innerText()).toContain('Place');
    expect(site.complaints).toEqual([]);
  });

  test('a country that nearly all reports come from fills the map, a circle for each part', async () => {
    const posts = ['GB-CRF', 'GB-CRF', 'GB-SWA', 'GB-WLS'].map((region, i) => ({
      ...{ id: `replay:wales ${i}`, source: 'replay', platform: 'bluesky', author: `w${i}`, text: 'zoom down' },
      ...{ lang: 'en', context: null, place: null, url: null, createdAt: asOf - hour, receivedAt: asOf - hour, region },
    }));
    await site.seeded.write.ingest({
      ...{ deleted: [], seen: [], cursors: [], horizon: 0 },
      posts: posts.map(({ region: _, ...post }) => post),
      reports: posts.map(({ id, region }) => ({
        ...{ postId: id, region, service: 'zoom', kind: 'report', score: 1, symptom: 'down', why: [] },
      })),
    });
    const desk = await site.open('/services/zoom', { javaScriptEnabled: false });
    const titles = await desk.locator('.map circle title').allTextContents();
    expect(titles.sort()).toEqual(['Cardiff: 2 reports', 'Swansea: 1 report', 'Wales: 1 report']);
    expect(await desk.locator('.map use.home').getAttribute('href')).toBe('/map/GB.svg#GB');
  });

  test('the incident tells all of a report: times, people, places, words, what was held back, method, citation', async () => {
    const desk = await site.open(page, { javaScriptEnabled: false });
    const facts = Object.fromEntries(
      await Promise.all((await desk.locator('.facts div').all()).map((row) => row.locator('dt, dd').allInnerTexts())),
    );
    expect(facts).toMatchObject({
      Began: '12 Jul 2026, 09:13 UTC',
      'Raised by Outcry': '12 Jul 2026, 09:20 UTC, after 7\u00a0min',
      Over: 'not yet',
      People: '320',
      Reports: '334',
      Where: 'everywhere',
      Method: 'test-1',
    });
    const course = await desk.locator('.timeline strong').allInnerTexts();
    expect(course).toEqual(['Began', 'First report in it', 'Signal', 'Peak', 'Official word', 'Confirmed']);
    expect(await desk.locator('#spill').innerText()).toContain('May be a spill-over of Microsoft Azure (25%');
    const wording = await desk.locator('#wording').textContent();
    expect(wording).toContain('334 public posts by 320 authors on 2 platforms');
    expect(wording).toContain(`${site.base}${page}?at=2026-07-12T12:00:00.000Z`);
    for (const link of await desk.locator('#cite a').all()) {
      const answer = await desk.request.get(site.base + (await link.getAttribute('href')));
      expect(answer.status(), await link.innerText()).toBe(200);
    }
  });

  test('the official word stands beside it with its lead or lag', async () => {
    const desk = await site.open(page);
    const word = await desk.locator('#official').innerText();
    expect(word).toContain('Sign-in fails <script>alert(4)</script>');
    expect(word).toMatch(/42\u00a0min after Outcry/);
    expect(await desk.locator('.timeline .word').innerText()).toContain('Official word');
    expect(await desk.locator('.facts').innerText()).toContain('42\u00a0min after Outcry');
    expect(site.complaints).toEqual([]);
  });

  test('silence of a page that is read, that is away and that nobody reads are three things', async () => {
    const pages = (over: object) => () => [source('pages', { official: true, watches: ['zoom'], ...over })];
    for (const [health, words] of [
      [pages({}), 'nothing reported'],
      [pages({ state: 'retrying' }), 'cannot be read at the moment'],
      [pages({ watches: ['slack'] }), 'Not watched'],
    ] as const) {
      const other = await openSite(browser, { health });
      try {
        const desk = await other.open('/services/zoom', { javaScriptEnabled: false });
        expect(await desk.locator('#official').innerText()).toContain(words);
      } finally {
        await other.close();
      }
    }
  });

  test('the chart is saved as a picture, and on paper the handles are gone', async () => {
    const desk = await site.open(page);
    await desk.locator('.uplot canvas').waitFor();
    const [download] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('button', { name: 'Chart as PNG' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`outcry-${incident.id}.png`);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const png = Buffer.concat(chunks);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(600);
    await desk.emulateMedia({ media: 'print' });
    for (const gone of ['nav', '.find', '.tools', 'figure button', 'details', '.uplot canvas'])
      expect(await desk.locator(gone).first().isVisible(), gone).toBe(false);
    for (const stays of ['.citation', '.facts', '.timeline', '#where thead', 'svg.drawn', 'svg .observed'])
      expect(await desk.locator(stays).first().isVisible(), stays).toBe(true);
    expect(await desk.locator('#where thead').innerText()).toContain('Reports');
    expect(await desk.locator('footer').innerText()).toContain('the zone Europe/London');
    expect(site.complaints).toEqual([]);
  });

  test('a page printed by night is dark on white', async () => {
    const desk = await site.open(page, { colorScheme: 'dark' });
    await desk.locator('.uplot canvas').waitFor();
    await desk.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const [ink, line] = (await desk.evaluate(
      "[getComputedStyle(document.body).color, getComputedStyle(document.querySelector('svg .observed')).stroke]",
    )) as [string, string];
    expect(ink).toBe('rgb(0, 0, 0)');
    expect(line).toBe('rgb(179, 54, 27)');
  });

  test('the word of what a service is part of stands on its page too', async () => {
    await site.seeded.write.ingest({
      ...{ posts: [], reports: [], deleted: [], seen: [], cursors: [], horizon: 0 },
      official: [{ ...notice, id: 'pages:m365/1', service: 'microsoft-365', title: 'Trouble with mail' }],
    });
    const desk = await site.open('/services/outlook', { javaScriptEnabled: false });
    expect(await desk.locator('#official').innerText()).toContain('Trouble with mail');
    await desk.goto(`${site.base}/services/zoom`);
    expect(await desk.locator('#official').innerText()).not.toContain('Trouble with mail');
  });

  test('sources show when they were in contact, the method its numbers', async () => {
    const desk = await site.open('/sources', { javaScriptEnabled: false });
    expect(await desk.locator('.watched .n').innerText()).toBe('96% in contact');
    expect(await desk.locator('.watched rect.gap').count()).toBe(1);
    await desk.locator('summary').click();
    expect(await desk.locator('td', { hasText: 'no contact' }).count()).toBe(1);
    await desk.goto(`${site.base}/method`);
    const numbers = await desk.locator('.numbers').innerText();
    expect(numbers).toMatch(/2, 1 of them open; half were raised within 9\u00a0min/);
    expect(numbers).toMatch(/[\d,]+, of which [\d,]+ name a service \(5%\)/);
    expect(site.complaints).toEqual([]);
  });

  test('a reader reports without a script, and is thanked', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const desk = await site.open('/services/outlook', { javaScriptEnabled });
      await desk.getByLabel('What fails').selectOption('login');
      await desk.getByLabel('Where you are').selectOption('GB');
      await desk.getByLabel('In your own words').fill('<b>loops</b>');
      await desk.getByRole('button', { name: 'Report it' }).click();
      await desk.waitForURL('**reported=1**');
      expect(await desk.locator('.thanks').innerText()).toContain('counted');
    }
    expect(said).toHaveLength(2);
    expect(said[1]).toMatchObject({ service: 'outlook', symptom: 'login', region: 'GB', text: '<b>loops</b>' });
    const none = await openSite(browser);
    try {
      expect(await (await none.open('/services/outlook')).locator('#report').count()).toBe(0);
    } finally {
      await none.close();
    }
  });
});
