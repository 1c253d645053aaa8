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

async function shoot(name: string, path: string, options: { width?: number; height?: number } = {}) {
  const { width = 1200, height = 1000 } = options;
  const page: Page = await browser.newPage({ viewport: { width, height } });
  await page.goto(`${address}${path}`);
  await page.waitForLoadState('load');
  await page.waitForTimeout(500); // charts draw after load
  await page.screenshot({ path: join(images, `${name}.png`) });
  await page.close();
}

try {
  await shoot('now', '/');
  await shoot('incident', `/incidents/${incident?.id}`);
  await shoot('wall', '/wall', { width: 1600, height: 900 });
} finally {
  await browser.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}
