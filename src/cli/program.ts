// All commands of `outcry`; one line each. Only the one that is called is loaded.
import { createRequire } from 'node:module';
import { Command } from 'commander';

const { version, description } = createRequire(import.meta.url)('../../package.json') as {
  version: string;
  description: string;
};

const commands: Record<string, () => Promise<(program: Command) => void>> = {
  serve: async () => (await import('./serve.js')).addServeCommand,
  feed: async () => (await import('./feed.js')).addFeedCommand,
  init: async () => (await import('./init.js')).addInitCommand,
  sources: async () => (await import('./sources.js')).addSourcesCommand,
  token: async () => (await import('./token.js')).addTokenCommand,
  replay: async () => (await import('./replay.js')).addReplayCommand,
  classify: async () => (await import('./classify.js')).addClassifyCommand,
  detect: async () => (await import('./detect.js')).addDetectCommand,
  label: async () => (await import('./label.js')).addLabelCommand,
  train: async () => (await import('./train.js')).addTrainCommand,
  eval: async () => (await import('./eval.js')).addEvalCommand,
};

/**
 * The command line as an object: parses, acts, and throws CommanderError, UsageError or OperationalError.
 * @param called first word of the command line: where it is a command, the others are not loaded.
 */
export async function createProgram(called?: string): Promise<Command> {
  const program = new Command('outcry')
    .description(description)
    .version(version)
    .showHelpAfterError('(add --help for the options and an example)')
    .exitOverride();
  const one = called !== undefined && Object.hasOwn(commands, called) ? commands[called] : undefined;
  for (const load of one ? [one] : Object.values(commands)) (await load())(program);
  return program;
}
