// The posts half of `outcry eval`: verdicts against labels, beside a keyword rule and natural's classifiers.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalog } from '../catalog/catalog.js';
import { createLocator } from '../catalog/locator.js';
import { createMatcher } from '../catalog/matcher.js';
import { createClassifier } from '../classify/classifier.js';
import type { LabelledPost, UnlabelledPost } from '../classify/dataset.js';
import { keywordRule } from '../classify/keyword-rule.js';
import { averagePrecision, calibrationError, f1, f1Of, macroF1, precisionAtRecall } from '../classify/measures.js';
import { decodeModel, loadModel } from '../classify/model.js';
import { trainBayes, trainNaturalLogistic } from '../classify/natural-baseline.js';
import { labelledRole, randomFolds, trainModel } from '../classify/train.js';
import type { Classifier } from '../core/catalog.js';
import { isSignal, type Verdict } from '../core/post.js';
import { readCorpora, readLabelled, readUnlabelled } from './corpora.js';
import { evalCatalog } from './eval-catalog.js';

const folds = 5;
/** More than at random: a model that is measured on unknown origins should lack few others. */
const originFolds = 8;
/** natural walks its whole vocabulary for each post: more posts than this would take an hour. */
const bayesPosts = 1000;
/** Its regression takes time with the square of the posts that it learns from. */
const regressionPosts = 400;
/** Everyday timelines in which a signal is next to always a mistake. */
const everyday = ['bluesky_posts_2023_2024', 'sentiment140_part_2009', 'tweeteval_mix_en'];

type Print = (line: string) => void;
const show = (x: number): string => (Number.isNaN(x) ? '-' : x.toFixed(3)).padStart(6);

