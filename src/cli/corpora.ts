// Labelled posts from files, checked line by line, with the services found in them.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabelledPost, UnlabelledPost } from '../classify/dataset.js';
import type { Matcher } from '../core/catalog.js';
import { messageOf, UsageError } from '../core/errors.js';
import type { ReadStore } from '../core/ports.js';
import { type Kind, kinds, type Symptom, symptoms } from '../core/post.js';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/**
 * Files of posts that were written for the project, and what each of them counts. The style of these posts is their own:
 * the more there are of a kind, the less each may weigh before real posts suffer (cross-validated).
 */
const written = { written: 0.5, contrast: 0.8 };
/** The same, for files that are only learnt from. */
const lessons = { themes: 0.3, support: 0.8 };
const readings = pathOf('../../fixtures/labelled/readings.jsonl');
/** Real posts, which are nobody's to hand on: here where they are at hand, else left out. */
const real = pathOf('../../../shared/data/posts/labelled-dev.jsonl');
const unlabelled = pathOf('../../../shared/data/posts/unlabelled');

/** Labelled posts of this checkout. */
export interface Corpora {
  /** What the classifier is measured on, and learns from. */
  posts: LabelledPost[];
  /** Picked or written because they teach much: what it only learns from. */
  lessons: LabelledPost[];
}

