// The words for what the crowd's reports add up to: Bucket, Reading, Spike, Incident.

import type { Symptom } from './post.js';
import { week } from './time.js';

/** One series: a service in a region (`*` = everywhere). */
export interface SeriesKey {
  service: string;
  region: string;
}

/** Reports of one series in one minute of event time. */
export interface Bucket extends SeriesKey {
  /** Start of the minute, epoch ms. */
  t: number;
  /** Reports and questions. */
  reports: number;
  /** Distinct authors not seen in this series in the 60 minutes before, so that authors add up over windows. */
  authors: number;
  /** Distinct sources; in a roll-up the largest number of its minutes. */
  sources: number;
  /** Width of a roll-up, ms; absent = one minute. */
  widthMs?: number;
}

/** One step of one series, as the detector saw it. */
export interface Point {
  /** Start of the step, epoch ms. */
  t: number;
  /** Count in the step; null = nobody looked (a gap, not a zero). */
  count: number | null;
}

/** What the detector says of one point. */
export interface Reading {
  t: number;
  /** null in a gap. */
  observed: number | null;
  /** Expected count and the central 95 % interval around it. */
  expected: number;
  low: number;
  high: number;
  /** -log10 of the chance per step; larger = more anomalous. */
  surprise: number;
  /** The surprise that opens an episode at this moment. */
  bar: number;
  /** The window (ms, ending with this step) in which the surprise is largest; 0 when nothing stands out. */
  windowMs: number;
  /** `open`: this step opens an episode; `escalate`: far more than at its opening; `close`: the episode is over. */
  alert: 'open' | 'escalate' | 'close' | null;
  /** True from the opening step on, until the episode closes. */
  active: boolean;
  /** True when the counts are back in the expected range although the episode is still open. */
  calming: boolean;
  /** In the series' first observed day, which never alerts: true on a step that stands out so far that nobody could miss it. */
  provisional: boolean;
}

/** The causal judge of one series: each point is judged by the past alone. */
export interface Detector {
  /** Judges the next step. Steps come in order; steps left out since the last one count as gaps. */
  step(point: Point): Reading;
  /** Keeps the step just judged from teaching the baseline anything (after the first day, in which learning does not wait). */
  forget(): void;
  /** State as bytes; `createDetector` restores it. */
  save(): Uint8Array;
}

/**
 * Alarms that chance alone would raise per series and week, were the bar at this surprise.
 * @param surprise -log10 of the chance per step.
 * @param widthMs width of a step.
 */
export function falseAlarmsPerWeek(surprise: number, widthMs: number): number {
  return (week / widthMs) * 10 ** -surprise;
}

/** A run of surprising readings of one series. */
export interface Spike extends SeriesKey {
  /** `service/region/start`, derived, stable. */
  id: string;
  startedAt: number;
  detectedAt: number;
  peakAt: number;
  endedAt: number | null;
  /** Largest surprise so far. */
  surprise: number;
  /** Reports since its start, and what was expected in that time. */
  reports: number;
  expected: number;
  authors: number;
  /** Why it opens no incident ("41 posts, 3 authors"); null when its evidence is independent. */
  heldBack: string | null;
}

export const incidentStates = ['watch', 'signal', 'confirmed', 'recovering', 'resolved', 'unknown'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** A service's spikes of all regions in one episode. */
export interface Incident {
  /** `service-20260712T0913Z`, derived from service and start. */
  id: string;
  service: string;
  state: IncidentState;
  /** When the reports began to rise, as far as the counts tell. */
  startedAt: number;
  detectedAt: number;
  peakAt: number;
  resolvedAt: number | null;
  /** Narrowest regions that explain the excess; `['*']` = everywhere. */
  regions: string[];
  /** All regions that reports came from, in the excess or not. */
  touched: string[];
  reports: number;
  authors: number;
  /** Distinct platforms that the reports came from. */
  platforms: string[];
  /** Share of reports whose region is unknown, 0..1. */
  unlocated: number;
  symptoms: Partial<Record<Symptom, number>>;
  surprise: number;
  /** Services whose own incident probably explains this one. */
  possibleSpilloverOf: { service: string; overlap: number }[];
  /** Services that its reports take for the cause, the most blamed first, and how many do. */
  blamed: { service: string; reports: number }[];
  /** Version of the detection method. */
  method: string;
}

/** One change of an incident's state. */
export interface IncidentChange {
  incident: string;
  at: number;
  from: IncidentState | null;
  to: IncidentState;
  reason: string;
}
