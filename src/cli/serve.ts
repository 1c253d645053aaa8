// outcry serve: everything in one process: sources, detection, API and page.
import { type Command, InvalidArgumentError } from 'commander';
import { openApp } from '../app.js';
import { configPath, loadConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { watchConfig } from '../config/watch.js';
import { messageOf } from '../core/errors.js';
import { sourceKinds } from '../sources/index.js';

function parsePort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new InvalidArgumentError('give a number from 0 to 65535');
  return port;
}

function namesOf(config: Config): string {
  const names = config.sources.map((s) => s.name);
  if (config.push.tokens.length > 0) names.push('push');
  return names.length > 0 ? names.join(', ') : 'none yet, name some in the config';
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('listen, detect and serve the API and the page, all in one process')
    .option('--config <file>', 'YAML file of settings (docs/settings.md); without it everything has its default')
    .option('--db <url>', 'SQLite file or :memory: (default: ./data/outcry.db)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 picks a free one (default: 8080)', parsePort)
    .option('--check-config', 'check the config, say what is wrong, start nothing')
    .addHelpText(
      'after',
      `
Example:
  $ outcry serve --config outcry.yaml
  $ curl 'http://127.0.0.1:8080/api/v1/incidents?state=confirmed'`,
    )
    .action(async (options: { config?: string; db?: string; host?: string; port?: number; checkConfig?: boolean }) => {
      const path = configPath(options.config);
      const watch = path ? watchConfig(path) : null;
      const config = loadConfig(options.config, sourceKinds);
      if (options.checkConfig) {
        process.stderr.write(`the config is good: ${config.sources.length} sources\n`);
        return;
      }
      if (options.db !== undefined) config.db = options.db;
      if (options.host !== undefined) config.listen.host = options.host;
      if (options.port !== undefined) config.listen.port = options.port;
      const app = await openApp(config, {
        onProblem: (source, message) => process.stderr.write(`${source}: ${message}\n`),
      });
      let unwatch: (() => void) | undefined;
      const stopped = new Promise<void>((resolve) => {
        process.once('SIGINT', resolve).once('SIGTERM', resolve);
      });
      try {
        const reload = (why: string) => {
          // A wrong config changes nothing: what runs goes on.
          try {
            const next = loadConfig(options.config, sourceKinds);
            void app.reload(next).then(() => process.stderr.write(`sources now: ${namesOf(next)}\n`));
          } catch (error) {
            process.stderr.write(`${why}: ${messageOf(error)}\n`);
          }
        };
        // Before anybody is told that it runs: a signal that nobody takes ends the process.
        process.on('SIGHUP', () => reload('SIGHUP'));
        const address = await app.listen();
        process.stderr.write(`outcry listens at ${address} (database ${config.db}, sources: ${namesOf(config)})\n`);
        unwatch = watch?.(() => reload(`${path} has changed`));
        await Promise.race([stopped, Promise.all([app.run(), stopped])]);
      } finally {
        unwatch?.();
        await app.stop();
      }
    });
}
