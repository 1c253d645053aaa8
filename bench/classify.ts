// Posts per second of processor time: those that name no service, and whole verdicts of those that do, beside two floors
// of the same run: a pass over the characters, and JSON.parse of the post's line.
// Run: npx tsx bench/classify.ts [file of posts, one JSON object a line]
import { readFileSync } from 'node:fs';
import { loadCatalog } from '../src/catalog/catalog.js';
import { createLocator } from '../src/catalog/locator.js';
import { createMatcher } from '../src/catalog/matcher.js';
import { createClassifier } from '../src/classify/classifier.js';
import { loadModel } from '../src/classify/model.js';

const rounds = 15;
/** Judged at least in a round; the first round, in which the compiler is still at work, does not count. */
const postsInRound = 20_000;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** Microseconds of processor time; what else runs on the machine counts less. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number;

const catalog = loadCatalog();
const matcher = createMatcher(catalog);
const locator = createLocator(catalog);
const memory = process.memoryUsage();
const started = spent();
const classifier = createClassifier(loadModel(), catalog);
const loadMs = (spent() - started) / 1000;
const after = process.memoryUsage();
const megabytes = (after.heapUsed + after.external - memory.heapUsed - memory.external) / 2 ** 20;

interface Item {
  line: string;
  post: { text: string; context: string | null; lang: string | null; platform: string; place: string | null };
  mentions: ReturnType<typeof matcher.match>;
}
const files = process.argv[2]
  ? [process.argv[2]]
  : ['written', 'contrast'].map((name) => new URL(`../fixtures/labelled/${name}.jsonl`, import.meta.url));
const items = files
  .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
  .map((line): Item => {
    const { text, context = null, lang = null, platform = 'unknown', place = null } = JSON.parse(line);
    return { line, post: { text, context, lang, platform, place }, mentions: matcher.match(text, context) };
  });

/** Sums the units of a text: no reader of posts can do less. */
function pass(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum + text.charCodeAt(i)) | 0;
  return sum;
}

/** What `outcry classify` does with a post: match, verdict, and the region where something is said of an outage. */
function judge({ post }: Item): unknown {
  const mentions = matcher.match(post.text, post.context);
  const verdict = classifier.classify(post, mentions);
  return verdict.kind === 'other' ? verdict : locator.locate(post, mentions);
}

type Work = Record<string, (item: Item) => unknown>;
function measure(title: string, posts: Item[], work: Work): void {
  const characters = posts.reduce((sum, { post }) => sum + post.text.length, 0) / posts.length;
  print(`${title}: ${posts.length} posts of ${characters.toFixed(0)} characters on average`);
  const perPost = new Map(Object.keys(work).map((name) => [name, [] as number[]]));
  const times = Math.ceil(postsInRound / posts.length);
  for (let round = 0; round <= rounds; round++)
    for (const [name, run] of Object.entries(work)) {
      const from = spent();
      for (let time = 0; time < times; time++) for (const item of posts) run(item);
      if (round > 0) perPost.get(name)?.push((spent() - from) / (posts.length * times));
    }
  const [floor, parse] = [...perPost.values()].map(median) as [number, number];
  for (const [name, all] of perPost) {
    const us = median(all);
    const best = all[0] as number;
    print(
      `  ${name.padEnd(28)} ${(1e6 / us).toFixed(0).padStart(9)} posts/s, best ${(1e6 / best).toFixed(0).padStart(9)}; ` +
        `${(us / floor).toFixed(1)} passes, ${(us / parse).toFixed(1)} times JSON.parse`,
    );
  }
}

const floors: Work = {
  'pass over the characters': ({ post }) => pass(post.text),
  'JSON.parse': (i) => JSON.parse(i.line),
};
const match = ({ post }: Item) => matcher.match(post.text, post.context);
const isNamed = ({ mentions }: Item) => mentions.length > 0;
measure(
  'no service named',
  items.filter((i) => !isNamed(i)),
  { ...floors, match },
);
measure('service named', items.filter(isNamed), {
  ...floors,
  match,
  verdict: ({ post, mentions }) => classifier.classify(post, mentions),
  'match, verdict': ({ post }) => classifier.classify(post, matcher.match(post.text, post.context)),
  'match, verdict, region': judge,
});
print(`model: loaded in ${loadMs.toFixed(0)} ms of processor time, ${megabytes.toFixed(1)} MB`);
