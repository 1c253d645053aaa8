// outcry train: learns the classifier's weights from labelled posts.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { loadCatalog } from '../catalog/catalog.js';
import { createMatcher } from '../catalog/matcher.js';
import { trainModel } from '../classify/train.js';
import { messageOf, OperationalError } from '../core/errors.js';
import { correctedPosts, readCorpora, readLabelled, readUnlabelled, storedPosts } from './corpora.js';
import { withDatabase } from './database.js';

const shipped = fileURLToPath(new URL('../classify/model/outcry.bin', import.meta.url));

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('expected a whole number such as 1');
  return Number(value);
}

export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('learn the classifier from labelled posts; the same posts and seed give the same file')
    .argument('[files...]', 'labelled posts (NDJSON), added to those that ship')
    .option('--seed <n>', 'seed of all that is random', wholeNumber, 1)
    .option('--out <file>', 'where the model goes', shipped)
    .option(
      '--db <url>',
      'database whose posts are learnt from too, corrected (by `outcry label` and over the API) or not',
    )
    .addHelpText(
      'after',
      '\nExample:\n  outcry train my-posts.jsonl --out my-model.bin\n  outcry train --db ./data/outcry.db --out my-model.bin',
    )
    .action(async (files: string[], options: { seed: number; out: string; db?: string }) => {
      const started = Date.now();
      const catalog = loadCatalog();
      const matcher = createMatcher(catalog);
      const corpora = readCorpora(matcher);
      const posts = [...corpora.posts, ...corpora.lessons, ...readLabelled(files, matcher)];
      const unlabelled = readUnlabelled(matcher, posts);
      if (options.db !== undefined)
        await withDatabase(options, { readOnly: true }, async ({ read }) => {
          posts.push(...(await correctedPosts(read, matcher)));
          unlabelled.push(...(await storedPosts(read, matcher, posts)));
        });
      process.stderr.write(`${posts.length} labelled posts, ${unlabelled.length} without a label\n`);
      const bytes = trainModel(posts, {
        seed: options.seed,
        kin: (id) => catalog.service(id),
        unlabelled,
        onProgress: (step, done) => process.stderr.write(`${String(Math.round(done * 100)).padStart(3)} % ${step}\n`),
      });
      try {
        writeFileSync(options.out, bytes);
      } catch (error) {
        throw new OperationalError(`cannot write ${options.out}: ${messageOf(error)}`);
      }
      process.stderr.write(`${options.out}: ${bytes.length} bytes in ${Math.round((Date.now() - started) / 1000)} s\n`);
    });
}
