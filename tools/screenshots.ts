// npm run screenshots: pictures of the page in the middle of the demo's outage, for README and docs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { runDemo } from '../fixtures/demo/main.js';
import { createScenario } from '../fixtures/demo/scenario.js';
import { hour } from '../src/core/time.js';
import { openBrowser } from '../tests/browser/browser.js';

const images = new URL('../docs/images/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'outcry-screenshots-'));
const scenario = createScenario();
const { app } = await runDemo({
  db: join(folder, 'demo.db'),
  port: 0,
  daySeconds: 0,
  until: scenario.quietUntil + 14.2 * hour,
  say: (line) => process.stderr.write(`${line}\n`),
});
const address = app.server.listeningOrigin;
const [incident] = (await app.read.incidents({ service: 'outlook', limit: 1 })).items;
const browser = await openBrowser();

interface Shot {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Only this part of the page. */
  part?: string;
}

async function shoot(name: string, path: string, { width = 1200, height = 1000, dark, part }: Shot = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const page: Page = await context.newPage();
  await page.goto(`${address}${path}`);
  await page.waitForLoadState('load');
  await page.waitForTimeout(800); // charts draw after load
  const file = join(images, `${name}.png`);
  if (part) await page.locator(part).screenshot({ path: file });
  else await page.screenshot({ path: file });
  await context.close();
}

try {
  await shoot('now', '/');
  await shoot('now-phone', '/', { width: 390, height: 844, dark: true });
  await shoot('incident', `/incidents/${incident?.id}`);
  await shoot('where', `/incidents/${incident?.id}`, { part: '#where section' });
  await shoot('compare', '/services/outlook?range=6h&compare=microsoft-teams,microsoft-365,zoom');
  await shoot('wall', '/wall', { width: 1600, height: 900, dark: true });
} finally {
  await browser.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}
