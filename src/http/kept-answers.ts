// Finished answers in memory, in the forms in which they go out; bounded in number and bytes.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compressFrom = 1024;
const compress = promisify(gzip);

/** What a 304 tells (RFC 9110, 15.4.5); all else the client has from the answer that it holds. */
const toldUnchanged = new Set([
  'access-control-allow-origin',
  'access-control-expose-headers',
  'cache-control',
  'content-location',
  'expires',
  'outcry-as-of',
  'outcry-coverage',
  'vary',
]);

/** Names of headers that a 304 leaves out, its ETag aside. */
export function leftOutOf304(headers: object): string[] {
  return Object.keys(headers).filter((name) => name !== 'etag' && !toldUnchanged.has(name));
}

/** The ETag of another coding of an answer: a strong one tells codings apart. */
export const etagOf = (etag: string, coding: string) => `${etag.slice(0, -1)}-${coding}"`;

/**
 * Which validator of an `If-None-Match` still holds, of the answer as it is or of one of its codings.
 * @returns null when the client holds none that does.
 */
export function freshTag(ifNoneMatch: string | undefined, etag: string): string | null {
  if (ifNoneMatch === undefined) return null;
  if (ifNoneMatch === etag || ifNoneMatch === '*') return etag;
  const base = etag.slice(0, -1);
  for (const part of ifNoneMatch.split(',')) {
    const tag = part.trim().replace(/^W\//, '');
    if (tag === etag || (tag.startsWith(base) && /^-(?:gzip|br|deflate|zstd)"$/.test(tag.slice(base.length))))
      return tag;
  }
  return null;
}

/** One form of an answer: names and values of its headers in turns, as Node writes them fastest. */
export interface Form {
  head: string[];
  body: string | Buffer;
}

/** What an answer depends on besides its address: as whom the server was asked, and for which form. */
export interface Asked {
  protocol: string;
  host: string;
  accept: string | undefined;
}

/** A finished answer. */
export interface Answer extends Form {
  url: string;
  asked: Asked;
  body: string;
  etag: string;
  /** Text that needs no encoding goes out at half the price. */
  encoding: 'latin1' | 'utf8';
  /** Without its ETag, which is the client's. */
  headOf304: string[];
  gzip: Form | Promise<Form> | null;
  /** Until then it is kept, by the clock. */
  until: number;
  bytes: number;
}

const flat = (headers: [string, string][], ...more: string[]) => [...headers.flat(), ...more];
const isSame = (a: Asked, b: Asked) => a.accept === b.accept && a.host === b.host && a.protocol === b.protocol;

/** An answer ready to go out. @param headers all that it was sent with, its ETag among them. */
function answerOf(url: string, asked: Asked, headers: Record<string, string>, body: string, until: number): Answer {
  const { etag, 'content-length': _, ...others } = headers as { etag: string; 'content-length'?: string };
  const all = Object.entries<string>(others);
  const length = Buffer.byteLength(body);
  const head = flat(all, 'etag', etag, 'content-length', String(length));
  const ascii = length === body.length;
  return {
    ...{ url, asked, body, etag, head, until, gzip: null },
    encoding: ascii ? 'latin1' : 'utf8',
    headOf304: flat(all.filter(([name]) => toldUnchanged.has(name))),
    bytes: (ascii ? body.length : body.length * 2) + 2 * head.join('').length + url.length,
  };
}

/**
 * Keeps answers for a while; the oldest go first when they become too many or too big.
 * @param limits how long, ms, how many, and how many bytes of all together.
 * @param now a clock that never goes back, ms.
 */
export function createKeptAnswers(limits: { keptMs: number; answers: number; bytes: number }, now: () => number) {
  /** By address, since one string is found faster than a key made of many; the address that was renewed last is last. */
  const byUrl = new Map<string, Answer[]>();
  let [count, bytes] = [0, 0];

  /** Takes answers out of the sums. */
  function forget(answers: readonly Answer[]): void {
    count -= answers.length;
    for (const answer of answers) bytes -= answer.bytes;
  }

  /** Lets the oldest go while they are too many or too big, and those that are over. */
  function makeRoom(): void {
    const at = now();
    for (const [url, answers] of byUrl) {
      const isOver = (answers.at(-1) as Answer).until < at;
      if (!isOver && count <= limits.answers && bytes <= limits.bytes) break;
      byUrl.delete(url);
      forget(answers);
    }
  }

  return {
    /** Bytes that are held, roughly: texts, headers and addresses. */
    bytes: () => bytes,

    get(url: string, asked: Asked): Answer | undefined {
      const answers = byUrl.get(url);
      if (!answers) return undefined;
      for (const answer of answers) if (isSame(answer.asked, asked)) return answer.until >= now() ? answer : undefined;
      return undefined;
    },

    /** @param headers all that it was sent with, its ETag among them. */
    put(url: string, asked: Asked, headers: Record<string, string>, body: string): void {
      const at = now();
      const old = byUrl.get(url) ?? [];
      const others = old.filter((answer) => answer.until >= at && !isSame(answer.asked, asked));
      forget(old.filter((answer) => !others.includes(answer)));
      const answer = answerOf(url, asked, headers, body, at + limits.keptMs);
      byUrl.delete(url);
      byUrl.set(url, [...others, answer]);
      count++;
      bytes += answer.bytes;
      makeRoom();
    },

    /** The answer compressed, where that pays; compressed once, off the event loop. */
    gzipped(answer: Answer): Form | Promise<Form> {
      if (answer.body.length < compressFrom) return answer;
      answer.gzip ??= compress(answer.body).then((body) => {
        const head = [...answer.head];
        head[head.length - 3] = etagOf(answer.etag, 'gzip');
        head[head.length - 1] = String(body.length);
        head.push('content-encoding', 'gzip');
        answer.gzip = { head, body };
        if (byUrl.get(answer.url)?.includes(answer)) {
          answer.bytes += body.length;
          bytes += body.length;
          makeRoom();
        }
        return answer.gzip;
      });
      return answer.gzip;
    },

    clear(): void {
      byUrl.clear();
      [count, bytes] = [0, 0];
    },
  };
}
