// outcry feed: what the feed source would read from files.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { messageOf } from '../core/errors.js';
import { toIso } from '../core/time.js';
import { parseFeed } from '../sources/feeds/parse-feed.js';
import { writeLine } from './lines.js';

/** Most that is read of one file, bytes, as of a feed on the net. */
const maxBytes = 10 << 20;

/** Adds `outcry feed FILE...`: bytes of feeds in, NDJSON of posts out; a file with none gives one line with `error`. */
export function addFeedCommand(program: Command): void {
  program
    .command('feed')
    .description('Read feeds (RSS, Atom, RDF, JSON Feed; plain or gzip) from files and print their posts.')
    .argument('<files...>', 'files that hold what a server sent')
    .addHelpText(
      'after',
      `
Prints one JSON line a post: {file, id, title?, text, url, createdAt}; one {file, error} for a file without posts.

Example:
  curl -s https://forum.example.org/latest.rss > latest.rss && outcry feed latest.rss`,
    )
    .action(async (files: string[]) => {
      for (const file of files) for (const line of await readFeedFile(file)) await writeLine(JSON.stringify(line));
    });
}

async function readFeedFile(file: string): Promise<object[]> {
  const now = Date.now();
  try {
    const bytes = await readFile(file);
    if (bytes.length > maxBytes)
      throw new Error(`it is larger than ${maxBytes} bytes, the most that is read of a feed`);
    const { entries } = await parseFeed(bytes, { contentType: null, url: null, now });
    if (entries.length === 0) return [{ file, error: 'the feed holds no entries' }];
    return entries.map(({ id, title, text, url, createdAt }) => ({
      file,
      id,
      ...(title !== null && { title }),
      text,
      url,
      createdAt: toIso(createdAt ?? now),
    }));
  } catch (error) {
    return [{ file, error: messageOf(error) }];
  }
}
