// Runs the built command as a real process.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../../dist/cli/main.js');

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts `outcry ARGS`; `done` resolves when it has ended. */
export function start(
  args: string[],
  input?: string,
): { child: ChildProcess; done: Promise<Outcome>; stderr(): string } {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined).end(input ?? '');
  const done = new Promise<Outcome>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, done, stderr: () => stderr };
}

/** Runs `outcry ARGS` to its end. */
export function outcry(args: string[], input?: string): Promise<Outcome> {
  return start(args, input).done;
}

/** A new empty folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'outcry-e2e-'));
}

/** Resolves when `condition` holds; looks every few milliseconds, for at most a minute. */
export async function until<T>(condition: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error('waited a minute in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
