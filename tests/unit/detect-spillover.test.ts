// Which incident explains another: parents and needed services, networks blamed for what burns elsewhere.
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import type { Incident } from '../../src/core/signal.js';
import { minute } from '../../src/core/time.js';
import { type Burning, findSpillover } from '../../src/detect/spillover.js';

const catalog = loadCatalog();

function burning(service: string, more: Partial<Incident> = {}, posts: string[] = []): Burning {
  return {
    incident: { service, startedAt: 100 * minute, regions: ['*'], reports: 100, ...more } as Incident,
    posts: new Set(posts),
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
