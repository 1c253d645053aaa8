// The stretch of time that a page shows, and the steps that it is shown in.
import { day, hour, parseDuration } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { intervals } from '../query.js';
import { fittingStep, possibleSteps } from '../series.js';

export const ranges = ['1h', '6h', '24h', '7d', '30d', '90d', '365d'] as const;
export type Range = (typeof ranges)[number];

export interface Window {
  from: number;
  to: number;
  /** True when it ends at a moment that the reader chose, not with what was judged last. */
  fixed: boolean;
  /** Width of its steps, ms, and the name of that interval. */
  stepMs: number;
  interval: string;
}

/** Steps that fit on a drawn chart. */
const maxSteps = 220;

/** The steps for a window, at most `points` of them. */
export function windowOf(
  deps: Pick<RouteDeps, 'widthMs'>,
  from: number,
  to: number,
  fixed: boolean,
  points = maxSteps,
): Window {
  const choices = possibleSteps(deps.widthMs, Object.values(intervals)).filter((c) => c >= deps.widthMs);
  const stepMs = fittingStep(to - from, points, choices);
  const interval = Object.keys(intervals).find((k) => intervals[k] === stepMs) as string;
  return { from, to, fixed, stepMs, interval };
}

/** The window that a reader chose: by its edges, at least an hour and at most a year apart, or as a range that ends now. */
export function chosenWindow(
  deps: Pick<RouteDeps, 'widthMs'>,
  choice: { range: Range; since?: number; until?: number },
  now: number,
): Window {
  const { since, until } = choice;
  if (since === undefined && until === undefined) {
    return windowOf(deps, now - (parseDuration(choice.range) as number), now, false);
  }
  const to = Math.min(until ?? now, now);
  const from = Math.max(Math.min(since ?? to - day, to - hour), to - 366 * day);
  return windowOf(deps, from, to, until !== undefined && until < now);
}
