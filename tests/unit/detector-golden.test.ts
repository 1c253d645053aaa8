// The detector against test vectors made by independent implementations in C: the reference's, and ours with its settings.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createDetector } from '../../src/detect/detector.js';
import { defaultSettings, methodVersion, referenceSettings } from '../../src/detect/settings.js';

const vectors = [
  { name: 'reference', file: 'golden.csv', settings: referenceSettings },
  { name: methodVersion, file: `${methodVersion}.csv`, settings: defaultSettings },
];

describe.each(vectors)('$name', ({ file, settings }) => {
  const rows = readFileSync(new URL(`../../fixtures/detect/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

  test('forecast and surprise to 1e-4, alarms exactly', () => {
    const detector = createDetector({ widthMs: 300_000, settings });
    let opened = 0;
    for (const [t, count, mu, , surprise, , alert, active] of rows) {
      const reading = detector.step({ t: Number(t) * 1000, count: count === '' ? null : Number(count) });
      expect(Math.abs(reading.expected - Number(mu)), `expected at ${t}`).toBeLessThan(1e-4);
      expect(Math.abs(reading.surprise - Number(surprise)), `surprise at ${t}`).toBeLessThan(1e-4);
      const code = reading.alert === 'open' ? 1 : reading.alert === 'escalate' ? 2 : 0;
      expect(code, `alert at ${t}`).toBe(Number(alert));
      expect(reading.active, `active at ${t}`).toBe(active === '1');
      if (code === 1) opened++;
    }
    expect(opened).toBeGreaterThan(1);
  });
});
