// Training: reproducible to the byte, and a model file that is none is refused with a way out.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.js';
import { createMatcher } from '../../src/catalog/matcher.js';
import { createClassifier } from '../../src/classify/classifier.js';
import { averagePrecision, calibrationError, f1Of, macroF1, precisionAtRecall } from '../../src/classify/measures.js';
import { decodeModel, loadModel } from '../../src/classify/model.js';
import { trainModel } from '../../src/classify/train.js';
import { readLabelled, readReadings } from '../../src/cli/corpora.js';

const corpus = new URL('../../fixtures/labelled/written.jsonl', import.meta.url).pathname;
const catalog = loadCatalog();
const kin = (id: string) => catalog.service(id);
const posts = readLabelled([corpus], createMatcher(catalog)).filter((_, i) => i % 10 === 0);

test('the same posts and seed give the same bytes, and the model works', () => {
  const bytes = trainModel(posts, { seed: 7, kin });
  expect(trainModel(posts, { seed: 7, kin }).equals(bytes)).toBe(true);
  const classifier = createClassifier(decodeModel(bytes, 'test'), catalog);
  const right = posts.filter((p) => classifier.classify(p, p.mentions).kind === p.kind).length;
  expect(right / posts.length).toBeGreaterThan(0.9);
});

test('what words stand beside in posts without a label is learnt too', () => {
  const matcher = createMatcher(catalog);
  const read = (text: string) => ({
    ...{ text, lang: 'en', platform: 'twitter', context: null, origin: 'streets' },
    mentions: matcher.match(text, null),
  });
  const unlabelled = ['slack', 'discord', 'github', 'netflix', 'steam'].flatMap((name) =>
    ['is down', 'keeps crashing', 'will not load', 'gives error 503', 'is not working'].map((failure) =>
      read(`${name} ${failure} this morning`),
    ),
  );
  const probe = read('slack this morning');
  const scores = [unlabelled, []].map((unlabelled) => {
    const bytes = trainModel(posts, { seed: 7, kin, unlabelled });
    expect(trainModel(posts, { seed: 7, kin, unlabelled }).equals(bytes)).toBe(true);
    return createClassifier(decodeModel(bytes, 'test'), catalog).classify(probe, probe.mentions).score;
  }) as [number, number];
  expect(scores[0]).toBeGreaterThan(scores[1]);
});

test('the shipped model is small and names its version', () => {
  const model = loadModel();
  expect(model.version).toMatch(/^[0-9a-f]{12}$/);
  expect(model.kinds.weights.byteLength).toBeLessThan(3e6);
});

test('what is no model is refused, and the sentence names the file', () => {
  expect(() => decodeModel(Buffer.from('hello'), 'x.bin')).toThrow('x.bin is not a model of this program');
  expect(() => loadModel('/nonexistent/model.bin')).toThrow('cannot read the model /nonexistent/model.bin');
  expect(() => decodeModel(trainModel(posts, { seed: 1, kin }).subarray(0, 3000), 'cut.bin')).toThrow('cut.bin');
});

test('a wrong line of a labelled file is named with file, line, field and value', () => {
  const dir = mkdtempSync(join(tmpdir(), 'outcry-'));
  const file = join(dir, 'posts.jsonl');
  writeFileSync(file, '{"text":"x down","kind":"report"}\n{"text":"x","kind":"rumour"}\n');
  expect(() => readLabelled([file], createMatcher(loadCatalog()))).toThrow(
    `${file}:2: kind: "rumour"; expected one of`,
  );
  rmSync(dir, { recursive: true });
});

test('labels without texts find their posts by file and key, and wait for files that are not there', () => {
  const dir = mkdtempSync(join(tmpdir(), 'outcry-'));
  const path = join(dir, 'readings.jsonl');
  mkdirSync(join(dir, 'posts'));
  writeFileSync(
    path,
    [
      {
        file: 'here',
        key: createHash('sha256').update('here\n2').digest('hex').slice(0, 12),
        kind: 'report',
        services: ['slack'],
        symptom: 'down',
        sure: 0,
        p2: 0.7,
      },
      { file: 'away', key: '012345678901', kind: 'other' },
    ]
      .map((label) => JSON.stringify(label))
      .join('\n'),
  );
  writeFileSync(
    join(dir, 'posts', 'here.jsonl'),
    '{"id":"1","text":"nobody has read this"}\n{"id":"2","text":"slack is gone","platform":"mastodon"}\n',
  );
  const matcher = createMatcher(catalog);
  expect(readReadings(path, join(dir, 'posts'), matcher)).toMatchObject([
    {
      ...{ text: 'slack is gone', platform: 'mastodon', kind: 'report', subjects: ['slack'], symptom: 'down' },
      ...{ sure: false, secondOpinion: 0.7, origin: 'here', written: false, mentions: [{ service: 'slack' }] },
    },
  ]);
  writeFileSync(path, '{"file":"here","kind":"report"}\n');
  expect(() => readReadings(path, join(dir, 'posts'), matcher)).toThrow(`${path}:1: key: missing`);
  rmSync(dir, { recursive: true });
});

test('measures on answers worked out by hand', () => {
  expect(f1Of([true, true, false, false], [true, false, true, false])).toBe(0.5);
  expect(averagePrecision([0.9, 0.8, 0.7], [true, false, true])).toBeCloseTo((1 + 2 / 3) / 2);
  expect(precisionAtRecall([0.9, 0.8, 0.7], [false, true, true], 0.5)).toBe(0.5);
  expect(calibrationError([0.25, 0.25, 0.25, 0.25], [true, false, false, false])).toBe(0);
  expect(calibrationError([0.95, 0.95], [false, false])).toBeCloseTo(0.95);
  expect(macroF1(['report', 'other'], ['report', 'other'])).toBeCloseTo(2 / 5);
});
