// A typed client of the API: paths, query keys and answers are checked by the compiler. Needs nothing but fetch.
import type { components, paths } from './types.js';

export type { components } from './types.js';

type Method = 'get' | 'post' | 'put' | 'delete';
type Operation<P extends keyof paths, M extends Method> = paths[P][M];
/** Paths that answer to a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: Operation<P, M> extends { responses: unknown } ? P : never;
}[keyof paths];

type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type PathParamsOf<O> = O extends { parameters: { path: infer P } } ? P : never;
type BodyOf<O> = O extends { requestBody?: { content: infer C } } ? C[keyof C] : never;
type AnswersOf<O> = O extends { responses: infer R } ? R[Extract<keyof R, 200 | 201 | 202>] : never;
type AnswerOf<O> = AnswersOf<O> extends { content: { 'application/json': infer A } } ? A : unknown;

/** A key that may be left out where nothing is needed. */
type Needs<K extends string, T> = [T] extends [never]
  ? { [k in K]?: never }
  : undefined extends T
    ? { [k in K]?: T }
    : Partial<T> extends T
      ? { [k in K]?: T }
      : { [k in K]: T };

/** What a request says beside its path. */
export type Ask<O> = Needs<'path', PathParamsOf<O>> &
  Needs<'query', QueryOf<O>> &
  Needs<'body', BodyOf<O>> & { headers?: Record<string, string>; signal?: AbortSignal };

type Rest<T> = Partial<T> extends T ? [ask?: T] : [ask: T];

/** What a list answers. */
type ItemOf<A> = A extends { items: (infer I)[]; next: string | null } ? I : never;

/** A request that was refused: the problem of RFC 9457 that the server answered with. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly status: number,
    readonly problem: components['schemas']['Problem'],
    /** Seconds to wait, where the server says so. */
    readonly retryAfter: number | null,
  ) {
    super(problem.detail);
  }
}

export interface ClientOptions {
  /** Address of the server. */
  baseUrl: string;
  /** Token of those who write. */
  token?: string;
  /** Instead of the global one. */
  fetch?: typeof fetch;
}

export interface Client {
  get<P extends PathOf<'get'>>(
    path: P,
    ...rest: Rest<Ask<Operation<P, 'get'>>>
  ): Promise<AnswerOf<Operation<P, 'get'>>>;
  post<P extends PathOf<'post'>>(
    path: P,
    ...rest: Rest<Ask<Operation<P, 'post'>>>
  ): Promise<AnswerOf<Operation<P, 'post'>>>;
  put<P extends PathOf<'put'>>(
    path: P,
    ...rest: Rest<Ask<Operation<P, 'put'>>>
  ): Promise<AnswerOf<Operation<P, 'put'>>>;
  delete<P extends PathOf<'delete'>>(path: P, ...rest: Rest<Ask<Operation<P, 'delete'>>>): Promise<void>;
  /** All items of a list, page after page. */
  all<P extends PathOf<'get'>>(
    path: P,
    ...rest: Rest<Ask<Operation<P, 'get'>>>
  ): AsyncGenerator<ItemOf<AnswerOf<Operation<P, 'get'>>>>;
}

interface AnyAsk {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Makes a client; its verbs reject with an ApiError when the server refuses, and as fetch does when it cannot be reached. */
export function createClient({ baseUrl, token, fetch = globalThis.fetch }: ClientOptions): Client {
  async function send(method: Method, path: string, ask: AnyAsk = {}): Promise<unknown> {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(ask.path?.[name])));
    const url = new URL(filled, baseUrl);
    for (const [key, value] of Object.entries(ask.query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value));
    const response = await fetch(url, {
      method: method.toUpperCase(),
      headers: {
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...ask.headers,
      },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      ...(ask.signal ? { signal: ask.signal } : {}),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const answer: unknown = isJson ? JSON.parse(text) : text;
    if (response.ok) return answer;
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
    const problem = isJson
      ? (answer as ApiError['problem'])
      : {
          type: 'about:blank',
          title: response.statusText,
          status: response.status,
          detail: text,
          instance: url.pathname,
        };
    throw new ApiError(response.status, problem, Number.isNaN(wait) ? null : wait);
  }

  const client = {
    get: (path: string, ask?: AnyAsk) => send('get', path, ask),
    post: (path: string, ask?: AnyAsk) => send('post', path, ask),
    put: (path: string, ask?: AnyAsk) => send('put', path, ask),
    delete: (path: string, ask?: AnyAsk) => send('delete', path, ask),
    async *all(path: string, ask?: AnyAsk) {
      for (let cursor: string | undefined; ; ) {
        const page = (await send('get', path, { ...ask, query: { ...ask?.query, ...(cursor ? { cursor } : {}) } })) as {
          items: unknown[];
          next: string | null;
        };
        yield* page.items;
        if (page.next === null) return;
        cursor = page.next;
      }
    },
  };
  return client as unknown as Client;
}
