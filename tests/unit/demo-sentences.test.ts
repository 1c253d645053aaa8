// The demo's sentences are well-formed, many, and each of one language only.
import { expect, test } from 'vitest';
import { createRandom } from '../../fixtures/demo/random.js';
import { languages } from '../../fixtures/demo/sentences/languages.js';
import { groups, langs } from '../../fixtures/demo/sentences/sentences.js';
import { located, unlocated } from '../../fixtures/demo/sentences/wales.js';
import { say, slotsOf } from '../../fixtures/demo/template.js';

/** All templates of one language, with the place each stands at. */
function templatesOf(lang: (typeof langs)[number]): { where: string; template: string }[] {
  const found: { where: string; template: string }[] = [];
  const walk = (where: string, value: unknown) => {
    if (typeof value === 'string') found.push({ where, template: value });
    else if (Array.isArray(value)) for (const item of value) walk(where, item);
    else if (value !== null && typeof value === 'object')
      for (const [key, item] of Object.entries(value)) walk(`${where}.${key}`, item);
  };
  const { clock: _, durations: __, emoji: ___, lang: ____, ...sentences } = languages[lang];
  walk(lang, sentences);
  return found;
}

test('every template is well-formed and uses the slots of its place only', () => {
  for (const lang of langs) {
    for (const { where, template } of templatesOf(lang)) {
      const allowed = where.includes('.pair')
        ? ['a', 'b', 'for', 'time', 'city']
        : where.includes('.meme') || where.includes('.idle')
          ? []
          : ['s', 'for', 'time', 'city', 'n'];
      for (const slot of slotsOf(template)) expect(allowed, `${where}: ${template}`).toContain(slot);
    }
  }
});

test('each language has enough sentences of its own', () => {
  for (const lang of langs) {
    const { outage, chatter } = languages[lang];
    const random = createRandom(1, lang);
    const slots = { s: 'S', a: 'A', b: 'B', for: 'F', time: 'T', city: 'C', n: 'N' };
    const templates = [
      outage.outlook,
      outage['microsoft-teams'],
      outage['microsoft-365'],
      outage.any,
      outage.pair,
      outage.ask,
    ].flat();
    expect(templates.length, lang).toBeGreaterThanOrEqual(60);
    const said = templates.flatMap((t) => Array.from({ length: 40 }, () => say(t, slots, random)));
    expect(new Set(said).size, lang).toBeGreaterThanOrEqual(110);
    expect(groups.flatMap((group) => chatter[group]).length, lang).toBeGreaterThanOrEqual(60);
    for (const group of groups) expect(chatter[group].length, `${lang}.${group}`).toBeGreaterThanOrEqual(4);
  }
  expect(located.length + unlocated.length).toBeGreaterThan(50);
});

test('no sentence stands twice in a place, and none is of two languages', () => {
  const placeOf = new Map<string, string>();
  for (const lang of langs) {
    const here = new Set<string>();
    for (const { where, template } of templatesOf(lang)) {
      expect(here, where).not.toContain(`${where} ${template}`);
      here.add(`${where} ${template}`);
      // Tags, and words like "haha" before and after a report, belong to all.
      if (/\.(hashtags|openers|endings|details)$/.test(where)) continue;
      expect(placeOf.get(template) ?? lang, template).toBe(lang);
      placeOf.set(template, lang);
    }
  }
});

test('a malformed template is told, not said', () => {
  expect(() => slotsOf('a [b|c')).toThrow('open [');
  expect(() => slotsOf('a {b')).toThrow('open {');
  expect(() => slotsOf('a] b')).toThrow('too many');
  expect(() => say('{x}', {}, createRandom(1))).toThrow('no value for {x}');
});

test('choices nest, empty ones leave no gap', () => {
  const said = new Set(Array.from({ length: 50 }, (_, i) => say('a [b [1|2]|] c', {}, createRandom(i))));
  expect([...said].sort()).toEqual(['a b 1 c', 'a b 2 c', 'a c']);
});

test('draws of chance have the mean they should', () => {
  const random = createRandom(7);
  for (const mean of [0.3, 4, 75]) {
    const draws = Array.from({ length: 4_000 }, () => random.poisson(mean));
    const average = draws.reduce((sum, n) => sum + n, 0) / draws.length;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / draws.length));
  }
});
