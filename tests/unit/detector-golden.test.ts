// The port of the method against its test vector (synthetic, made by the reference implementation).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDetector } from '../../src/detect/detector.js';

const rows = readFileSync(new URL('../../fixtures/detect/golden.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));

test('forecast and surprise to 1e-4, alarms exactly', () => {
  const detector = createDetector({ widthMs: 300_000 });
  let alerts = 0;
  for (const [t, count, mu, , surprise, , alert, active] of rows) {
    const reading = detector.step({ t: Number(t) * 1000, count: count === '' ? null : Number(count) });
    expect(Math.abs(reading.expected - Number(mu)), `expected at ${t}`).toBeLessThan(1e-4);
    expect(Math.abs(reading.surprise - Number(surprise)), `surprise at ${t}`).toBeLessThan(1e-4);
    const code = reading.alert === 'open' ? 1 : reading.alert === 'escalate' ? 2 : 0;
    expect(code, `alert at ${t}`).toBe(Number(alert));
    expect(reading.active, `active at ${t}`).toBe(Number(active) === 1);
    if (code > 0) alerts++;
  }
  expect(alerts).toBe(3);
});
