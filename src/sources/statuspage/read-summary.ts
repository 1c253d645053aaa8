// Reads what the APIs of status pages answer, above all Statuspage's (spoken by others too, incident.io among them).
import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { officialImpacts, officialStates } from '../../core/official.js';
import { parseInstant } from '../../core/time.js';
import { htmlToText } from '../net/html.js';
import { type Json, listOf, objectOf, stringOf } from '../net/json.js';
import { impactWord, rowsOfOthers } from './other-apis.js';

/** What a page says of one incident; times in epoch ms. */
export const Notice = Type.Object({
  title: Type.String(),
  impact: Type.Enum([...officialImpacts]),
  state: Type.Enum([...officialStates]),
  startedAt: Type.Number(),
  publishedAt: Type.Number(),
  updatedAt: Type.Number(),
  resolvedAt: Type.Union([Type.Number(), Type.Null()]),
  components: Type.Array(Type.String()),
});
export type Notice = Static<typeof Notice>;

/** What a page says as a whole. */
export interface Summary {
  /** Notices by the page's own id. */
  notices: Map<string, Notice>;
  /** What it says of itself without an incident ("Partial System Outage"); null when all is well or in maintenance. */
  plight: Pick<Notice, 'title' | 'impact' | 'components'> | null;
  /** Changes whenever the page does. */
  mark: string;
}

const maxTitle = 300;
const maxComponents = 30;

const wordsOf = (value: unknown, length: number) =>
  htmlToText(stringOf(value) ?? '')
    .replace(/\s+/g, ' ')
    .slice(0, length);

/** Short, for it is kept of every page: some tell of years of incidents. */
function markOf(said: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url').slice(0, 16);
}

/** @returns null for an answer of another shape. */
export function readSummary(json: unknown, now: number, skipped: (why: string) => void): Summary | null {
  const others = rowsOfOthers(json);
  if (others) {
    const notices = readIncidents(others, now, skipped);
    return { notices, plight: null, mark: markOf([...notices]) };
  }
  const { page, status, incidents, components } = objectOf(json);
  const { updated_at: updatedAt } = objectOf(page);
  const { indicator, description } = objectOf(status);
  if (typeof indicator !== 'string' || (incidents !== undefined && !Array.isArray(incidents))) return null;
  const notices = readIncidents(incidents ?? [], now, skipped);
  const impact = officialImpacts.find((known) => known === indicator);
  return {
    notices,
    plight:
      impact === undefined || impact === 'none'
        ? null
        : {
            title: wordsOf(description, maxTitle) || `${impact} outage`,
            impact,
            components: namesOf(listOf(components).filter(isFailing)),
          },
    mark: markOf([updatedAt, indicator, ...notices]),
  };
}

/** Reads a list of incidents; a bad one is skipped, maintenance left out. */
export function readIncidents(rows: unknown, now: number, skipped: (why: string) => void): Map<string, Notice> {
  const notices = new Map<string, Notice>();
  for (const row of listOf(rows)) {
    if (String(row.impact).toLowerCase() === 'maintenance') continue;
    const id = idOf(row.id);
    const title = wordsOf(row.name, maxTitle);
    const times = timesOf(row, now);
    if (id === null || title === '' || times === null) {
      skipped('an incident lacks id, name or time');
      continue;
    }
    const state = stateOf(row.status);
    const resolvedAt = state === 'resolved' ? (times.resolvedAt ?? times.updatedAt) : null;
    notices.set(id, {
      title,
      impact: impactOf(row.impact),
      state,
      ...times,
      resolvedAt,
      components: namesOf(listOf(row.components)),
    });
  }
  return notices;
}

function idOf(value: unknown): string | null {
  const id = typeof value === 'number' ? String(value) : stringOf(value);
  return id && /^[\w.@-]{1,100}$/.test(id) ? id : null;
}

/** An incident may be written into the past: what counts as published is the first update that was really made. */
function timesOf(row: Json, now: number) {
  const at = (value: unknown) => {
    const t = parseInstant(value);
    return t === null ? null : Math.min(t, now);
  };
  const createdAt = at(row.created_at);
  const startedAt = at(row.started_at) ?? createdAt;
  if (startedAt === null) return null;
  const told = listOf(row.incident_updates).flatMap((update) => at(update.created_at) ?? []);
  const publishedAt = told.length > 0 ? Math.min(...told) : (createdAt ?? startedAt);
  return { startedAt, publishedAt, updatedAt: at(row.updated_at) ?? publishedAt, resolvedAt: at(row.resolved_at) };
}

function stateOf(value: unknown): Notice['state'] {
  const word = String(value).toLowerCase();
  if (word === 'postmortem' || word === 'completed') return 'resolved';
  return officialStates.find((state) => state === word) ?? 'investigating';
}

function impactOf(value: unknown): Notice['impact'] {
  const word = impactWord(value);
  return officialImpacts.find((impact) => impact === word) ?? 'minor';
}

function isFailing({ status, group }: Json): boolean {
  return group !== true && typeof status === 'string' && !['operational', 'under_maintenance'].includes(status);
}

/** Names of components, without the line that some pages keep among them as a hint. */
function namesOf(components: Json[]): string[] {
  const names = components.map(({ name }) => wordsOf(name, 80)).filter((name) => name && !/^visit www\./i.test(name));
  return [...new Set(names)].slice(0, maxComponents);
}
