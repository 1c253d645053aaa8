// outcry classify: judges posts line by line; every post gets a verdict, whether it names a service or not.
import { once } from 'node:events';
import type { Command } from 'commander';
import { loadCatalog } from '../catalog/catalog.js';
import { createLocator } from '../catalog/locator.js';
import { createMatcher } from '../catalog/matcher.js';
import { createClassifier } from '../classify/classifier.js';
import { loadModel } from '../classify/model.js';
import { linesOf } from './lines.js';

/** Output is written in pieces of this many characters: one write a line would cost more than the verdict. */
const chunk = 1 << 16;

const shownText = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);

/** Makes the function that turns one input line into one output line. */
export function createLineJudge(modelPath?: string): (line: string) => string {
  const catalog = loadCatalog();
  const matcher = createMatcher(catalog);
  const locator = createLocator(catalog);
  const classifier = createClassifier(loadModel(modelPath), catalog);
  return (line) => {
    let id: string | number | null = null;
    const fail = (error: string) => JSON.stringify({ id, error });
    let post: Record<string, unknown>;
    try {
      post = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return fail(`not JSON: ${shownText(line)}; expected an object such as {"text": "is slack down?"}`);
    }
    if (typeof post !== 'object' || post === null || Array.isArray(post))
      return fail(`${shownText(post)}: expected an object such as {"text": "is slack down?"}`);
    if (typeof post.id === 'string' || typeof post.id === 'number') id = post.id;
    if (typeof post.text !== 'string') return fail(`text: ${shownText(post.text)}; expected a string`);
    for (const field of ['context', 'lang', 'place', 'platform'] as const)
      if (post[field] != null && typeof post[field] !== 'string')
        return fail(`${field}: ${shownText(post[field])}; expected a string or null`);
    const input = {
      text: post.text,
      context: (post.context as string | null | undefined) ?? null,
      lang: (post.lang as string | null | undefined) ?? null,
      place: (post.place as string | null | undefined) ?? null,
      platform: (post.platform as string | null | undefined) ?? 'unknown',
    };
    const mentions = matcher.match(input.text, input.context);
    const { kind, score, symptom, services, why } = classifier.classify(input, mentions);
    // A place in a post that tells of no failure is not the place of one.
    const region = kind === 'other' ? null : (locator.locate(input, mentions)?.region ?? null);
    const named = services.map(({ service, ...rest }) => ({ id: service, ...rest }));
    return JSON.stringify({ id, kind, score, symptom, region, services: named, why });
  };
}

export function addClassifyCommand(program: Command): void {
  program
    .command('classify')
    .description('judge posts: one JSON object a line on standard input, one verdict a line on standard output')
    .option('--model <file>', 'model written by `outcry train`, instead of the one that ships')
    .addHelpText(
      'after',
      `
Only text is required; id, lang, platform, context and place are used where given.

Example:
  echo '{"id": "1", "text": "is slack down for anyone else?"}' | outcry classify`,
    )
    .action(async ({ model }: { model?: string }) => {
      const judge = createLineJudge(model);
      let out = '';
      for await (const line of linesOf(process.stdin)) {
        if (line.trim() === '') continue;
        out += `${judge(line)}\n`;
        if (out.length < chunk) continue;
        if (!process.stdout.write(out)) await once(process.stdout, 'drain');
        out = '';
      }
      process.stdout.write(out);
    });
}
