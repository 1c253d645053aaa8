// outcry label: a person says what the posts mean that the model is least sure of, key by key.
import type { Command } from 'commander';
import { openReader } from '../config/open-reader.js';
import { UsageError } from '../core/errors.js';
import { createCorrect } from '../pipeline/correct.js';
import { type DatabaseOptions, withDatabase } from './database.js';
import { createLabelling, type Doubtful, leastSure, printable } from './labelling.js';

/** Posts asked about in one sitting. */
const most = 1_000;
const keysLine = 'r report  q question  n news  v recovery  o other  |  s skip  u undo  x exit';

const say = (line: string) => process.stderr.write(`${line}\n`);

function show({ post, verdict }: Doubtful): void {
  const services = verdict.services.map((s) => s.service).join(', ') || 'no service';
  const about = [post.platform, post.lang, post.context].filter(Boolean).join(', ');
  say(`\n${printable(post.text)}\n`);
  say(printable(`  ${about}; ${services}; the model says ${verdict.kind}, ${verdict.score.toFixed(2)}`));
  say(`  ${keysLine}`);
}

async function label(options: DatabaseOptions): Promise<void> {
  const { stdin } = process;
  if (!stdin.isTTY)
    throw new UsageError(
      'label asks a person, and its input is no terminal: run it in one, or correct posts with POST /api/v1/posts/{id}/verdict',
    );
  await withDatabase(options, {}, async ({ read, write, config }) => {
    const reader = openReader(config);
    const items = await leastSure(read, reader, most);
    const labelling = createLabelling(items, createCorrect({ read, write, reader, clock: { now: Date.now } }));
    say(`${items.length} posts, the most doubtful first; every answer is saved at once`);
    stdin.setRawMode(true);
    try {
      ask: for (let item = labelling.current(); item !== null; item = labelling.current()) {
        show(item);
        for (;;) {
          const key = await nextKey(stdin);
          if (key === null || key === 'x' || key === '\x03' || key === '\x04') break ask;
          const words = await labelling.press(key);
          if (words === null) continue;
          say(`  -> ${words}`);
          break;
        }
      }
    } finally {
      stdin.setRawMode(false);
      stdin.pause();
    }
    say(
      `\n${labelling.labelled()} labelled; the same command goes on with the next, outcry train --db learns from them`,
    );
  });
}

/** The next key; null when the terminal is closed. */
function nextKey(stdin: NodeJS.ReadStream): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (key: string | null) => {
      stdin.off('readable', look).off('end', end);
      resolve(key);
    };
    const look = () => {
      const bytes = stdin.read(1) as Buffer | null;
      if (bytes !== null) settle(bytes.toString('latin1').toLowerCase());
    };
    const end = () => settle(null);
    stdin.on('readable', look).on('end', end);
    look();
  });
}

export function addLabelCommand(program: Command): void {
  program
    .command('label')
    .description('say what the stored posts mean that the model is least sure of; outcry train --db learns from it')
    .option('--db <url>', 'SQLite file (default: that of the config)')
    .option('--config <file>', 'YAML file of settings')
    .addHelpText(
      'after',
      `
Keys: ${keysLine}.

Example:
  $ outcry label --db ./data/outcry.db
  $ outcry train --db ./data/outcry.db --out my-model.bin`,
    )
    .action(label);
}
