// outcry eval: measures classifier and detector on labelled data, beside their baselines.
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../core/errors.js';

interface EvalOptions {
  posts?: string | true;
  series?: string;
  model?: string;
  seed?: number;
}

function parseSeed(value: string): number {
  const seed = Number(value);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('give a whole number');
  return seed;
}

export function addEvalCommand(program: Command): void {
  program
    .command('eval')
    .description('measure the classifier on labelled posts, or the detector on labelled series')
    .option('--posts [file]', 'labelled posts (NDJSON); without a file the corpora, cross-validated')
    .option('--series <dir>', 'series with known outages')
    .option(
      '--seed <number>',
      'another random draw: of the folds, and of the outages that are planted in series',
      parseSeed,
    )
    .option('--model <file>', 'model written by `outcry train`, instead of the one that ships')
    .addHelpText('after', '\nExample:\n  outcry eval --posts my-labelled-posts.jsonl')
    .action(async ({ posts, series, model, seed }: EvalOptions) => {
      const print = (line: string) => void process.stdout.write(`${line}\n`);
      if (series !== undefined) {
        if (posts !== undefined) throw new UsageError('--posts and --series are measured one at a time');
        const { evalSeries } = await import('./eval-series.js');
        return evalSeries(series, print, seed);
      }
      const { evalPosts } = await import('./eval-posts.js');
      evalPosts(typeof posts === 'string' ? posts : null, { model, seed }, print);
    });
}
