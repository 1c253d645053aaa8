// The wall of a newsroom: many incidents take turns, also while the page renews itself; a hand can stop it.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minute } from '../../src/core/time.js';
import { asOf, incident } from '../integration/http-seed.js';
import { noBrowser, openBrowser } from './browser.js';
import { openSite, type Site } from './harness.js';

const services = ['zoom', 'slack', 'netflix', 'chase', 'github', 'spotify', 'linx'];

describe.skipIf(noBrowser)('the wall', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = await openSite(browser);
    await judge(services, asOf);
  });
  afterEach(() => site.close());

  /** Opens an incident of each service. */
  const judge = (of: readonly string[], judgedUntil: number) =>
    site.seeded.write.judge({
      ...{ judgedUntil, judgedAt: judgedUntil, detectors: [], readings: [], spikes: [], changes: [] },
      incidents: of.map((service) => ({ ...incident, id: `${service}-20260712T1100Z`, service })),
    });

  test('four stand on the screen at a time, and stay so when the page renews itself', async () => {
    const wall = await site.open('/wall', { viewport: { width: 1920, height: 1080 } });
    await wall.clock.install();
    await wall.reload();
    const shown = wall.locator('.tile:visible h2');
    await expect.poll(() => shown.count()).toBe(4);
    const first = await shown.allInnerTexts();
    await judge(['discord'], asOf + minute);
    await wall.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    // The parts of a page are renewed one by one, the screens after the bar; long before the next screen's turn.
    const told = async () => {
      await wall.clock.runFor(100);
      return `${await wall.locator('#bar').innerText()} ${await wall.locator('#turn').innerText()}`;
    };
    await expect.poll(told, { interval: 200 }).toMatch(/9 services stand out.*1 of 3$/s);
    expect(await shown.count()).toBe(4);
    await wall.clock.runFor(12_000);
    await expect.poll(() => shown.allInnerTexts()).not.toEqual(first);
    expect(await wall.locator('#turn').innerText()).toBe('2 of 3');
    expect(site.complaints).toEqual([]);
  });

  test('it can be stopped and turned by hand', async () => {
    const wall = await site.open('/wall');
    await wall.clock.install();
    await wall.reload();
    const turn = wall.locator('#turn');
    await expect.poll(() => wall.locator('.tile:visible').count()).toBe(4);
    await wall.getByRole('button', { name: 'Pause' }).click();
    await wall.clock.runFor(30_000);
    expect(await turn.innerText()).toBe('1 of 2');
    await wall.keyboard.press('ArrowRight');
    expect(await turn.innerText()).toBe('2 of 2');
    expect(await wall.getByRole('button', { name: 'Go on' }).count()).toBe(1);
  });

  test('no tile cuts its words off, on a screen of any size, and without a script all stand below each other', async () => {
    for (const [width, height] of [
      [1280, 720],
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      const wall = await site.open('/wall', { viewport: { width, height }, javaScriptEnabled: false });
      expect(await wall.locator('.tile:visible').count()).toBe(8);
      for (const tile of await wall.locator('.tile > div').all()) {
        const box = (await tile.boundingBox()) as { y: number; height: number };
        for (const words of await tile.locator('.chip, h2, p').all()) {
          const { y, height } = (await words.boundingBox()) as { y: number; height: number };
          expect(y).toBeGreaterThanOrEqual(box.y);
          expect(y + height).toBeLessThanOrEqual(box.y + box.height);
        }
      }
      // Readable from five metres: a twenty-fifth of the height of the screen at least, for who fails.
      const size = await wall.evaluate("getComputedStyle(document.querySelector('.tile h2')).fontSize");
      const name = Number.parseFloat(size as string);
      expect(name).toBeGreaterThan(height / 25);
    }
  });
});
