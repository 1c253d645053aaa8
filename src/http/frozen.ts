// An incident as it was known at a time: what a citation leads to, whatever has become known since.
import type { Remarks } from '../core/ports.js';
import type { Incident, IncidentChange } from '../core/signal.js';
import { toIso } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import { badField, Problem } from './errors.js';
import { readTime } from './query.js';

export interface Frozen {
  /** As of when, and since when it was known so, epoch ms. */
  at: number;
  since: number;
  incident: Incident;
  /** Changes until then, oldest first. */
  changes: IncidentChange[];
  /** Notes until then; the mark that stands, where it was set by then. */
  remarks: Remarks;
}

/** Address of the page that keeps what was known of an incident at a time. */
export function permalinkOf({ id }: Incident, at: number, base: string): string {
  return `${base}/incidents/${encodeURIComponent(id)}?at=${toIso(at)}`;
}

/**
 * What is known of an incident now, and the time under which it stays to be found so: no later step changes what was
 * known then.
 */
export async function citable(
  live: Incident,
  { read }: Pick<ServerDeps, 'read'>,
): Promise<{ incident: Incident; at: number }> {
  // In this order: a step that is judged in between is known from a later time on.
  const judgedUntil = (await read.judgedUntil()) ?? 0;
  const newest = await read.incidentAt(live.id, Number.MAX_SAFE_INTEGER);
  const { incident, since } = newest ?? { incident: live, since: live.detectedAt };
  return { incident, at: Math.max(since, judgedUntil) };
}

/** @param at as the query says it. @throws Problem when it is no time, lies ahead, or nothing is kept of it. */
export async function freeze(deps: Pick<ServerDeps, 'read' | 'clock'>, live: Incident, at: string): Promise<Frozen> {
  const { read, clock } = deps;
  const { id, detectedAt } = live;
  const time = readTime('at', at, clock.now()) as number;
  const known = await read.incidentAt(id, time);
  if (time > Math.max(clock.now(), (await citable(live, deps)).at)) {
    throw badField({
      field: 'query.at',
      value: at,
      message: `at is "${at}", which lies ahead: give a time of the past`,
    });
  }
  if (!known) {
    const message =
      time < detectedAt
        ? `nothing was known of it then: Outcry raised it at ${toIso(detectedAt)}`
        : 'what was known of it then was not kept: it is of a time when Outcry kept only the newest state';
    throw new Problem(404, message, { errors: [{ field: 'query.at', value: at, message }] });
  }
  const [changes, { notes, mark }] = await Promise.all([read.changes(id), read.remarks(id)]);
  return {
    ...known,
    at: time,
    changes: changes.filter((change) => change.at <= time),
    remarks: { notes: notes.filter((note) => note.at <= time), mark: mark && mark.at <= time ? mark : null },
  };
}
