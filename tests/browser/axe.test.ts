// Every view passes axe: WCAG 2.2 A and AA, by day and by night, on a phone and on the wall.
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser, openBrowser } from './browser.js';
import { openSite, type Site, views } from './harness.js';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

describe.skipIf(noBrowser)('axe finds nothing', () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await openBrowser();
    site = await openSite(browser, { readers: { authorOf: (address: string) => address, offer: () => true } as never });
  });
  afterAll(async () => {
    await site?.close();
    await browser?.close();
  });

  async function violations(path: string, options: BrowserContextOptions): Promise<string[]> {
    const page = await site.open(path, options);
    await page.waitForLoadState('load');
    if (await page.locator('figure.chart').count()) await page.locator('.uplot canvas').waitFor();
    const found = await findings(page);
    await page.close();
    return found.map((line) => `${path} ${line}`);
  }

  async function findings(page: Page): Promise<string[]> {
    // Through the debugger, which the page's own policy does not bind.
    await page.evaluate(axe.source);
    const found = (await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(tags)} }).then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target.join(' ') + ' ' + n.failureSummary)))`,
    )) as string[];
    return found.map((line) => line.replace(/\s+/g, ' '));
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    test.each([...views, '/wall', '/embed/outlook', '/nowhere'])(`${colorScheme}: %s`, async (path) => {
      expect(await violations(path, { colorScheme })).toEqual([]);
    });
  }

  test('with what opens by hand: the found services, the help, the tables', async () => {
    const page = await site.open('/services/outlook');
    await page.locator('.uplot canvas').waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.keyboard.press('/');
    await page.keyboard.type('micro');
    await page.locator('.found a').first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.close();
  });

  test.each([...views, '/wall'])('on a phone: %s', async (path) => {
    expect(await violations(path, { viewport: { width: 360, height: 740 } })).toEqual([]);
  });
});
