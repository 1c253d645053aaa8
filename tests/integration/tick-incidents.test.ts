// What the tick finds in a world of strangers, brigades, slow ramps and places: on a real store, from reports to incidents.
import { describe, expect, test } from 'vitest';
import { day, hour, minute } from '../../src/core/time.js';
import { type Crowd, complaint, createRandom, crowd, openWorld, outcomeOf, type Said } from './tick-world.js';

const monday = Date.UTC(2026, 5, 1);
/** Days of quiet before something happens: the baselines' past. */
const quiet = 4 * day;
const then = monday + quiet + 9 * hour + 13 * minute;

/** Quiet days, then what happens; run until a day after. */
async function story(events: Said[], usual: Partial<Crowd>[] = [], options: Parameters<typeof openWorld>[0] = {}) {
  const random = createRandom(11);
  const world = await openWorld(options);
  const said = usual.flatMap((one) =>
    crowd(random, { service: 'outlook', from: monday, to: monday + quiet + day, perMinute: 0.02, ...one }),
  );
  await world.live([...said, ...events], monday + quiet + day);
  return world;
}

const states = async (world: Awaited<ReturnType<typeof story>>, id: string) =>
  (await world.read.changes(id)).map(({ to }) => to);
const within = (t: number, ms: number) => expect.toSatisfy((x: number) => Math.abs(x - t) <= ms);

test('a worldwide outage: found in ten minutes, its start right within five, everywhere, confirmed on two platforms, and over', async () => {
  const world = await story(
    crowd(createRandom(1), { service: 'outlook', from: then, to: then + 2 * hour, perMinute: 4, rise: 10, fall: 30 }),
    [{}],
  );
  const incidents = await world.incidents();
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({
    service: 'outlook',
    state: 'resolved',
    regions: ['*'],
    platforms: ['bluesky', 'mastodon', 'reddit'],
    startedAt: within(then, 5 * minute),
    possibleSpilloverOf: [],
  });
  const [found] = incidents as [(typeof incidents)[0]];
  expect(found.id).toBe(`outlook-${new Date(found.startedAt).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`);
  expect(found.detectedAt).toBeLessThanOrEqual(then + 12 * minute);
  expect(found.peakAt).toBeGreaterThan(then);
  expect(found.peakAt).toBeLessThan(then + 100 * minute);
  expect(found.resolvedAt).toBeLessThan(then + 3.5 * hour);
  expect(found.reports).toBeGreaterThan(300);
  expect(found.unlocated).toBeCloseTo(0.6, 1);
  const path = await states(world, found.id);
  expect(path.at(0)).toMatch(/signal|confirmed/);
  expect(path).toContain('confirmed');
  expect(path.slice(-2)).toEqual(['recovering', 'resolved']);
  await world.leave();
});

test('an outage with few reports at first still gets its start right', async () => {
  const world = await story(
    crowd(createRandom(2), { service: 'outlook', from: then, to: then + 3 * hour, perMinute: 6, rise: 40, fall: 30 }),
    [{}],
  );
  expect(await world.incidents()).toMatchObject([{ startedAt: within(then, 5 * minute) }]);
  await world.leave();
});

test('a ramp of three hours is found', async () => {
  const world = await story(
    crowd(createRandom(3), { service: 'outlook', from: then, to: then + 5 * hour, perMinute: 1, rise: 180, fall: 60 }),
    [{ perMinute: 0.1 }],
  );
  const [found] = await world.incidents();
  expect(found?.detectedAt).toBeLessThan(then + 2 * hour);
  await world.leave();
});

test('three Microsoft services that fail together are three incidents, and the parts name the parent', async () => {
  const services = ['outlook', 'microsoft-teams', 'microsoft-365'];
  const events = services.flatMap((service, i) =>
    crowd(createRandom(20 + i), { service, from: then, to: then + 2 * hour, perMinute: 3, rise: 10 }),
  );
  const both = crowd(createRandom(30), { service: 'outlook', from: then, to: then + 2 * hour, perMinute: 0.6 }).map(
    (one) => ({
      ...one,
      services: ['outlook', 'microsoft-365'],
    }),
  );
  const world = await story(
    [...events, ...both],
    services.map((service) => ({ service })),
  );
  const incidents = await world.incidents();
  expect(incidents.map(({ service }) => service).sort()).toEqual([...services].sort());
  for (const { startedAt } of incidents) expect(startedAt).toEqual(within(then, 5 * minute));
  const causes = Object.fromEntries(
    incidents.map(({ service, possibleSpilloverOf }) => [service, possibleSpilloverOf]),
  );
  expect(causes['microsoft-365']).toEqual([]);
  expect(causes['microsoft-teams']).toEqual([{ service: 'microsoft-365', overlap: 0 }]);
  expect(causes.outlook).toEqual([
    { service: 'microsoft-365', overlap: expect.toSatisfy((x: number) => x > 0.1 && x < 0.3) },
  ]);
  await world.leave();
});

