// outcry label without its terminal: what is asked first, what the keys do, and hostile text.
import { expect, test } from 'vitest';
import { createLabelling, leastSure, printable } from '../../src/cli/labelling.js';
import { openReader } from '../../src/config/open-reader.js';
import { createCorrect } from '../../src/pipeline/correct.js';
import { openStore } from '../../src/store/open.js';
import { batch, post, t0 } from '../contract/store.js';

const reader = openReader({
  catalog: { services: null },
  classify: { model: null, public: null, support: null },
});
const texts = [
  'netflix is down, nothing loads, anyone else?',
  'watching netflix tonight with friends',
  'netflix acting weird today',
  'NETFLIX acting weird today',
  'is it just me or is spotify strange',
];

async function open() {
  const { read, write } = await openStore(':memory:', { regionPath: (code) => reader.catalog.regionPath(code) });
  await write.ingest(batch({ posts: texts.map((text, i) => post(`${i}`, t0 + i, { text })) }));
  const close = async () => {
    await read.close();
    await write.close();
  };
  return { read, close, correct: createCorrect({ read, write, reader, clock: { now: () => t0 } }) };
}

test('asks about what the model is least sure of first, one of equal texts, and goes on where it stopped', async () => {
  const { read, correct, close } = await open();
  const asked = await leastSure(read, reader, 10);
  expect(asked).toHaveLength(4);
  expect(asked.map((d) => d.distance)).toEqual(asked.map((d) => d.distance).sort((a, b) => a - b));
  expect((await leastSure(read, reader, 1)).map((d) => d.post.id)).toEqual([asked[0]?.post.id]);

  const labelling = createLabelling(asked, correct);
  expect(await labelling.press('z')).toBeNull();
  expect(await labelling.press('u')).toBe('nothing to undo');
  expect(await labelling.press('n')).toBe('news');
  expect(await labelling.press('s')).toBe('skipped');
  expect(await labelling.press('r')).toBe('report');
  expect(labelling.labelled()).toBe(2);
  expect(await labelling.press('u')).toBe('undone');
  expect(labelling.current()?.post.id).toBe(asked[2]?.post.id);
  const kept = (await read.corrections({ limit: 10 })).items;
  expect(kept.map((c) => [c.post.id, c.kind, c.by])).toEqual([[asked[0]?.post.id, 'news', 'terminal']]);

  const later = await leastSure(read, reader, 10);
  expect(later.map((d) => d.post.id)).toEqual(asked.slice(1).map((d) => d.post.id));
  await close();
});

test('a post that was deleted meanwhile is skipped, and the end is an end', async () => {
  const { read, close } = await open();
  const labelling = createLabelling(await leastSure(read, reader, 1), async () => null);
  expect(await labelling.press('r')).toMatch(/gone/);
  expect(labelling.labelled()).toBe(0);
  expect(labelling.current()).toBeNull();
  expect(await labelling.press('r')).toBeNull();
  await close();
});

test('a hostile text moves no cursor and turns no writing', () => {
  expect(printable('a\x1b[2Jb\rc\u202ed\u0007\n\ud800e👨‍👩‍👧')).toBe('a\ufffd[2Jb\nc\ufffdd\ufffd\n\ufffde👨‍👩‍👧');
  expect(printable('x'.repeat(100_000))).toHaveLength(2_000);
});
