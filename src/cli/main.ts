#!/usr/bin/env node
// The command line: one file a command, wired here; the only place that exits.
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { messageOf, OperationalError, UsageError } from '../core/errors.js';

const { version, description } = createRequire(import.meta.url)('../../package.json') as {
  version: string;
  description: string;
};

const program = new Command('outcry')
  .description(description)
  .version(version)
  .showHelpAfterError('(add --help for the options and an example)')
  .exitOverride();

/** Exit status of an error: 2 = wrong use, 1 = failed. */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError) process.stderr.write(`outcry: ${error.message}\n`);
  else if (error instanceof OperationalError) process.stderr.write(`outcry: ${error.message}\n`);
  else process.stderr.write(`outcry: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = statusOf(error);
}
