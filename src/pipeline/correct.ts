// An operator's word against the classifier's: the post is read again, what was said of it replaced.
import type { Clock, Correction, Desk, ReadStore, WriteStore } from '../core/ports.js';
import { isSignal, type Post, type Report } from '../core/post.js';
import { blamesOf, type Reader, readPost } from './ingest.js';

export interface CorrectOptions {
  read: Pick<ReadStore, 'post'>;
  write: Pick<WriteStore, 'correct'>;
  reader: Reader;
  clock: Clock;
}

/** The subject that the classifier sees, else the service named first. */
function subjectsOf(post: Post, { matcher, classifier }: Reader): string[] {
  const mentions = matcher.match(post.text, post.context);
  const subjects = classifier.classify(post, mentions).services.filter((s) => s.role === 'subject');
  const found = subjects.length > 0 ? subjects : mentions.slice(0, 1);
  return found.map((s) => s.service);
}

/** The reports that follow from a correction. */
function reportsOf(post: Post, { kind, services }: Correction, reader: Reader): Report[] {
  const mentions = reader.matcher.match(post.text, post.context);
  const verdict = reader.classifier.classify(post, mentions);
  const region = reader.locator.locate(post, mentions)?.region ?? null;
  return services.flatMap((service) => {
    const counts = reader.catalog.service(service)?.counts;
    if (counts === 'never' || (counts === 'region' && region === null)) return [];
    const symptom = isSignal(kind) ? (verdict.symptom ?? 'other') : null;
    const why = ['an operator says so'];
    const blames = blamesOf(verdict, reader.catalog);
    return [{ postId: post.id, service, kind, score: isSignal(kind) ? 1 : 0, symptom, region, why, ...blames }];
  });
}

/** Makes the verb by which operators correct verdicts; taken back, the classifier's word stands again. */
export function createCorrect({ read, write, reader, clock }: CorrectOptions): Desk['correct'] {
  return async (postId, said) => {
    const post = await read.post(postId);
    if (!post) return null;
    if (said === null) {
      const reports = readPost(post, reader) ?? [];
      return (await write.correct(postId, null, reports)) ? reports.map((r) => r.service) : null;
    }
    const services = said.kind === 'other' ? [] : [...new Set(said.services ?? subjectsOf(post, reader))];
    const correction = { kind: said.kind, services, at: clock.now(), by: said.by };
    return (await write.correct(postId, correction, reportsOf(post, correction, reader))) ? services : null;
  };
}
