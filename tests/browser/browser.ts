// Debian's Chromium for tests of the page; null where none is installed.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Why the tests are skipped, or false when they can run. */
export const noBrowser: string | false = executablePath
  ? false
  : 'no Chromium at /usr/bin/chromium: apt-get install chromium';

/** Starts the browser without a word to the outside. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
