// What every kind of source promises, checked against a server that speaks its protocol.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Source, SourceContext, SourceItem } from '../../src/core/ports.js';
import { createHttp, type Http } from '../../src/sources/net/http.js';

/** The far side of a source, as the contract needs it. */
export interface FarSide {
  /** Makes the source under test; called again for each restart. */
  source(http: Http): Source;
  /** Publishes a post by `author` with this native id; those of a bad item hold nothing that can be read. */
  publish(post: { id: string; text: string; author: string } | 'bad'): void;
  /** Takes a post back, where the protocol can. */
  remove?(id: string): void;
  /** The post id that the source gives to a native id. */
  idOf(id: string): string;
  /** Requests that came in, for kinds that ask. */
  requests?(): number;
  /** A secret that the source was given; it must come out nowhere. */
  secret?: string;
  close(): Promise<void>;
}

export const secretAuthor = 'someone_with_a_handle';

/** A context that keeps what the source says. */
export function contextFor(cursor: string | null, signal: AbortSignal) {
  const skipped: string[] = [];
  let alive = 0;
  const context: SourceContext = {
    cursor,
    signal,
    clock: { now: Date.now },
    hashAuthor: (platform, author) => createHash('sha256').update(`${platform} ${author}`).digest('hex'),
    alive: () => {
      alive++;
    },
    skipped: (reason) => skipped.push(reason),
  };
  return { context, skipped, contacts: () => alive };
}

/** What was heard: posts, or what status pages say, which have no authors. */
function heardOf(items: SourceItem[]) {
  return items.flatMap(({ post, official = [] }) => [
    ...(post ? [post] : []),
    ...official.map(({ title, startedAt, ...same }) => ({
      ...same,
      text: title,
      createdAt: startedAt,
      author: undefined,
    })),
  ]);
}

/** Reads until `enough` says so, then aborts; gives what came. */
export async function readUntil(
  source: Source,
  cursor: string | null,
  enough: (items: SourceItem[], skipped: string[]) => boolean,
) {
  const abort = new AbortController();
  const { context, skipped, contacts } = contextFor(cursor, abort.signal);
  const items: SourceItem[] = [];
  const watch = setInterval(() => enough(items, skipped) && abort.abort(), 20);
  try {
    for await (const item of source.read(context)) {
      items.push(item);
      if (enough(items, skipped)) abort.abort();
    }
  } finally {
    clearInterval(watch);
  }
  const heard = heardOf(items);
  const posts = items.flatMap(({ post }) => (post ? [post] : []));
  const last = items.findLast((item) => item.cursor !== null)?.cursor ?? cursor;
  return { items, posts, heard, ids: heard.map(({ id }) => id), skipped, contacts: contacts(), cursor: last };
}

