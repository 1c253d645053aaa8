// The story this project began with, as a test: what was planted in the demo is found, the meme and the fakes are not.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDemo } from '../../fixtures/demo/main.js';
import { newFolder } from './outcry.js';

test('the demo finds what was planted, and nothing else', async () => {
  const said: string[] = [];
  const { app, findings } = await runDemo({
    db: join(newFolder(), 'demo.db'),
    port: 0,
    daySeconds: 0,
    say: (line) => said.push(line),
  });
  await app.stop();
  expect(findings.filter((f) => !f.right)).toEqual([]);
  expect(findings).toHaveLength(8);
  expect(findings.at(-1)).toMatchObject({
    planted: "microsoft-365's status page admits it at 13:58",
    found: expect.stringMatching(/^the crowd was 4\d min ahead$/),
  });
  expect(said[0]).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+ and watch/);
});
