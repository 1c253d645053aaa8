// outcry token: who may write over HTTP; a running server heeds a change at once.
import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../core/errors.js';
import { type Scope, scopes } from '../core/ports.js';
import { toIso } from '../core/time.js';
import { hashToken } from '../http/tokens.js';
import { type DatabaseOptions, withDatabase } from './database.js';
import { writeLine } from './lines.js';

function parseScopes(value: string): Scope[] {
  const given = value.split(',').map((scope) => scope.trim());
  const bad = given.find((scope) => !scopes.includes(scope as Scope));
  if (bad !== undefined) throw new InvalidArgumentError(`"${bad}" is none; scopes are ${scopes.join(', ')}, by comma`);
  return [...new Set(given as Scope[])];
}

function parseName(value: string): string {
  if (!/^[\w.@-]{1,64}$/.test(value))
    throw new InvalidArgumentError('give 1 to 64 letters, digits, dots, dashes, underscores or @');
  return value;
}

function addToken(name: string, options: DatabaseOptions & { scope: Scope[] }): Promise<void> {
  return withDatabase(options, {}, async ({ write }) => {
    const token = `outcry_${randomBytes(32).toString('base64url')}`;
    if (!(await write.addToken({ name, hash: hashToken(token), scopes: options.scope }, Date.now())))
      throw new UsageError(`there is a token "${name}" already: choose another name, or revoke that one first`);
    await writeLine(token);
    process.stderr.write(`${name} may write ${options.scope.join(', ')}; the token is shown this once\n`);
  });
}

function listTokens(options: DatabaseOptions): Promise<void> {
  return withDatabase(options, { readOnly: true }, async ({ read }) => {
    const rows = (await read.tokens()).map((t) => [t.name, t.scopes.join(','), toIso(t.addedAt)] as const);
    const all = [['name', 'scopes', 'added'] as const, ...rows];
    const [names, lists] = [0, 1].map((i) => Math.max(...all.map((row) => (row[i] as string).length)));
    for (const [name, list, added] of all)
      await writeLine(`${name.padEnd(names as number)}  ${list.padEnd(lists as number)}  ${added}`);
  });
}

function revokeToken(name: string, options: DatabaseOptions): Promise<void> {
  return withDatabase(options, {}, async ({ read, write }) => {
    if (!(await write.revokeToken(name))) {
      const names = (await read.tokens()).map((token) => token.name);
      throw new UsageError(`no token "${name}"; there ${names.length > 0 ? `are: ${names.join(', ')}` : 'is none'}`);
    }
    process.stderr.write(`${name} may not write any more\n`);
  });
}

export function addTokenCommand(program: Command): void {
  const token = program
    .command('token')
    .description('who may write over HTTP: add, list, revoke; a running server heeds a change at once')
    .addHelpText(
      'after',
      `
Example:
  $ outcry token add newsroom --scope verdicts,marks
  $ outcry token revoke newsroom`,
    );
  const action = (words: string, description: string) =>
    token
      .command(words)
      .description(description)
      .option('--db <url>', 'SQLite file (default: that of the config)')
      .option('--config <file>', 'YAML file of settings');
  action('add', 'make a token and print it, this once; only its hash is kept')
    .argument('<name>', 'what to call it', parseName)
    .requiredOption('--scope <scopes>', `what it may write, by comma: ${scopes.join(', ')}`, parseScopes)
    .addHelpText('after', '\nExample:\n  $ outcry token add crawler --scope posts')
    .action(addToken);
  action('list', 'names, scopes and dates; never the tokens')
    .addHelpText('after', '\nExample:\n  $ outcry token list')
    .action(listTokens);
  action('revoke', 'take a token away')
    .argument('<name>', 'its name')
    .addHelpText('after', '\nExample:\n  $ outcry token revoke crawler')
    .action(revokeToken);
}
