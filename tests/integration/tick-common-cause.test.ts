// Very many services rise at once: each is told of, with the sentence that one cause is likely, and no baseline learns from it.
import { expect, test } from 'vitest';
import { day, hour, minute } from '../../src/core/time.js';
import { findCommonCause } from '../../src/pipeline/common-cause.js';
import { createRandom, crowd, openWorld } from './tick-world.js';

const monday = Date.UTC(2026, 5, 1);
const then = monday + 3 * day + 9 * hour;
const services = ['outlook', 'netflix', 'slack', 'github', 'spotify', 'discord', 'zoom', 'paypal'];

test('eight of ten services that fail in one minute say that they rise together; what rises alone does not', async () => {
  const world = await openWorld();
  const usual = [...services, 'whatsapp', 'reddit'].flatMap((service, i) =>
    crowd(createRandom(40 + i), { service, from: monday, to: then + 8 * hour, perMinute: 0.02 }),
  );
  const together = services.flatMap((service, i) =>
    crowd(createRandom(60 + i), { service, from: then, to: then + hour, perMinute: 3, rise: 5 }),
  );
  const alone = crowd(createRandom(80), {
    service: 'whatsapp',
    from: then + 5 * hour,
    to: then + 6 * hour,
    perMinute: 3,
  });
  await world.live([...usual, ...together, ...alone], then + 8 * hour);
  const incidents = await world.incidents();
  expect(incidents.map(({ service }) => service).sort()).toEqual([...services, 'whatsapp'].sort());
  for (const { id, service } of incidents) {
    const [first, ...later] = await world.read.changes(id);
    if (service === 'whatsapp') expect(first!.reason).not.toContain('at once');
    else expect(first!.reason).toMatch(/; \d of 10 services rise at once: one cause in common, or a fault of our own/);
    for (const { reason } of later) expect(reason).not.toContain('at once');
  }
  await world.leave();
});

test('a few services, or a small share of many, have no common cause; the day is asked about only when enough rise', async () => {
  const judged = (n: number, surprise: number) =>
    Array.from({ length: n }, (_, i) => ({
      service: `s${i}`,
      region: '*',
      reading: {
        t: then,
        observed: 3,
        expected: 1,
        low: 0,
        high: 2,
        surprise,
        bar: 4,
        windowMs: minute,
        alert: null,
        active: false,
        calming: false,
        provisional: false,
      },
    }));
  let asked = 0;
  const heard = (n: number) => async () => {
    asked++;
    return judged(n, 0);
  };
  expect(await findCommonCause(judged(4, 9), heard(4))).toBeNull();
  expect(await findCommonCause(judged(50, 1.9), heard(50))).toBeNull();
  expect(asked).toBe(0);
  expect(await findCommonCause(judged(10, 9), heard(50))).toBeNull();
  expect(await findCommonCause(judged(11, 9), heard(50))).toContain('11 of 50 services');
});