describe('places', () => {
  const home = ['GB-CRF', 'GB-WLS', 'GB-LND', 'GB-MAN', 'GB-BST', 'GB-GLG', 'GB-LND', 'GB-LND'];
  const welsh = ['GB-CRF', 'GB-CRF', 'GB-SWA', 'GB-NWP', 'GB-WRX', 'GB-WLS', 'GB-WLS'];

  test('a Welsh outage is not a British one', async () => {
    const world = await story(
      crowd(createRandom(4), {
        service: 'sky-broadband',
        from: then,
        to: then + 2 * hour,
        perMinute: 1,
        rise: 5,
        regions: welsh,
      }),
      [{ service: 'sky-broadband', perMinute: 0.05, regions: home }],
    );
    const incidents = await world.incidents();
    expect(incidents).toMatchObject([
      { service: 'sky-broadband', regions: ['GB-WLS'], startedAt: within(then, 5 * minute) },
    ]);
    expect(incidents[0]?.unlocated).toBeGreaterThan(0.4);
    await world.leave();
  });

  test('a small place fails within a service that is busy everywhere: its region opens alone', async () => {
    const world = await story(
      crowd(createRandom(5), {
        service: 'spotify',
        from: then,
        to: then + 90 * minute,
        perMinute: 0.35,
        regions: ['JP-13'],
        located: 1,
      }),
      [{ service: 'spotify', perMinute: 1.5, regions: ['US-CA', 'US-NY', 'GB-LND', 'DE-BY'], located: 0.4 }],
    );
    const incidents = await world.incidents();
    expect(incidents).toMatchObject([{ service: 'spotify', regions: ['JP-13'] }]);
    expect(incidents[0]?.reports).toBeLessThan(60);
    await world.leave();
  });
});

describe('who speaks', () => {
  const copies = (n: number): Said[] =>
    Array.from({ length: n }, (_, i) => ({
      at: then + i * 40_000,
      services: ['chase'],
      author: `account ${i}`,
      platform: i % 2 ? 'bluesky' : 'mastodon',
      text: `Chase is DOWN${'!'.repeat(1 + (i % 4))} nobody can get their ${i % 3 ? 'money' : 'cash'} out, withdraw now #chase${i}`,
    }));

  test('a brigade of twelve accounts opens no incident; its spike stays and says why', async () => {
    const world = await story(copies(12), [{ service: 'chase', perMinute: 0.01 }]);
    expect(await world.incidents()).toEqual([]);
    const [spike] = (await world.spikes()).filter(({ region }) => region === '*');
    expect(spike?.heldBack).toMatch(/^\d+ posts, \d+ authors, \d+ of them in near-identical words: held back$/);
    await world.leave();
  });

  test('twelve independent strangers in two countries open one', async () => {
    const random = createRandom(6);
    const strangers: Said[] = Array.from({ length: 12 }, (_, i) => ({
      at: then + i * 40_000,
      services: ['chase'],
      author: `stranger ${i}`,
      region: i % 2 ? 'US-CA' : 'GB-LND',
      text: complaint(random, 'Chase'),
    }));
    const world = await story(strangers, [{ service: 'chase', perMinute: 0.01 }]);
    const incidents = await world.incidents();
    expect(incidents).toMatchObject([{ service: 'chase', startedAt: within(then, 5 * minute), authors: 12 }]);
    await world.leave();
  });

  test('a held-back spike opens an incident once strangers join, with its own start', async () => {
    const late = crowd(createRandom(7), { service: 'chase', from: then + 12 * minute, to: then + hour, perMinute: 1 });
    const world = await story([...copies(12), ...late], [{ service: 'chase', perMinute: 0.01 }]);
    const incidents = await world.incidents();
    expect(incidents).toHaveLength(1);
    expect(incidents[0]?.detectedAt).toBeGreaterThan(then + 12 * minute);
    expect((await world.spikes()).every(({ heldBack }) => heldBack === null)).toBe(true);
    await world.leave();
  });

  test('a meme about an old outage, of which every eighth post is taken for a report, opens none', async () => {
    const meme = crowd(createRandom(10), {
      service: 'facebook',
      from: then,
      to: then + 3 * hour,
      perMinute: 2,
      rise: 60,
    }).map((one, i) => ({
      ...one,
      services: i % 8 === 0 ? ['facebook'] : [],
    }));
    const world = await story(meme, [{ service: 'facebook', perMinute: 0.01 }]);
    expect(await world.incidents()).toEqual([]);
    const [spike] = (await world.spikes()).filter(({ region }) => region === '*');
    expect(spike?.heldBack).toMatch(/posts more than before talk about it, only \d+ report trouble: held back$/);
    await world.leave();
  });

  test('one account that posts a hundred times raises nothing', async () => {
    const random = createRandom(8);
    const flood = Array.from({ length: 100 }, (_, i) => ({
      at: then + i * 20_000,
      services: ['chase'],
      author: 'one',
      text: complaint(random, 'Chase'),
    }));
    const world = await story(flood, [{ service: 'chase', perMinute: 0.01 }]);
    expect(await world.incidents()).toEqual([]);
    await world.leave();
  });

  test('quiet weeks of sixty services raise next to nothing', async () => {
    const random = createRandom(9);
    const services = ['netflix', 'spotify', 'discord', 'slack', 'zoom', 'github', 'steam', 'paypal', 'uber', 'reddit'];
    const said = services.flatMap((service, i) =>
      crowd(random, { service, from: monday, to: monday + 10 * day, perMinute: 0.005 * (i + 1) }),
    );
    const world = await openWorld();
    await world.live(said, monday + 10 * day);
    expect((await world.incidents()).length).toBeLessThanOrEqual(2);
    await world.leave();
  });
});

