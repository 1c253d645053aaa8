// Reads the official status pages of services: what providers themselves say of their incidents.
import Type, { type Static } from 'typebox';
import { SourceError } from '../core/errors.js';
import type { OfficialIncident } from '../core/official.js';
import type { Source, SourceContext, SourceItem } from '../core/ports.js';
import { day, hour } from '../core/time.js';
import { defineKind, type SourceTools } from './kind.js';
import { fetchJson, objectOf } from './net/json.js';
import { Duration, durationMs, type Look, pollForever } from './net/poll.js';
import { createTargets } from './net/targets.js';
import { type Api, apis, paths } from './statuspage/other-apis.js';
import { type Pages, pagesOf, servicesOf } from './statuspage/pages.js';
import { Notice, readIncidents, readSummary, type Summary } from './statuspage/read-summary.js';

const options = Type.Object({
  services: Type.Union([Type.Literal('all'), Type.Array(Type.String())], {
    description: 'Services of the catalog whose status pages are read: all that can be, or a list of ids.',
    default: 'all',
  }),
  pages: Type.Array(
    Type.Object(
      { service: Type.String(), url: Type.String({ pattern: '^https?://' }) },
      { additionalProperties: false },
    ),
    {
      description:
        'More pages as {service, url}: any that speak the API of Statuspage (incident.io does), Instatus, Google or Slack.',
      default: [],
    },
  ),
  minInterval: Duration('Least time between two looks at a page; they are cached for about a minute.', '1m'),
  maxInterval: Duration('Most time between two looks, when nothing is new.', '2m'),
});
type Options = Static<typeof options>;

export const statuspage = defineKind({
  kind: 'statuspage',
  description: 'What the official status pages of services say; evidence of its own class, and no ear for the crowd.',
  onByDefault: true,
  options,
  create: createStatuspage,
});

const Page = Type.Object({
  api: Type.Enum([...apis]),
  etag: Type.Union([Type.String(), Type.Null()]),
  lastModified: Type.Union([Type.String(), Type.Null()]),
  mark: Type.String(),
  /** Notices that are open or of late, as they were passed on. */
  notices: Type.Record(Type.String(), Notice),
});
type Page = Static<typeof Page>;
const State = Type.Record(Type.String(), Page);
type State = Static<typeof State>;

/** A resolved incident is passed on and remembered this long after its last update; older ones are history. */
const lateMs = 2 * day;
/** A page that speaks none of the APIs is asked again after this time. */
const deafMs = 6 * hour;
/** Pages that are asked at the same time: a slow one must not hold up the others. */
const lanes = 8;

