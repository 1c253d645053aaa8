// npm run docs: writes the generated pages of docs/ from schemas and routes; a test fails when they differ.
import { writeFileSync } from 'node:fs';
import type { TSchema } from 'typebox';
import { settingRows } from '../src/config/schema.js';
import { sourceKinds } from '../src/sources/index.js';
import type { SourceKind } from '../src/sources/kind.js';
import { examplesPage } from './examples-page.js';

const cell = (value: unknown) => (value === undefined ? '' : `\`${JSON.stringify(value).replaceAll('|', '\\|')}\``);
const row = (name: string, byDefault: unknown, meaning = '') => `| \`${name}\` | ${cell(byDefault)} | ${meaning} |`;

function settingsPage(): string {
  return `# Settings

\`outcry serve --config outcry.yaml\` (or the variable \`OUTCRY_CONFIG\`) names a YAML file; \`outcry init\` writes one with every
setting. \`\${VAR}\` in a text is replaced by the environment variable, \`$$\` is a dollar sign. A config with a mistake starts
nothing: every problem is told at once, with line, path, value and hint; \`outcry serve --check-config\` only checks.
Durations are written \`90s\`, \`5m\`, \`24h\`, \`7d\`. SIGHUP or a change of the file takes over a new list of sources; other settings need a restart.

| setting | default | meaning |
|---|---|---|
${settingRows()
  .map((r) => row(r.path, r.byDefault, r.description))
  .join('\n')}

\`sources\` is a list; each entry has a \`kind\`, a \`name\` of its own (by default the kind) and the options of its kind:
[sources.md](sources.md). Without \`sources\` those kinds run that need no key and no choice of yours.

\`\`\`yaml
listen:
  port: 8080
contact: ops@example.org
sources:
  - kind: hackernews
  - kind: feed
    name: isp-forum
    url: https://forum.example.org/latest.rss
\`\`\`
`;
}

function sourceSection({ kind, description, onByDefault, madeBy, options }: SourceKind): string {
  const rows = Object.entries(
    options.properties as Record<string, TSchema & { default?: unknown; description?: string }>,
  );
  const use = onByDefault ? 'On by default.' : madeBy ? `Made by ${madeBy}.` : 'Off until the config names it.';
  const table = rows.map(([name, o]) => row(name, o.default, o.description)).join('\n');
  return `## \`${kind}\`\n\n${description} ${use}\n\n| option | default | meaning |\n|---|---|---|\n${table}\n`;
}

function sourcesPage(): string {
  return `# Sources

Each source runs by itself: it resumes where it stopped, waits when the queue is full, retries with back-off, and shows in
\`GET /api/v1/sources\`, in \`outcry sources\` and on the page. One that should speak and does not is \`stale\`, and what it feeds
is blind, not quiet. \`outcry sources test NAME\` tries one without storing anything.

${Object.values<SourceKind>(sourceKinds).map(sourceSection).join('\n')}`;
}

/** The generated pages by file name. */
export const pages: Record<string, string> = {
  'settings.md': settingsPage(),
  'sources.md': sourcesPage(),
  'api-examples.md': await examplesPage(),
};

if (process.argv[1] === import.meta.filename) {
  for (const [name, text] of Object.entries(pages)) writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
}
