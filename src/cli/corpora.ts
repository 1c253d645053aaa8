// Labelled posts from files, checked line by line, with the services found in them.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LabelledPost } from '../classify/dataset.js';
import type { Matcher } from '../core/catalog.js';
import { messageOf, UsageError } from '../core/errors.js';
import type { ReadStore } from '../core/ports.js';
import { type Kind, kinds, type Symptom, symptoms } from '../core/post.js';

/** The corpora of this checkout: what was written for the project, and real posts where they are at hand. */
export function defaultCorpora(): string[] {
  return [
    new URL('../../fixtures/labelled/written.jsonl', import.meta.url),
    new URL('../../fixtures/labelled/contrast.jsonl', import.meta.url),
    new URL('../../../shared/data/posts/labelled-dev.jsonl', import.meta.url),
  ]
    .map((url) => fileURLToPath(url))
    .filter((path) => existsSync(path));
}

const texts = (value: unknown): string[] | null =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : null;
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads one line of a labelled file. @throws UsageError that names field and value. */
function parseLabelled(line: string, at: string): Omit<LabelledPost, 'mentions'> {
  let post: Record<string, unknown>;
  try {
    post = JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${at}: not JSON: ${messageOf(error)}`);
  }
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
  };
}

/** Reads labelled posts (NDJSON) and finds the services they name. @throws UsageError for the first line that is wrong. */
export function readLabelled(paths: readonly string[], matcher: Matcher): LabelledPost[] {
  return paths.flatMap((path) => {
    let lines: string[];
    try {
      lines = readFileSync(path, 'utf8').split('\n');
    } catch (error) {
      throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
    }
    return lines.flatMap((line, i) => {
      if (line.trim() === '') return [];
      const post = parseLabelled(line, `${path}:${i + 1}`);
      return [{ ...post, mentions: matcher.match(post.text, post.context) }];
    });
  });
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
        ...{ sure: true, secondOpinion: null, origin: 'corrections', written: false },
        mentions: matcher.match(text, context),
      });
    }
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return posts;
}
