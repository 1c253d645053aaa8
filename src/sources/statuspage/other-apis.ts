// Status pages with an API of their own, told in the words of Statuspage: Instatus, Slack, Google Cloud and Workspace.
import { type Json, listOf, objectOf, stringOf } from '../net/json.js';

/** Where each API answers, below the address of the page; the commonest first. */
export const paths = {
  statuspage: '/api/v2/summary.json',
  instatus: '/summary.json',
  google: '/incidents.json',
  slack: '/api/v2.0.0/current',
} as const;
export type Api = keyof typeof paths;
export const apis = Object.keys(paths) as Api[];

const impacts: Record<string, string> = {
  // Instatus.
  operational: 'none',
  degradedperformance: 'minor',
  minoroutage: 'minor',
  partialoutage: 'major',
  majoroutage: 'critical',
  // Google.
  service_information: 'none',
  low: 'minor',
  medium: 'major',
  high: 'critical',
  // Slack.
  notice: 'minor',
  incident: 'major',
  outage: 'critical',
};

/** A word for how bad it is, in Statuspage's words. */
export function impactWord(value: unknown): string {
  const word = String(value).toLowerCase();
  return impacts[word] ?? word;
}

/** @returns the rows of incidents as Statuspage would give them; null when the answer is none of these APIs'. */
export function rowsOfOthers(json: unknown): Json[] | null {
  if (Array.isArray(json)) return listOf(json).map(fromGoogle);
  const { page, status, activeIncidents, active_incidents } = objectOf(json);
  if (typeof objectOf(page).status === 'string') return listOf(activeIncidents).map(fromInstatus);
  if (typeof status === 'string' && Array.isArray(active_incidents)) return listOf(active_incidents).map(fromSlack);
  return null;
}

function fromInstatus(row: Json): Json {
  return { ...row, started_at: row.started, id: row.id ?? lastPart(row.url) };
}

/** Fields by status.cloud.google.com/incidents.schema.json. */
function fromGoogle(row: Json): Json {
  const products = listOf(row.affected_products).map(({ title }) => ({ name: title }));
  const informs = row.status_impact === 'SERVICE_INFORMATION';
  return {
    ...{ id: row.id, name: row.external_desc, status: row.end ? 'resolved' : 'investigating' },
    impact: informs ? row.status_impact : row.severity,
    ...{ started_at: row.begin, created_at: row.created, updated_at: row.modified, resolved_at: row.end },
    components: products.length > 0 ? products : [{ name: row.service_name }],
  };
}

function fromSlack(row: Json): Json {
  const services = Array.isArray(row.services) ? row.services.map((name) => ({ name })) : [];
  return {
    ...{ id: row.id, name: row.title, status: row.status === 'resolved' ? 'resolved' : 'investigating' },
    ...{ impact: row.type, created_at: row.date_created, updated_at: row.date_updated, components: services },
  };
}

function lastPart(value: unknown): string | null {
  return stringOf(value)?.split('/').at(-1) ?? null;
}
