// Copies what tsc leaves behind (data, models, the page) from src/ to dist/.
import { cpSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

const kept = new Set(['.json', '.bin', '.gz', '.html', '.css', '.js', '.svg', '.png', '.ico', '.txt', '.tsv']);

for (const entry of readdirSync('src', { recursive: true, withFileTypes: true })) {
  const from = join(entry.parentPath, entry.name);
  if (entry.isFile() && kept.has(extname(entry.name))) cpSync(from, join('dist', from.slice('src/'.length)));
}
