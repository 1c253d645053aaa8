// Which incident explains another: parents and needed services, networks blamed for what burns elsewhere.
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import type { Incident } from '../../src/core/signal.js';
import { minute } from '../../src/core/time.js';
import { type Burning, findSpillover } from '../../src/detect/spillover.js';

const catalog = loadCatalog();

function burning(
  service: string,
  more: Partial<Incident> = {},
  posts: string[] = [],
  blames: Record<string, string[]> = {},
): Burning {
  return {
    incident: { service, startedAt: 100 * minute, regions: ['*'], reports: 100, ...more } as Incident,
    posts: new Set(posts),
    blames: new Map(Object.entries(blames).map(([cause, by]) => [cause, new Set(by)])),
  };
}
const causes = (of: Burning, ...others: Burning[]) => findSpillover(of, [of, ...others], catalog);

test('three Microsoft services that fail together: the parent is named by its parts, and names none of them', () => {
  const [outlook, teams, suite] = ['outlook', 'microsoft-teams', 'microsoft-365'].map((id) => burning(id)) as [
    Burning,
    Burning,
    Burning,
  ];
  expect(causes(outlook, teams, suite)).toEqual([{ service: 'microsoft-365', overlap: 0 }]);
  expect(causes(teams, outlook, suite)).toEqual([{ service: 'microsoft-365', overlap: 0 }]);
  expect(causes(suite, outlook, teams)).toEqual([]);
});

test('the overlap is the share of posts that name both', () => {
  const outlook = burning('outlook', {}, ['a', 'b', 'c', 'd']);
  expect(causes(outlook, burning('microsoft-365', {}, ['c', 'x', 'y']))).toEqual([
    { service: 'microsoft-365', overlap: 0.25 },
  ]);
});

test('what a service needs is named when it burns, unless it began to burn later', () => {
  const netflix = burning('netflix');
  expect(catalog.service('netflix')?.dependsOn).toContain('aws');
  expect(causes(netflix, burning('aws', { startedAt: 95 * minute }))).toEqual([{ service: 'aws', overlap: 0 }]);
  expect(causes(netflix, burning('aws', { startedAt: 130 * minute }))).toEqual([]);
  expect(causes(netflix, burning('spotify'))).toEqual([]);
});

test('a network blamed for a content service that burns', () => {
  const network = burning('comcast', { reports: 30, regions: ['US'] });
  const content = burning('facebook', { reports: 900 });
  expect(causes(network, content)).toEqual([{ service: 'facebook', overlap: 0 }]);
  expect(causes(content, network)).toEqual([]);
  expect(
    causes(
      burning('comcast', { reports: 400, regions: ['US'] }, ['a', 'b', 'c']),
      burning('facebook', { reports: 500 }, ['a']),
    ),
  ).toEqual([{ service: 'facebook', overlap: 0.33 }]);
});

test('a network that fails in one place fails by itself', () => {
  expect(
    causes(burning('comcast', { reports: 30, regions: ['US-CA'] }), burning('facebook', { reports: 900 })),
  ).toEqual([]);
});

test('without any tie, most posts must name the louder one', () => {
  const small = burning('spotify', { reports: 20 }, ['a', 'b', 'c', 'd']);
  expect(causes(small, burning('discord', { reports: 100 }, ['a', 'b']))).toEqual([
    { service: 'discord', overlap: 0.5 },
  ]);
  expect(causes(small, burning('discord', { reports: 100 }, ['a']))).toEqual([]);
  expect(causes(small, burning('discord', { reports: 25 }, ['a', 'b', 'c', 'd']))).toEqual([]);
});

const twenty = Array.from({ length: 20 }, (_, i) => `p${i}`);
test('what a share of the posts blames explains it, when it burns too; few fingers point at nothing', () => {
  expect(catalog.service('discord')?.dependsOn).not.toContain('aws');
  const aws = burning('aws', {}, ['a1', 'a2']);
  expect(causes(burning('discord', {}, twenty, { aws: ['p1', 'p2', 'p3'] }), aws)).toEqual([
    { service: 'aws', overlap: 0.15 },
  ]);
  expect(causes(burning('discord', {}, twenty, { aws: ['p1', 'p2'] }), aws)).toEqual([]);
  expect(causes(burning('discord', {}, twenty, { azure: ['p1', 'p2', 'p3'] }), aws)).toEqual([]);
  const many = Array.from({ length: 100 }, (_, i) => `p${i}`);
  expect(causes(burning('discord', {}, many, { aws: ['p1', 'p2', 'p3'] }), aws)).toEqual([]);
  expect(
    causes(burning('discord', {}, twenty, { aws: ['p1', 'p2', 'p3'] }), burning('aws', { startedAt: 130 * minute })),
  ).toEqual([]);
});

test('of two that blame each other, the one blamed more explains the other', () => {
  const discord = burning('discord', {}, twenty, { aws: ['p1', 'p2', 'p3', 'p4'] });
  const aws = burning('aws', {}, twenty, { discord: ['p5', 'p6', 'p7'] });
  expect(causes(discord, aws)).toEqual([{ service: 'aws', overlap: 1 }]);
  expect(causes(aws, discord)).toEqual([]);
});

test('what needs a service is not its cause, whoever blames it', () => {
  expect(catalog.service('netflix')?.dependsOn).toContain('aws');
  expect(causes(burning('aws', {}, twenty, { netflix: twenty }), burning('netflix', { reports: 150 }, []))).toEqual([]);
});

test('their own line is what people suspect first: a quieter network explains nothing, a louder one may', () => {
  const netflix = burning('netflix', { reports: 100 }, twenty, { comcast: ['p1', 'p2', 'p3'] });
  expect(causes(netflix, burning('comcast', { reports: 40, regions: ['US-CA'] }))).toEqual([]);
  expect(causes(netflix, burning('comcast', { reports: 400, regions: ['US'] }))).toEqual([
    { service: 'comcast', overlap: 0.15 },
  ]);
});