function createStatuspage(name: string, given: Options, { http, catalog }: SourceTools): Source {
  const limits = { minMs: durationMs(given.minInterval), maxMs: durationMs(given.maxInterval) };
  let pages: Pages = new Map();
  const eachTarget = createTargets(lanes);

  async function* look(state: State, context: SourceContext): AsyncGenerator<SourceItem, Look<State>> {
    pages = pagesOf(given, catalog?.services ?? []).pages;
    const next: State = {};
    for (const url of pages.keys()) if (state[url]) next[url] = state[url];
    const fresh = yield* eachTarget([...pages.keys()], context, (url) => readPage(url, next, context));
    return { state: next, fresh };
  }

  async function* readPage(url: string, next: State, context: SourceContext): AsyncGenerator<SourceItem, number> {
    const known: Page = next[url] ?? { api: 'statuspage', etag: null, lastModified: null, mark: '', notices: {} };
    const asked = await ask(url, known, context);
    context.alive();
    if (asked === null) return 0;
    const { api, summary, validators } = asked;
    const now = context.clock.now();
    const found = new Map(summary.notices);
    const gone = Object.keys(known.notices).filter((id) => isOpen(known.notices[id]) && !found.has(id));
    let settled = true;
    if (summary.mark !== known.mark && api === 'statuspage') {
      const history = await readHistory(url, context);
      for (const [id, notice] of history ?? []) if (!found.has(id)) found.set(id, notice);
      // The two answers may be cached apart: what ended in one may still be open in the other.
      settled = history !== null && gone.every((id) => !isOpen(found.get(id)));
    }
    const plight = plightOf(known, summary, now);
    if (plight) found.set(...plight);
    if (settled)
      for (const id of gone)
        if (!found.has(id))
          found.set(id, { ...(known.notices[id] as Notice), state: 'resolved', updatedAt: now, resolvedAt: now });
    const isOfLate = (notice: Notice) => isOpen(notice) || notice.updatedAt > now - lateMs;
    const fresh = [...found].filter(([id, notice]) => {
      const before = known.notices[id];
      return before ? !isSame(before, notice) : isOfLate(notice);
    });
    if (fresh.length > 0)
      yield { post: null, official: fresh.flatMap(([id, notice]) => wordsOf(url, id, notice, now, api)), cursor: null };
    next[url] = {
      api,
      ...(settled ? { ...validators, mark: summary.mark } : { etag: null, lastModified: null, mark: '' }),
      notices: Object.fromEntries([...Object.entries(known.notices), ...found].filter(([, n]) => isOfLate(n))),
    };
    return fresh.length;
  }

  /** @returns null when nothing has changed. */
  async function ask(url: string, known: Page, context: SourceContext) {
    const { signal, clock } = context;
    const skipped = (why: string) => context.skipped(`${url}: ${why}`);
    const likeliest = [known.api, ...apis.filter((api) => api !== known.api)];
    for (const api of likeliest) {
      const validators = api === known.api && known.mark !== '' ? known : undefined;
      try {
        const answer = await http.fetch({
          url: url + paths[api],
          signal,
          headers: { accept: 'application/json' },
          validators,
        });
        if (answer.status === 304) return null;
        if (!answer.complete)
          throw new SourceError(`${url} broke off in the middle`, { code: 'not-json', retry: true });
        const summary = readSummary(parse(answer.body), clock.now(), skipped);
        if (summary) return { api, summary, validators: answer.validators };
      } catch (error) {
        if (!(error instanceof SourceError) || error.options.code !== 'http-404') throw error;
      }
    }
    throw new SourceError(`${url} speaks no API that is known: leave it out`, {
      code: 'no-status-api',
      retry: true,
      // One that did before will again.
      ...(known.mark === '' && { retryAfterMs: deafMs }),
    });
  }

  /** The newest incidents, ended ones too; null when they cannot be had now, none where there are none. */
  async function readHistory(
    url: string,
    { signal, clock, skipped }: SourceContext,
  ): Promise<Map<string, Notice> | null> {
    try {
      const { json } = await fetchJson(http, { url: `${url}/api/v2/incidents.json`, signal });
      return readIncidents(objectOf(json).incidents, clock.now(), (why) => skipped(`${url}: ${why}`));
    } catch (error) {
      if (!(error instanceof SourceError) || signal.aborted) throw error;
      if (error.options.code === 'http-404') return new Map();
      skipped(error.message);
      return null;
    }
  }

  function wordsOf(url: string, id: string, notice: Notice, receivedAt: number, api: Api): OfficialIncident[] {
    return servicesOf([notice.title, ...notice.components], pages.get(url) ?? []).map((service) => ({
      id: `${name}:${service}/${id}`,
      source: name,
      service,
      ...notice,
      url: id.startsWith('status@') || api === 'slack' ? url : `${url}/incidents/${id}`,
      receivedAt,
    }));
  }

  return {
    name,
    kind: 'statuspage',
    contactEveryMs: limits.maxMs,
    official: true,
    watches: () => {
      const { pages } = pagesOf(given, catalog?.services ?? []);
      return [...pages.values()].flatMap((services) => services.map((service) => service.id));
    },
    async *read(context) {
      const { pages, problems } = pagesOf(given, catalog?.services ?? []);
      for (const problem of problems) context.skipped(problem);
      if (pages.size === 0)
        throw new SourceError(problems[0] ?? 'there is no page to read: name services or pages', {
          code: 'no-page',
          retry: false,
        });
      yield* pollForever(context, State, {}, limits, (state) => look(state, context));
    },
  };
}

/** A page that says it fails without telling of an incident: that is one too, until the page is well. */
function plightOf(known: Page, { plight, notices }: Summary, now: number): [string, Notice] | null {
  const standing = Object.entries(known.notices).find(([id, notice]) => id.startsWith('status@') && isOpen(notice));
  if (!plight) return null;
  if (standing)
    return [
      standing[0],
      isSameWords(standing[1], plight) ? standing[1] : { ...standing[1], ...plight, updatedAt: now },
    ];
  if ([...notices.values()].some(isOpen)) return null;
  const times = { startedAt: now, publishedAt: now, updatedAt: now, resolvedAt: null };
  return [`status@${now}`, { ...plight, state: 'investigating', ...times }];
}

function isSameWords(a: Notice, b: Pick<Notice, 'title' | 'impact' | 'components'>): boolean {
  return a.title === b.title && a.impact === b.impact && String(a.components) === String(b.components);
}

function isSame(a: Notice, b: Notice): boolean {
  return (
    isSameWords(a, b) &&
    a.state === b.state &&
    a.startedAt === b.startedAt &&
    a.publishedAt === b.publishedAt &&
    a.updatedAt === b.updatedAt &&
    a.resolvedAt === b.resolvedAt
  );
}

function isOpen(notice: Notice | undefined): boolean {
  return notice !== undefined && notice.state !== 'resolved';
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
