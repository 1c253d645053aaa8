// Posts per second of the whole verdict, on one core, beside a floor in the same run: lower-casing and splitting the text.
import { readFileSync } from 'node:fs';
import { loadCatalog } from '../src/catalog/catalog.js';
import { createMatcher } from '../src/catalog/matcher.js';
import { createClassifier } from '../src/classify/classifier.js';
import { loadModel } from '../src/classify/model.js';

const rounds = 7;
const heapBefore = process.memoryUsage().rss;
const started = performance.now();
const catalog = loadCatalog();
const classifier = createClassifier(loadModel(), catalog);
const loadMs = performance.now() - started;
const modelMb = (process.memoryUsage().rss - heapBefore) / 2 ** 20;

const matcher = createMatcher(catalog);
const lines = ['written', 'contrast'].flatMap((name) =>
  readFileSync(new URL(`../fixtures/labelled/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n'),
);
const posts = lines
  .map((line) => JSON.parse(line) as { text: string; context: string | null; lang: string; platform: string })
  .map((post) => ({ post, mentions: matcher.match(post.text, post.context) }))
  .filter(({ mentions }) => mentions.length > 0);

/** Best of some rounds, posts a second of CPU time: what else runs on the machine counts less. */
function perSecond(judge: (item: (typeof posts)[number]) => unknown): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (const item of posts) judge(item);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, posts.length / ((user + system) / 1e6));
  }
  return best;
}

const floor = perSecond(({ post }) => post.text.toLowerCase().split(/[^\p{L}\p{N}']+/u).length);
const verdict = perSecond(({ post, mentions }) => classifier.classify(post, mentions));
const withMatch = perSecond(({ post }) => classifier.classify(post, matcher.match(post.text, post.context)));
const print = (line: string) => process.stdout.write(`${line}\n`);
print(`${posts.length} posts that name a service, ${Math.round(lines.join('').length / lines.length)} bytes a line`);
print(`floor (lower case, split)   ${Math.round(floor)} posts/s`);
print(`verdict                     ${Math.round(verdict)} posts/s, ${(floor / verdict).toFixed(1)} times the floor`);
print(`match and verdict           ${Math.round(withMatch)} posts/s`);
print(`model: loaded in ${Math.round(loadMs)} ms, ${modelMb.toFixed(0)} MB`);