/** Folds that keep each origin whole, of about equal size. */
function groupedFolds(posts: readonly LabelledPost[], count: number): Int32Array {
  const sizes = new Map<string, number>();
  for (const p of posts) sizes.set(p.origin, (sizes.get(p.origin) ?? 0) + 1);
  const load = new Array<number>(count).fill(0);
  const foldOf = new Map<string, number>();
  for (const [origin, size] of [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const fold = load.indexOf(Math.min(...load));
    foldOf.set(origin, fold);
    load[fold]! += size;
  }
  return Int32Array.from(posts, (p) => foldOf.get(p.origin) as number);
}

/** Verdicts by models that have not seen the post's fold; `unlabelledFor` gives what else may be learnt from beside these posts. */
function crossVerdicts(
  posts: readonly LabelledPost[],
  foldOf: Int32Array,
  name: string,
  unlabelledFor: (seen: readonly LabelledPost[]) => readonly UnlabelledPost[],
): Verdict[] {
  const out: Verdict[] = [];
  const catalog = loadCatalog();
  const kin = (id: string) => catalog.service(id);
  for (let fold = 0; fold <= Math.max(...foldOf); fold++) {
    process.stderr.write(`${name}: fold ${fold + 1}\n`);
    const seen = posts.filter((_, i) => foldOf[i] !== fold);
    const model = trainModel(seen, { seed: 1, kin, unlabelled: unlabelledFor(seen) });
    const classifier = createClassifier(decodeModel(model, 'the fold'), catalog);
    for (const [i, post] of posts.entries()) if (foldOf[i] === fold) out[i] = classifier.classify(post, post.mentions);
  }
  return out;
}

function printSignals(posts: readonly LabelledPost[], verdicts: readonly Verdict[], name: string, print: Print): void {
  if (posts.length === 0) return;
  const is = posts.map((p) => isSignal(p.kind));
  const scores = verdicts.map((v) => v.score);
  print(
    [
      name.padEnd(34),
      String(posts.length).padStart(6),
      String(is.filter(Boolean).length).padStart(6),
      show(
        f1Of(
          verdicts.map((v) => isSignal(v.kind)),
          is,
        ),
      ),
      show(averagePrecision(scores, is)),
      show(precisionAtRecall(scores, is, 0.5)),
      show(calibrationError(scores, is)),
      show(
        macroF1(
          verdicts.map((v) => v.kind),
          posts.map((p) => p.kind),
        ),
      ),
    ].join(' '),
  );
}

/** Real posts drawn at random; the ids of those picked for being hard begin with a or b. */
const isDrawn = (p: LabelledPost): boolean => !p.written && !/^[ab]/.test(p.id);

const head = `${'posts'.padEnd(34)} ${'n'.padStart(6)} ${'signal'} ${'F1'.padStart(6)} ${'AP'.padStart(6)} ${'P@R.5'.padStart(6)} ${'ECE'.padStart(6)} ${'kinds'.padStart(6)}`;

/** All lines of signals: real, written, sure, by language and by origin. */
function printAll(posts: readonly LabelledPost[], verdicts: readonly Verdict[], title: string, print: Print): void {
  print(`\n${title}\n${head}`);
  const part = (name: string, use: (p: LabelledPost) => boolean) => {
    const at = [...posts.keys()].filter((i) => use(posts[i] as LabelledPost));
    printSignals(
      at.map((i) => posts[i] as LabelledPost),
      at.map((i) => verdicts[i] as Verdict),
      name,
      print,
    );
  };
  part('real', (p) => !p.written);
  part('real, readers sure', (p) => !p.written && p.sure);
  part('real, drawn at random', isDrawn);
  part('of them, readers sure', (p) => isDrawn(p) && p.sure);
  part('written', (p) => p.written);
  const count = (key: (p: LabelledPost) => string) => {
    const n = new Map<string, number>();
    for (const p of posts) n.set(key(p), (n.get(key(p)) ?? 0) + 1);
    return [...n].sort((a, b) => b[1] - a[1]).map(([k]) => k);
  };
  for (const lang of count((p) => p.lang ?? 'und').slice(0, 16)) part(`  ${lang}`, (p) => (p.lang ?? 'und') === lang);
  for (const origin of count((p) => p.origin)) part(`  ${origin}`, (p) => p.origin === origin);
}

/** Services, roles, symptoms and regions: what a verdict says beyond the kind. */
function printDetails(posts: readonly LabelledPost[], verdicts: readonly Verdict[], title: string, print: Print): void {
  const catalog = loadCatalog();
  const matcher = createMatcher(catalog);
  const locator = createLocator(catalog);
  const services = { right: 0, invented: 0, missed: 0 };
  const role = { right: 0, all: 0 };
  const symptom = { right: 0, all: 0 };
  const region = { country: 0, part: 0, told: 0, toldPart: 0, untold: 0, invented: 0 };
  for (const [i, post] of posts.entries()) {
    const verdict = verdicts[i] as Verdict;
    const subjects = post.subjects.filter((s) => catalog.service(s) && s !== 'unknown');
    if (isSignal(post.kind) && subjects.length > 0) {
      const said = new Set(verdict.services.filter((s) => s.role === 'subject').map((s) => s.service));
      for (const s of subjects) said.delete(s) ? services.right++ : services.missed++;
      services.invented += said.size;
    }
    if (post.causes !== null && verdict.services.length > 1)
      for (const s of verdict.services) {
        role.all++;
        if (s.role === labelledRole(post, s.service)) role.right++;
      }
    if (isSignal(post.kind) && post.symptom !== null && isSignal(verdict.kind)) {
      symptom.all++;
      if (verdict.symptom === post.symptom) symptom.right++;
    }
    const place =
      verdict.kind === 'other' ? null : (locator.locate({ ...post, place: null }, post.mentions)?.region ?? null);
    if (post.region === null) {
      region.untold++;
      if (place !== null) region.invented++;
    } else {
      region.told++;
      if (place?.slice(0, 2) === post.region.slice(0, 2)) region.country++;
      if (post.region.includes('-')) {
        region.toldPart++;
        const near = (a: string, b: string) => catalog.regionPath(a).includes(b);
        if (place?.includes('-') && (near(place, post.region) || near(post.region, place))) region.part++;
      }
    }
  }
  const share = (right: number, all: number) => `${show(right / all)} of ${all}`;
  print(`\n${title}`);
  print(`subject services, micro F1        ${show(f1(services.right, services.invented, services.missed))}`);
  print(`role, posts naming two or more    ${share(role.right, role.all)}`);
  print(`symptom, signals found            ${share(symptom.right, symptom.all)}`);
  print(`region: country                   ${share(region.country, region.told)}`);
  print(`region: subdivision               ${share(region.part, region.toldPart)}`);
  print(`region: invented                  ${share(region.invented, region.untold)}`);
  const found = evalCatalog(
    { catalog, matcher, locator },
    posts.map((p) => ({
      ...p,
      services: p.subjects,
      ...(p.causes === null ? { subjects: undefined, causes: undefined } : { causes: p.causes }),
      mentions: p.contexts ?? undefined,
      regionIso: p.region,
    })),
  );
  print('matcher and locator alone');
  print(`services named, written posts     F1 ${show(found.named.f1)}, recall ${show(found.named.recall)}`);
  print(`services that fail, signals       F1 ${show(found.subjects.f1)}, recall ${show(found.subjects.recall)}`);
  print(`region: country                   ${share(found.region.countryRight, found.region.told)}`);
  print(`region: subdivision               ${share(found.region.subdivisionRight, found.region.toldSubdivision)}`);
  print(`region: invented                  ${share(found.region.invented, found.region.untold)}`);
}

function printBaselines(posts: readonly LabelledPost[], trainOn: readonly LabelledPost[], print: Print): void {
  process.stderr.write('baselines\n');
  const is = posts.map((p) => isSignal(p.kind));
  const rule = posts.map((p) => p.mentions.length > 0 && keywordRule(p.text));
  const sample = [...posts.keys()].filter((i) => (i * bayesPosts) % posts.length < bayesPosts);
  const sampleIs = sample.map((i) => is[i] as boolean);
  const some = trainOn.filter((_, i) => (i * regressionPosts) % trainOn.length < regressionPosts);
  print(`  keyword rule: F1 ${show(f1Of(rule, is))} on ${posts.length}`);
  for (const [name, train, from] of [
    ['BayesClassifier', trainBayes, trainOn],
    ['LogisticRegressionClassifier', trainNaturalLogistic, some],
  ] as const) {
    const score = train(
      from.map((p) => p.text),
      from.map((p) => isSignal(p.kind)),
    );
    const scores = sample.map((i) => score((posts[i] as LabelledPost).text));
    const said = scores.map((p) => p >= 0.5);
    print(
      `  natural ${name}, trained on ${from.length}: F1 ${show(f1Of(said, sampleIs))}, AP ${show(averagePrecision(scores, sampleIs))} on ${sample.length}`,
    );
  }
}

/**
 * False signals among everyday posts that name a service: those that no reader called a signal.
 * @param judged by text, whether a post is a signal, and what models said that had not seen it; the classifier has not
 * seen any others.
 */
function printEveryday(
  classifier: Classifier,
  dir: string,
  judged: ReadonlyMap<string, { isTrue: boolean; verdict: Verdict }>,
  print: Print,
): void {
  const matcher = createMatcher(loadCatalog());
  print('\nfalse signals in 1,000 everyday posts that name a service; signals that a reader called so are left out');
  let allNamed = 0;
  let allSaid = 0;
  for (const file of readdirSync(dir).filter((f) => everyday.includes(basename(f, '.jsonl')))) {
    let named = 0;
    let said = 0;
    for (const line of readFileSync(join(dir, file), 'utf8').split('\n')) {
      if (line === '') continue;
      const post = JSON.parse(line) as { text: string; lang?: string; context?: string; platform?: string };
      const input = {
        text: post.text,
        lang: post.lang ?? null,
        context: post.context ?? null,
        platform: post.platform ?? 'unknown',
      };
      const mentions = matcher.match(input.text, input.context);
      if (mentions.length === 0) continue;
      named++;
      const known = judged.get(post.text);
      if (known?.isTrue) continue;
      const { services } = known?.verdict ?? classifier.classify(input, mentions);
      if (services.some((s) => s.role === 'subject' && isSignal(s.kind))) said++;
    }
    print(`  ${basename(file, '.jsonl').padEnd(32)} ${((1000 * said) / named).toFixed(1).padStart(6)} of ${named}`);
    allNamed += named;
    allSaid += said;
  }
  print(`  ${'all'.padEnd(32)} ${((1000 * allSaid) / allNamed).toFixed(1).padStart(6)} of ${allNamed}`);
}

/**
 * Prints the measures of labelled posts to `print`. Without a file: the corpora, cross-validated at random and by
 * origin. With one: the model that ships judges it as it is, unless its posts were trained on. `seed` draws the folds.
 * @throws UsageError for a file that cannot be read or holds a wrong line.
 */
export function evalPosts(file: string | null, options: { model?: string; seed?: number }, print: Print): void {
  const catalog = loadCatalog();
  const matcher = createMatcher(catalog);
  const { posts: measured, lessons } = readCorpora(matcher);
  const corpora = [...measured, ...lessons];
  const known = new Set(corpora.map((p) => p.text));
  const posts = file === null ? measured : readLabelled([file], matcher);
  const shipped = createClassifier(loadModel(options.model), catalog);
  const seen = posts.filter((p) => known.has(p.text)).length;
  if (file !== null && seen < posts.length / 10) {
    const fresh = posts.filter((p) => !known.has(p.text));
    const verdicts = fresh.map((p) => shipped.classify(p, p.mentions));
    printAll(fresh, verdicts, `model ${shipped.version} as it is, ${fresh.length} posts it was not trained on`, print);
    printBaselines(fresh, measured, print);
    printDetails(fresh, verdicts, 'details', print);
    return;
  }
  const texts = new Set(posts.map((p) => p.text));
  const all = [...posts, ...corpora.filter((p) => !texts.has(p.text))];
  const unlabelled = readUnlabelled(matcher, all);
  const random = randomFolds(all, folds, options.seed ?? 1);
  const atRandom = crossVerdicts(all, random, 'at random', () => unlabelled);
  printAll(posts, atRandom, `cross-validated at random (${folds} folds)`, print);
  // The baselines learn from what is measured alone: their time grows with their vocabulary.
  const train = posts.filter((_, i) => random[i] !== 0);
  for (const written of [false, true]) {
    const test = posts.filter((p, i) => random[i] === 0 && p.written === written);
    if (test.length === 0) continue;
    print(written ? 'baselines on written posts, one fold' : '\nbaselines on real posts, one fold');
    printBaselines(test, train, print);
  }
  printDetails(posts, atRandom, 'details, at random', print);
  // A model that does not know an origin has read no post of it, labelled or not.
  const ofOrigins = (seen: readonly LabelledPost[]) => {
    const origins = new Set(seen.map((p) => p.origin));
    return unlabelled.filter((p) => origins.has(p.origin));
  };
  const byOrigin = crossVerdicts(all, groupedFolds(all, originFolds), 'by origin', ofOrigins);
  printAll(posts, byOrigin, 'cross-validated by origin', print);
  const dir = fileURLToPath(new URL('../../../shared/data/posts/unlabelled', import.meta.url));
  const judged = new Map(
    all.map((p, i) => [p.text, { isTrue: isSignal(p.kind), verdict: atRandom[i] as Verdict }] as const),
  );
  if (existsSync(dir)) printEveryday(shipped, dir, judged, print);
}
