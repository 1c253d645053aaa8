// The bundled catalog is sound; a user's own file is merged over it, and all its faults are told at once.
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { createMatcher } from '../../src/catalog/matcher.js';
import { categories } from '../../src/core/catalog.js';
import { UsageError } from '../../src/core/errors.js';

test('the bundled services are whole: at least 600, known categories, no name that two services claim for sure', () => {
  const { services } = loadCatalog();
  expect(services.length).toBeGreaterThanOrEqual(600);
  expect(services.filter((s) => !categories.includes(s.category))).toEqual([]);
  const owner = new Map<string, string>();
  const twice: string[] = [];
  for (const s of services)
    for (const alias of s.aliases) {
      const other = owner.get(alias.toLowerCase());
      if (other && other !== s.id) twice.push(`${alias}: ${other}, ${s.id}`);
      owner.set(alias.toLowerCase(), s.id);
    }
  expect(twice).toEqual([]);
});

test('parents and what does not count', () => {
  const catalog = loadCatalog();
  expect(catalog.ancestors('outlook')).toEqual(['microsoft-365', 'microsoft']);
  expect(catalog.service('unknown')?.counts).toBe('never');
  expect(catalog.service('internet')?.counts).toBe('region');
  expect(catalog.service('power')?.counts).toBe('region');
});

test('a user’s file adds services, names and regions', () => {
  const catalog = loadCatalog({
    services: [
      { id: 'acme-net', name: 'Acme Net', category: 'isp', regions: ['GB-XX'] },
      { id: 'netflix', aliases: ['the red n'], domain: 'example.org' },
    ],
    regions: [{ code: 'GB-XX', name: 'Ruritania', parent: 'GB' }],
  });
  expect(catalog.service('acme-net')?.aliases).toEqual(['Acme Net']);
  expect(catalog.service('netflix')?.aliases).toEqual(expect.arrayContaining(['netflix', 'the red n']));
  expect(catalog.service('netflix')?.domain).toBe('example.org');
  expect(catalog.regionPath('GB-XX')).toEqual(['GB-XX', 'GB', '*']);
});

test('every fault of a user’s file is told at once, with its place', () => {
  let message = '';
  try {
    loadCatalog({
      services: [
        { id: 'Bad Id', name: 'x', category: 'isp' },
        { id: 'new-one' },
        { id: 'netflix', aliases: 'nf' },
        { id: 'hulu', parent: 'nobody' },
        { id: 'spotify', colour: 'green' },
        7,
      ],
      regions: [{ code: 'gb', name: 'x' }],
    });
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    message = (error as Error).message;
  }
  for (const part of [
    'services[0].id',
    'services[1].name',
    'services[1].category',
    'services[2].aliases',
    'services[4].colour',
    'services[5]',
    'regions[0].code',
    'service hulu.parent',
  ])
    expect(message).toContain(part);
});

test('names of a user’s service are found', () => {
  const matcher = createMatcher(
    loadCatalog({ services: [{ id: 'acme-net', name: 'Acme Net', category: 'isp', regions: ['GB'] }] }),
  );
  expect(matcher.match('Acme Net is down').map((m) => m.service)).toEqual(['acme-net']);
});