describe('the end', () => {
  const outage = (seed: number, from: number, to: number) =>
    crowd(createRandom(seed), { service: 'outlook', from, to, perMinute: 3, rise: 5, fall: 10 });

  test('people who say that it works again end it sooner', async () => {
    const end = then + hour;
    const thanks = crowd(createRandom(41), {
      service: 'outlook',
      from: end - 5 * minute,
      to: end + 30 * minute,
      perMinute: 0.4,
      kind: 'recovery',
    });
    const [plain, thanked] = await Promise.all([
      story(outage(40, then, end), [{}]),
      story([...outage(40, then, end), ...thanks], [{}]),
    ]);
    const [[a], [b]] = [await plain.incidents(), await thanked.incidents()];
    expect(b?.resolvedAt).toBeLessThan((a?.resolvedAt as number) - 20 * minute);
    expect((await thanked.read.changes(b?.id as string)).at(-1)?.reason).toMatch(/people say that it works again/);
    await Promise.all([plain.leave(), thanked.leave()]);
  });

  test('a second burst within the hour continues the same incident', async () => {
    const world = await story(
      [...outage(42, then, then + hour), ...outage(43, then + 100 * minute, then + 160 * minute)],
      [{}],
    );
    const incidents = await world.incidents();
    expect(incidents).toHaveLength(1);
    expect(
      (await states(world, incidents[0]?.id as string)).filter((s) => s === 'recovering').length,
    ).toBeGreaterThanOrEqual(2);
    await world.leave();
  });

  test('one that began anew hours later is another incident', async () => {
    const world = await story(
      [...outage(44, then, then + hour), ...outage(45, then + 6 * hour, then + 7 * hour)],
      [{}],
    );
    expect((await world.incidents()).map(({ startedAt }) => startedAt)).toEqual([
      within(then, 5 * minute),
      within(then + 6 * hour, 5 * minute),
    ]);
    await world.leave();
  });
});

test('late posts of a polled feed still raise the alarm, in the step after they were read', async () => {
  const polled = crowd(createRandom(50), {
    service: 'outlook',
    from: then,
    to: then + hour,
    perMinute: 2,
    platforms: ['forum'],
  }).map((one) => ({
    ...one,
    readAt: Math.ceil(one.at / (15 * minute)) * 15 * minute,
  }));
  const world = await story(polled, [{}]);
  const [found] = await world.incidents();
  expect(found).toMatchObject({ startedAt: within(then, 5 * minute) });
  expect(found?.detectedAt).toBeLessThanOrEqual(then + 25 * minute);
  await world.leave();
});

test('the same story with steps of one minute', async () => {
  const world = await story(
    crowd(createRandom(1), { service: 'outlook', from: then, to: then + 2 * hour, perMinute: 4, rise: 10, fall: 30 }),
    [{}],
    { widthMs: minute },
  );
  expect(await world.incidents()).toMatchObject([
    { service: 'outlook', regions: ['*'], state: 'resolved', startedAt: within(then, 5 * minute) },
  ]);
  await world.leave();
});

test('the same posts give the same outcome, byte for byte', async () => {
  const events = () => [
    ...crowd(createRandom(60), { service: 'outlook', from: then, to: then + hour, perMinute: 3, rise: 10 }),
    ...crowd(createRandom(61), { service: 'microsoft-365', from: then, to: then + hour, perMinute: 2, rise: 10 }),
  ];
  const [a, b] = await Promise.all([story(events(), [{}]), story(events(), [{}])]);
  const first = await outcomeOf(a);
  expect(JSON.parse(first).incidents).toHaveLength(2);
  expect(await outcomeOf(b)).toBe(first);
  await Promise.all([a.leave(), b.leave()]);
});
