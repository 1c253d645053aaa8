// outcry train: learns the classifier's weights from labelled posts.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { loadCatalog } from '../catalog/catalog.js';
import { createMatcher } from '../catalog/matcher.js';
import { trainModel } from '../classify/train.js';
import { messageOf, OperationalError } from '../core/errors.js';
import { defaultCorpora, readLabelled } from './corpora.js';

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
    .addHelpText('after', '\nExample:\n  outcry train my-posts.jsonl --out my-model.bin')
    .action((files: string[], options: { seed: number; out: string }) => {
      const started = Date.now();
      const posts = readLabelled([...defaultCorpora(), ...files], createMatcher(loadCatalog()));
      process.stderr.write(`${posts.length} labelled posts\n`);
      const bytes = trainModel(posts, {
        seed: options.seed,
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
