// A tick that is cut off anywhere goes on with the same outcome; and one that could not see says so.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day, hour, minute } from '../../src/core/time.js';
import { createRandom, crowd, openWorld, outcomeOf, type Said } from './tick-world.js';

const monday = Date.UTC(2026, 5, 1);
const then = monday + 2 * day + 9 * hour + 13 * minute;
const end = then + 8 * hour;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outcry-tick-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two quiet days, then two services that fail together and a third that is lied about; some posts come late. */
function story(): Said[] {
  const random = createRandom(70);
  const services = ['outlook', 'microsoft-365', 'chase'];
  const usual = services.flatMap((service) => crowd(random, { service, from: monday, to: end, perMinute: 0.03 }));
  const burst = { from: then, to: then + 90 * minute, rise: 10, fall: 20 };
  const outlook = crowd(random, { service: 'outlook', perMinute: 2.5, ...burst });
  const suite = crowd(random, { service: 'microsoft-365', perMinute: 1.5, ...burst });
  const thanks = crowd(random, {
    service: 'outlook',
    from: then + 80 * minute,
    to: then + 2 * hour,
    perMinute: 0.3,
    kind: 'recovery',
  });
  const lies = Array.from({ length: 12 }, (_, i) => ({
    at: then + i * 30_000,
    services: ['chase'],
    author: `account ${i}`,
    text: `Chase is down, nobody can get their money out, withdraw now ${'!'.repeat(i)}`,
  }));
  return [...usual, ...outlook, ...suite, ...thanks, ...lies].map((one, i) =>
    i % 9 === 0 ? { ...one, readAt: one.at + (i % 40) * minute } : one,
  );
}

const readAt = (one: Said) => one.readAt ?? one.at;

test('restarts in the middle of everything give the same incidents, byte for byte', async () => {
  const said = story().sort((a, b) => readAt(a) - readAt(b));
  const whole = await openWorld({ db: join(folder, 'whole.db') });
  await whole.live(said, end);
  const expected = await outcomeOf(whole);
  await whole.leave();
  const found = JSON.parse(expected);
  expect(found.incidents.map((i: { service: string }) => i.service)).toEqual(['microsoft-365', 'outlook']);
  expect(
    found.spikes.some((s: { service: string; heldBack: string | null }) => s.service === 'chase' && s.heldBack),
  ).toBe(true);

  const db = join(folder, 'cut.db');
  let from = monday - hour;
  const cuts = [0, 7, 13, 21, 34, 55, 61, 89, 101, 130, 190, 300].map((m) => then + m * minute);
  for (const cut of [...cuts, end]) {
    const world = await openWorld({ db });
    await world.live(
      said.filter((one) => readAt(one) >= from && readAt(one) < cut),
      cut,
    );
    await world.leave();
    from = cut;
  }
  const again = await openWorld({ db });
  expect(await outcomeOf(again)).toBe(expected);
  await again.leave();
});

test('a store that refuses now and then changes nothing but the time it takes', async () => {
  const said = story().sort((a, b) => readAt(a) - readAt(b));
  const whole = await openWorld();
  await whole.live(said, end);
  const expected = await outcomeOf(whole);
  await whole.leave();

  const random = createRandom(71);
  let refused = 0;
  const refuse = async () => {
    if (random() < 0.02) {
      refused++;
      throw new Error('the disk is full');
    }
  };
  const world = await openWorld({
    between: ({ read, write }) => ({
      read: {
        ...read,
        reports: (...args) => refuse().then(() => read.reports(...args)),
        tally: (...args) => refuse().then(() => read.tally(...args)),
      },
      write: { judge: (batch) => refuse().then(() => write.judge(batch)) },
    }),
    retry: true,
  });
  await world.live(said, end);
  expect(refused).toBeGreaterThan(10);
  expect(await outcomeOf(world)).toBe(expected);
  await world.leave();
});

