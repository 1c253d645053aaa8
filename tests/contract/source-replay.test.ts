// The contract on replayed files.
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from '../../src/sources/replay.js';
import { sourceContract } from './source.js';

sourceContract('replay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-contract-'));
  const file = join(folder, 'posts.ndjson');
  // The first lines fill what the source knows a file by, so that one that grows stays the same.
  writeFileSync(file, '\n'.repeat(5_000));
  return {
    source: (http) => replay.create('replay', { files: [file] }, { http }),
    publish: (post) =>
      appendFileSync(
        file,
        post === 'bad' ? '{"id":"bad"}\n' : `${JSON.stringify({ ...post, createdAt: new Date().toISOString() })}\n`,
      ),
    idOf: (id) => `replay:${id}`,
    close: () => rm(folder, { recursive: true }),
  };
});
