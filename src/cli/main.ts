#!/usr/bin/env node
// Runs the command line; the only place that exits. Commands are registered in program.ts.
import { CommanderError } from 'commander';
import { OperationalError, UsageError } from '../core/errors.js';
import { createProgram } from './program.js';

/** Exit status of an error, after saying it: 2 = wrong use, 1 = failed. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const foreseen = error instanceof UsageError || error instanceof OperationalError;
  const words = error instanceof Error ? (foreseen ? error.message : error.stack) : String(error);
  process.stderr.write(`outcry: ${words}\n`);
  return error instanceof UsageError ? 2 : 1;
}

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  const program = await createProgram(process.argv[2]);
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
