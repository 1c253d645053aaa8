// All commands of `outcry`; one import and one line each.
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addClassifyCommand } from './classify.js';
import { addDetectCommand } from './detect.js';
import { addEvalCommand } from './eval.js';
import { addFeedCommand } from './feed.js';
import { addInitCommand } from './init.js';
import { addLabelCommand } from './label.js';
import { addReplayCommand } from './replay.js';
import { addServeCommand } from './serve.js';
import { addSourcesCommand } from './sources.js';
import { addTokenCommand } from './token.js';
import { addTrainCommand } from './train.js';

const { version, description } = createRequire(import.meta.url)('../../package.json') as {
  version: string;
  description: string;
};

/** The command line as an object: parses, acts, and throws CommanderError, UsageError or OperationalError. */
export function createProgram(): Command {
  const program = new Command('outcry')
    .description(description)
    .version(version)
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride();
  addServeCommand(program);
  addFeedCommand(program);
  addInitCommand(program);
  addSourcesCommand(program);
  addTokenCommand(program);
  addReplayCommand(program);
  addClassifyCommand(program);
  addDetectCommand(program);
  addLabelCommand(program);
  addTrainCommand(program);
  addEvalCommand(program);
  return program;
}
