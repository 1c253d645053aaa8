// A real server on a seeded store, and pages of it in a real browser; what a page complains of is kept.
import type { FastifyInstance } from 'fastify';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createServer } from '../../src/http/server.js';
import { incident, openSeeded, resolved, type Seeded } from '../integration/http-seed.js';

/** Every view of the page. */
export const views = [
  '/',
  `/incidents/${incident.id}`,
  `/incidents/${resolved.id}`,
  `/incidents/${incident.id}?at=2026-07-12T12:00:00Z`,
  '/services/outlook',
  '/services/outlook?compare=microsoft-teams,zoom&range=6h',
  '/services',
  '/incidents',
  '/sources',
  '/method',
  '/docs',
];

export interface Site {
  seeded: Seeded;
  app: FastifyInstance;
  base: string;
  /** Failed loads, script errors, breaches of the content security policy, dialogs, requests to the outside. */
  complaints: string[];
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Stops the server and starts it again at the same address when `start` is called. */
  restart(): Promise<{ start(): Promise<void> }>;
  close(): Promise<void>;
}

/** @param over what the test is about. */
export async function openSite(browser: Browser, over: Partial<Seeded['deps']> = {}): Promise<Site> {
  const seeded = await openSeeded(over);
  const pages: Page[] = [];
  const site: Site = {
    seeded,
    app: createServer(seeded.deps),
    base: '',
    complaints: [],
    async open(path, options = {}) {
      const context = await browser.newContext({ timezoneId: 'Europe/London', locale: 'en-GB', ...options });
      const page = await context.newPage();
      pages.push(page);
      page.on('console', (m) => m.type() === 'error' && site.complaints.push(m.text()));
      page.on('pageerror', (error) => site.complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        site.complaints.push(`dialog: ${dialog.message()}`);
        dialog.dismiss();
      });
      page.on('request', (r) => {
        if (!/^(data|blob):/.test(r.url()) && !r.url().startsWith(site.base))
          site.complaints.push(`asked outside: ${r.url()}`);
      });
      await page.goto(site.base + path);
      return page;
    },
    async restart() {
      await site.app.close();
      return {
        async start() {
          site.app = createServer(seeded.deps);
          await site.app.listen({ host: '127.0.0.1', port: Number(new URL(site.base).port) });
        },
      };
    },
    async close() {
      await Promise.all(pages.map((page) => page.context().close()));
      await site.app.close();
      await seeded.close();
    },
  };
  site.base = await site.app.listen({ host: '127.0.0.1', port: 0 });
  return site;
}