/** What was written for the project, and real posts where they are at hand. @throws UsageError for a wrong line. */
export function readCorpora(matcher: Matcher): Corpora {
  const readWritten = (weights: Record<string, number>) =>
    Object.entries(weights).flatMap(([name, weight]) =>
      readLabelled([pathOf(`../../fixtures/labelled/${name}.jsonl`)], matcher).map((post) => ({ ...post, weight })),
    );
  return {
    posts: [...readWritten(written), ...(existsSync(real) ? readLabelled([real], matcher) : [])],
    lessons: [...readWritten(lessons), ...readReadings(readings, unlabelled, matcher)],
  };
}

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : null;
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function parseLine(line: string, at: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${at}: not JSON: ${messageOf(error)}`);
  }
}

/** Reads one labelled post. @throws UsageError that names field and value. */
function parseLabelled(post: Record<string, unknown>, at: string): Omit<LabelledPost, 'mentions'> {
  if (typeof post?.text !== 'string') throw new UsageError(`${at}: text: missing; every labelled post needs its text`);
  if (!kinds.includes(post.kind as Kind))
    throw new UsageError(`${at}: kind: ${JSON.stringify(post.kind) ?? 'missing'}; expected one of ${kinds.join(', ')}`);
  const symptom = text(post.symptom);
  if (symptom !== null && !symptoms.includes(symptom as Symptom))
    throw new UsageError(`${at}: symptom: ${symptom}; expected one of ${symptoms.join(', ')}, or null`);
  const roles = texts(post.subjects);
  const id = text(post.id) ?? at;
  const region = text(post.regionIso === undefined ? post.region : post.regionIso);
  const wasUnsure = post.sure === 0 || post.sure === false;
  return {
    id,
    text: post.text,
    lang: text(post.lang),
    platform: text(post.platform) ?? 'unknown',
    context: text(post.context),
    kind: post.kind as Kind,
    symptom: symptom as Symptom | null,
    subjects: roles ?? texts(post.services) ?? [],
    causes: roles === null ? null : (texts(post.causes) ?? []),
    contexts: roles === null ? null : (texts(post.mentions) ?? []),
    sure: !wasUnsure,
    secondOpinion: wasUnsure && typeof post.p2 === 'number' ? post.p2 : null,
    region: region !== null && /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(region) ? region : null,
    // Batches of the written posts have a style each; their ids begin with the batch.
    origin: text(post.file) ?? (/^([a-z]+)-\d+$/.exec(id)?.[1] as string | undefined) ?? 'unknown',
    written: roles !== null,
    weight: roles === null ? 1 : written.written,
  };
}

/** The lines of a file that hold something, with their places. @throws UsageError when it cannot be read. */
function linesOf(path: string): { line: string; at: string }[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line, i) => ({ line, at: `${path}:${i + 1}` }))
      .filter(({ line }) => line.trim() !== '');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

/** Reads labelled posts (NDJSON) and finds the services they name. @throws UsageError for the first line that is wrong. */
export function readLabelled(paths: readonly string[], matcher: Matcher): LabelledPost[] {
  return paths.flatMap((path) =>
    linesOf(path).map(({ line, at }) => {
      const post = parseLabelled(parseLine(line, at), at);
      return { ...post, mentions: matcher.match(post.text, post.context) };
    }),
  );
}

/** Names a post of a file without telling its id, which may lead to its author. */
function keyOf(file: string, id: string): string {
  return createHash('sha256').update(`${file}\n${id}`).digest('hex').slice(0, 12);
}

/**
 * Reads labels that stand without their posts (NDJSON, by `file` and `key`) and joins them with the posts in
 * `dir/<file>.jsonl`; labels of files that are not there are left out.
 * @throws UsageError for the first line that is wrong.
 */
export function readReadings(path: string, dir: string, matcher: Matcher): LabelledPost[] {
  const byFile = new Map<string, Map<string, { label: Record<string, unknown>; at: string }>>();
  for (const { line, at } of linesOf(path)) {
    const label = parseLine(line, at);
    const file = text(label.file);
    const key = text(label.key);
    if (file === null || key === null)
      throw new UsageError(`${at}: ${file === null ? 'file' : 'key'}: missing; a label without a text names its post`);
    if (!byFile.has(file)) byFile.set(file, new Map());
    byFile.get(file)?.set(key, { label, at });
  }
  const posts: LabelledPost[] = [];
  for (const [file, labels] of byFile) {
    const from = join(dir, `${file}.jsonl`);
    if (!existsSync(from)) continue;
    for (const { line, at } of linesOf(from)) {
      const told = parseLine(line, at);
      const found = labels.get(keyOf(file, String(told.id)));
      if (!found) continue;
      const post = parseLabelled({ ...told, ...found.label }, found.at);
      posts.push({ ...post, mentions: matcher.match(post.text, post.context) });
    }
  }
  return posts;
}

/** Real posts of this checkout that nobody labelled, each text once; none where they are not at hand. */
export function readUnlabelled(matcher: Matcher, labelled: readonly LabelledPost[]): UnlabelledPost[] {
  if (!existsSync(unlabelled)) return [];
  const known = new Set(labelled.map((post) => post.text));
  const posts: UnlabelledPost[] = [];
  for (const file of readdirSync(unlabelled).sort())
    for (const { line, at } of linesOf(join(unlabelled, file))) {
      const told = parseLine(line, at);
      const words = text(told.text);
      if (words === null || known.has(words)) continue;
      known.add(words);
      const context = text(told.context);
      posts.push({
        ...{ text: words, context, lang: text(told.lang), platform: text(told.platform) ?? 'unknown' },
        ...{ origin: basename(file, '.jsonl'), mentions: matcher.match(words, context) },
      });
    }
  return posts;
}

/** Most posts of an installation that are learnt from without a label. */
const mostStored = 100_000;

/**
 * What an installation stored and nobody labelled, the oldest kept posts first; each text once, or a campaign of copies
 * would teach as often as it was copied.
 */
export async function storedPosts(
  read: Pick<ReadStore, 'posts'>,
  matcher: Matcher,
  labelled: readonly LabelledPost[],
): Promise<UnlabelledPost[]> {
  const known = new Set(labelled.map((post) => post.text));
  const posts: UnlabelledPost[] = [];
  let cursor: string | undefined;
  do {
    const page = await read.posts(0, { limit: 1000, cursor });
    for (const { text, lang, platform, context } of page.items) {
      if (known.has(text)) continue;
      known.add(text);
      posts.push({ text, lang, platform, context, origin: 'database', mentions: matcher.match(text, context) });
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && posts.length < mostStored);
  return posts;
}

/** What operators of an installation corrected, as labelled posts that count as fully as any real one. */
export async function correctedPosts(read: Pick<ReadStore, 'corrections'>, matcher: Matcher): Promise<LabelledPost[]> {
  const posts: LabelledPost[] = [];
  let cursor: string | undefined;
  do {
    const page = await read.corrections({ limit: 1000, cursor });
    for (const { post, kind, services } of page.items) {
      const { id, text, lang, platform, context } = post;
      posts.push({
        ...{ id, text, lang, platform, context, kind, subjects: services },
        ...{ symptom: null, causes: null, contexts: null, region: null },
        ...{ sure: true, secondOpinion: null, origin: 'corrections', written: false, weight: 1 },
        mentions: matcher.match(text, context),
      });
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return posts;
}