/** Runs the contract on a kind. `open` gives a far side with nothing published yet. */
export function sourceContract(kind: string, open: () => Promise<FarSide>): void {
  describe(`source ${kind}`, () => {
    let http: Http;
    beforeAll(() => {
      http = createHttp({ version: 'test', contact: null, allowHosts: ['127.0.0.1'], paceMs: 0 });
    });
    afterAll(() => http.close());

    const withFarSide = (run: (far: FarSide) => Promise<void>) => async () => {
      const far = await open();
      try {
        await run(far);
      } finally {
        await far.close();
      }
    };
    const publish = (far: FarSide, ...ids: string[]) => {
      for (const id of ids) far.publish({ id, text: `Is it down for you too? ${id}`, author: secretAuthor });
    };

    test(
      'gives every post once, whole, with its time, and never the name of its author or a secret',
      withFarSide(async (far) => {
        publish(far, '101', '102', '103');
        const { items, ids, heard, skipped, contacts } = await readUntil(
          far.source(http),
          null,
          (seen) => heardOf(seen).length >= 3,
        );
        expect(ids.toSorted()).toEqual(['101', '102', '103'].map(far.idOf).toSorted());
        for (const post of heard) {
          expect(post.text).toContain('Is it down for you too?');
          if (post.author !== undefined) expect(post.author).toMatch(/^[0-9a-f]{64}$/);
          expect(Math.abs(post.createdAt - Date.now())).toBeLessThan(24 * 3600_000);
          expect(Math.abs(post.receivedAt - Date.now())).toBeLessThan(24 * 3600_000);
        }
        const said = JSON.stringify([items, skipped]);
        expect(said).not.toContain(secretAuthor);
        if (far.secret) expect(said).not.toContain(far.secret);
        expect(contacts).toBeGreaterThan(0);
      }),
    );

    test(
      'goes on behind its cursor after a restart',
      withFarSide(async (far) => {
        publish(far, '101', '102');
        const first = await readUntil(
          far.source(http),
          null,
          (seen) => heardOf(seen).length >= 2 && seen.at(-1)?.cursor !== null,
        );
        publish(far, '103', '104');
        const second = await readUntil(
          far.source(http),
          first.cursor,
          (seen) =>
            heardOf(seen).some(({ id }) => id === far.idOf('104')) &&
            heardOf(seen).some(({ id }) => id === far.idOf('103')),
        );
        const all = new Set([...first.ids, ...second.ids]);
        expect([...all].toSorted()).toEqual(['101', '102', '103', '104'].map(far.idOf).toSorted());
        // An inclusive cursor may give the last post again, never the ones before.
        expect(second.ids.filter((id) => first.ids.includes(id)).length).toBeLessThanOrEqual(1);
      }),
    );

    test(
      'skips and counts a bad item, and goes on',
      withFarSide(async (far) => {
        publish(far, '101');
        far.publish('bad');
        publish(far, '102');
        const { ids, skipped } = await readUntil(
          far.source(http),
          null,
          (seen, skips) => heardOf(seen).length >= 2 && skips.length > 0,
        );
        expect(ids.toSorted()).toEqual(['101', '102'].map(far.idOf).toSorted());
        expect(skipped.length).toBeGreaterThan(0);
      }),
    );

    test(
      'a cursor of something else is as good as none',
      withFarSide(async (far) => {
        publish(far, '101');
        const { ids } = await readUntil(far.source(http), '{"not":"mine"}', (seen) => heardOf(seen).length >= 1);
        expect(ids).toEqual([far.idOf('101')]);
      }),
    );

    test(
      'ends at once on abort, whether it waits or works, and without a throw',
      withFarSide(async (far) => {
        publish(far, '101');
        const abort = new AbortController();
        const { context } = contextFor(null, abort.signal);
        let abortedAt = 0;
        const timer = setTimeout(() => {
          abortedAt = performance.now();
          abort.abort();
        }, 300);
        for await (const _ of far.source(http).read(context));
        clearTimeout(timer);
        if (abortedAt > 0) expect(performance.now() - abortedAt).toBeLessThan(1_000);
        const before = new AbortController();
        before.abort();
        for await (const item of far.source(http).read(contextFor(null, before.signal).context))
          expect(heardOf([item])).toEqual([]);
      }),
    );

    test(
      'waits while its reader waits',
      withFarSide(async (far) => {
        publish(far, ...Array.from({ length: 20 }, (_, i) => String(101 + i)));
        const abort = new AbortController();
        const reading = far.source(http).read(contextFor(null, abort.signal).context)[Symbol.asyncIterator]();
        while (heardOf([(await reading.next()).value]).length === 0);
        const before = far.requests?.();
        await new Promise((resolve) => setTimeout(resolve, 250));
        expect(far.requests?.()).toBe(before);
        abort.abort();
        await reading.return?.();
      }),
    );

    test(
      'passes on what is taken back',
      withFarSide(async (far) => {
        if (!far.remove) return;
        publish(far, '101', '102');
        const first = await readUntil(
          far.source(http),
          null,
          (seen) => heardOf(seen).length >= 2 && seen.at(-1)?.cursor !== null,
        );
        far.remove('101');
        const { items } = await readUntil(far.source(http), first.cursor, (seen) =>
          seen.some(({ deleted }) => deleted),
        );
        expect(items.flatMap(({ deleted }) => deleted ?? [])).toContain(far.idOf('101'));
      }),
    );
  });
}