describe('blind', () => {
  const [dark, light] = [then + 35 * minute, then + 65 * minute];
  const said = () => story().filter((one) => one.at < dark || one.at >= light);

  test('in the middle of an incident: unknown, nothing ends, and it is the same incident when sight is back', async () => {
    const world = await openWorld({ coverage: (from, to) => (from < light && to > dark ? 0.2 : 1) });
    await world.live(said(), end);
    const outlook = (await world.incidents()).filter(({ service }) => service === 'outlook');
    expect(outlook).toHaveLength(1);
    const changes = await world.read.changes(outlook[0]?.id as string);
    const gone = changes.find(({ to }) => to === 'unknown');
    const back = changes.find(({ from }) => from === 'unknown');
    expect(gone?.at).toBeGreaterThanOrEqual(dark);
    expect(back?.at).toBeGreaterThanOrEqual(light);
    expect(back?.to).toBe(gone?.from);
    expect(changes.filter(({ at }) => at > (gone?.at as number) && at < (back?.at as number))).toEqual([]);
    expect(changes.at(-1)?.to).toBe('resolved');
    const gaps = await world.read.readings({ service: 'outlook', region: '*' }, dark, light);
    expect(gaps.filter(({ observed }) => observed === null).length).toBeGreaterThanOrEqual(6);
    await world.leave();
  });

  test('only the sources of one service: that one is unknown, the other goes on', async () => {
    const world = await openWorld({
      coverage: (from, to, sources) => (sources?.every((s) => s === 'forum') && from < light && to > dark ? 0 : 1),
    });
    const moved = story().map((one) =>
      one.services[0] === 'outlook' ? { ...one, platform: 'forum', source: 'forum' } : one,
    );
    await world.live(moved, end);
    const states = async (service: string) => {
      const incident = (await world.incidents()).find((i) => i.service === service);
      return (await world.read.changes(incident?.id as string)).map(({ to }) => to);
    };
    expect(await states('outlook')).toContain('unknown');
    expect(await states('microsoft-365')).not.toContain('unknown');
    await world.leave();
  });

  test('from one end of a quiet week to the other: no alarm when the world is heard again, and silence was not learned', async () => {
    const random = createRandom(72);
    const usual = crowd(random, { service: 'netflix', from: monday, to: monday + 10 * day, perMinute: 0.4 });
    const [from, to] = [monday + 4 * day, monday + 8 * day];
    const world = await openWorld({ coverage: (a, b) => (a < to && b > from ? 0 : 1) });
    await world.live(
      usual.filter(({ at }) => at < from || at >= to),
      monday + 10 * day,
    );
    expect(await world.incidents()).toEqual([]);
    const [reading] = await world.read.readings({ service: 'netflix', region: '*' }, to, to + hour);
    expect(reading?.expected).toBeGreaterThan(1);
    await world.leave();
  });
});

describe('the clock', () => {
  test('steps are due their lag after their end, and an empty store starts at the present', async () => {
    const world = await openWorld({ lagMs: 30_000 });
    expect(world.tick.dueAt()).toBe(0);
    await world.tick.advance(monday + 2 * minute);
    expect(world.tick.dueAt()).toBe(monday + 5 * minute + 30_000);
    await world.tick.advance(monday + 5 * minute + 29_999);
    expect(world.tick.dueAt()).toBe(monday + 5 * minute + 30_000);
    await world.tick.advance(world.tick.dueAt());
    expect(world.tick.dueAt()).toBe(monday + 10 * minute + 30_000);
    expect(await world.read.judgedUntil()).toBe(monday + 5 * minute);
    await world.leave();
  });

  test('calls at once queue up, and time that goes back judges nothing twice', async () => {
    const world = await openWorld();
    await world.live(
      crowd(createRandom(73), { service: 'netflix', from: monday, to: monday + hour, perMinute: 0.2 }),
      monday + hour,
    );
    await Promise.all([
      world.tick.advance(monday + 2 * hour),
      world.tick.advance(monday + 3 * hour),
      world.tick.advance(monday),
    ]);
    expect(await world.read.judgedUntil()).toBe(monday + 3 * hour - 5 * minute);
    await world.leave();
  });

  test('a store whose posts were never judged is judged from its first report on', async () => {
    const said = story();
    const first = await openWorld({ db: join(folder, 'unjudged.db') });
    const { tick } = first;
    await first.leave();
    expect(tick.dueAt()).toBe(0);
    const filled = await openWorld({
      db: join(folder, 'unjudged.db'),
      between: ({ read }) => ({ read, write: { judge: async () => undefined } }),
    });
    await filled.live(said, end);
    expect(await filled.incidents()).toEqual([]);
    await filled.leave();
    const world = await openWorld({ db: join(folder, 'unjudged.db') });
    await world.tick.advance(end);
    expect((await world.incidents()).map(({ service }) => service)).toEqual(['microsoft-365', 'outlook']);
    await world.leave();
  });

  test('a new width of steps begins with what the store knows', async () => {
    const db = join(folder, 'width.db');
    const said = story();
    const cut = monday + 2 * day;
    const five = await openWorld({ db });
    await five.live(
      said.filter((one) => readAt(one) < cut),
      cut,
    );
    await five.leave();
    const two = await openWorld({ db, widthMs: 2 * minute });
    await two.live(
      said.filter((one) => readAt(one) >= cut),
      end,
    );
    expect((await two.incidents()).map(({ service }) => service)).toEqual(['microsoft-365', 'outlook']);
    await two.leave();
  });

  test('idle series cost nothing: a step without reports asks one question, however many series there are', async () => {
    const asked: Record<string, number> = {};
    const world = await openWorld({
      between: ({ read, write }) => ({
        write,
        read: Object.fromEntries(
          Object.entries(read).map(([verb, ask]) => [
            verb,
            (...args: unknown[]) => {
              asked[verb] = (asked[verb] ?? 0) + 1;
              return (ask as (...args: unknown[]) => unknown).apply(read, args);
            },
          ]),
        ) as unknown as typeof read,
      }),
    });
    const services = ['netflix', 'spotify', 'discord', 'slack', 'zoom', 'github', 'steam', 'paypal', 'uber', 'reddit'];
    await world.live(
      services.flatMap((service, i) =>
        crowd(createRandom(i), { service, from: monday, to: monday + 6 * hour, perMinute: 0.05 }),
      ),
      monday + 7 * hour,
    );
    for (const verb of Object.keys(asked)) delete asked[verb];
    await world.tick.advance(monday + 31 * hour);
    expect(asked).toEqual({ touchedSeries: 288 });
    await world.leave();
  });
});
