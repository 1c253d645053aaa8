// The states of an incident: what follows from where it stands and what is seen now.

import type { IncidentState } from '../core/signal.js';
import { minute } from '../core/time.js';
import { type EvidenceWeight, voicesToSignal } from './evidence.js';

/** A resolved incident of the same service that ended this recently goes on instead of a new one. */
export const reopenWithinMs = 60 * minute;
/** Counts of this long decide whether it is calm or rising again. */
export const lookMs = 15 * minute;
/** Calm of this long ends an incident; the shorter one when people say that it works again. */
const endAfterMs = 60 * minute;
const endAfterThanksMs = 20 * minute;
/** After calm began, this long passes before rising counts end it: one more burst is no relapse. */
const settleMs = 10 * minute;
const recoveriesToEnd = 2;

/** Where an incident stands: its state, since when, and the state before. */
export interface Standing {
  state: IncidentState;
  since: number;
  /** State before the present one; null for a new incident. */
  before: IncidentState | null;
}

/** What is seen of a service at the end of a step. */
export interface Sight {
  at: number;
  /** Its sources could not be read. */
  blind: boolean;
  /** A spike of the service is still open. */
  spiking: boolean;
  /** Authors in the last `lookMs`, and how many are usual. */
  recent: number;
  usual: number;
  evidence: Pick<EvidenceWeight, 'effective' | 'expected' | 'classes' | 'recoveries' | 'reports'> & {
    /** What an official page says of it, in words: a class of its own. */
    official?: string | null;
  };
  /** Authors in the last `lookMs` who say that it works again. */
  recoveriesNow: number;
}

export interface Step {
  to: IncidentState;
  reason: string;
}

/**
 * The next state of an incident, or null when it stays. Pure; one step at a time.
 * Calm and relapse have different bounds, and a relapse needs time to pass: so a count that wavers does not flap.
 */
export function nextState(standing: Standing, sight: Sight): Step | null {
  const { state, since, before } = standing;
  if (sight.blind)
    return state === 'unknown' || state === 'resolved' ? null : { to: 'unknown', reason: 'its sources cannot be read' };
  if (state === 'unknown') return { to: before ?? 'watch', reason: 'its sources can be read again' };
  const calm = isCalm(sight.recent, sight.usual);
  if (state === 'resolved') {
    if (sight.spiking && isRising(sight.recent, sight.usual) && sight.at - since <= reopenWithinMs)
      return {
        to: stronger(null, sight),
        reason: `reports rose again ${minutes(sight.at - since)} after the end`,
      };
    return null;
  }
  if (!sight.spiking) return { to: 'resolved', reason: 'reports are back at their usual level' };
  if (state === 'recovering') {
    const calmFor = sight.at - since;
    if (isRising(sight.recent, sight.usual) && calmFor >= settleMs)
      return {
        to: stronger(before, sight),
        reason: `reports rise again: ${sight.recent} authors in ${minutes(lookMs)}`,
      };
    if (calm && calmFor >= endAfterMs) return { to: 'resolved', reason: `calm for ${minutes(calmFor)}` };
    if (calm && calmFor >= endAfterThanksMs && sight.evidence.recoveries >= recoveriesToEnd)
      return {
        to: 'resolved',
        reason: `calm for ${minutes(calmFor)}, and ${sight.evidence.recoveries} people say that it works again`,
      };
    return null;
  }
  const thanked = sight.recoveriesNow >= recoveriesToEnd && sight.recoveriesNow * 2 >= sight.recent;
  if (calm || (thanked && !isRising(sight.recent, 2 * sight.usual)))
    return {
      to: 'recovering',
      reason: calm
        ? `${sight.recent} authors in ${minutes(lookMs)}, about ${sight.usual.toFixed(1)} are usual`
        : `${sight.recoveriesNow} people say that it works again`,
    };
  if (state === 'watch' && level(sight) !== 'watch') return { to: level(sight), reason: because(sight) };
  if (state === 'signal' && level(sight) === 'confirmed') return { to: 'confirmed', reason: because(sight) };
  return null;
}

/** The state that the evidence bears. */
export function level({ evidence }: Pick<Sight, 'evidence'>): 'watch' | 'signal' | 'confirmed' {
  const { effective, expected } = evidence;
  if (effective - expected < voicesToSignal || effective < 2 * expected) return 'watch';
  // At this level the crowd is a class, wherever it speaks: what a provider admits is the second one.
  return evidence.classes.length >= 2 || evidence.official ? 'confirmed' : 'signal';
}

/** The state to go back to: what the evidence of the last hours bears, but no less than what was shown before. */
function stronger(before: IncidentState | null, sight: Sight): IncidentState {
  const now = level(sight);
  return now === 'confirmed' || before === 'confirmed' ? 'confirmed' : before === 'watch' ? now : 'signal';
}

/** Why the evidence bears that state. */
export function because({ evidence }: Pick<Sight, 'evidence'>): string {
  const voices = `${evidence.reports} posts, about ${Math.round(evidence.effective)} independent voices`;
  if (level({ evidence }) !== 'confirmed') return voices;
  const others = evidence.classes.slice(0, 3).join(' and ');
  const crowd = evidence.classes.length >= 2 ? `${voices}, independently on ${others}` : voices;
  return evidence.official ? `${crowd}, and ${evidence.official}` : crowd;
}

/** No more than usual and two deviations (Poisson). */
export function isCalm(count: number, usual: number): boolean {
  return count <= usual + 2 * Math.sqrt(usual) + 1;
}

/** More than usual and five deviations, and no fewer than five. */
export function isRising(count: number, usual: number): boolean {
  return count >= 5 && count > usual + 5 * Math.sqrt(usual) + 1;
}

function minutes(ms: number): string {
  return `${Math.round(ms / minute)} minutes`;
}
