// From the words inside to the words outside: names beside ids, ISO times, nothing that is not meant to leave.
import type { Catalog } from '../core/catalog.js';
import type { Evidence, Remarks, SourceHealth } from '../core/ports.js';
import { falseAlarmsPerWeek, type Incident, type IncidentChange, type Spike } from '../core/signal.js';
import { toIso } from '../core/time.js';
import type { ServerDeps } from './deps.js';
import { safeUrl } from './html.js';
import type { EvidenceOut } from './schemas/evidence.js';
import type { IncidentOut } from './schemas/incident.js';
import type { StepOut } from './schemas/series.js';
import type { SpikeOut } from './schemas/spike.js';
import type { SeriesStep } from './series.js';

const isoOrNull = (t: number | null) => (t === null ? null : toIso(t));
const round = (n: number) => Math.round(n * 1000) / 1000;

function serviceWords(catalog: Catalog, id: string) {
  const service = catalog.service(id);
  return { service: id, serviceName: service?.name ?? id, category: service?.category ?? ('other' as const) };
}

/** Facts of the installation that words outside are made with. */
type Facts = Pick<ServerDeps, 'catalog' | 'widthMs'>;

/** @param base address of this server, without a slash at its end. */
export function presentIncident(incident: Incident, { catalog, widthMs }: Facts, base: string): IncidentOut {
  const i = incident;
  return {
    id: i.id,
    ...serviceWords(catalog, i.service),
    state: i.state,
    startedAt: toIso(i.startedAt),
    detectedAt: toIso(i.detectedAt),
    peakAt: toIso(i.peakAt),
    resolvedAt: isoOrNull(i.resolvedAt),
    regions: i.regions,
    touched: i.touched,
    reports: i.reports,
    authors: i.authors,
    platforms: i.platforms,
    unlocated: round(i.unlocated),
    symptoms: i.symptoms as Record<string, number>,
    surprise: round(i.surprise),
    falseAlarmsPerWeek: falseAlarmsPerWeek(i.surprise, widthMs),
    possibleSpilloverOf: i.possibleSpilloverOf.map((s) => ({ service: s.service, overlap: round(s.overlap) })),
    blamed: i.blamed,
    method: i.method,
    url: `${base}/incidents/${encodeURIComponent(i.id)}`,
  };
}

export function presentSpike(spike: Spike, { catalog, widthMs }: Facts): SpikeOut {
  return {
    id: spike.id,
    ...serviceWords(catalog, spike.service),
    region: spike.region,
    startedAt: toIso(spike.startedAt),
    detectedAt: toIso(spike.detectedAt),
    peakAt: toIso(spike.peakAt),
    endedAt: isoOrNull(spike.endedAt),
    surprise: round(spike.surprise),
    falseAlarmsPerWeek: falseAlarmsPerWeek(spike.surprise, widthMs),
    reports: spike.reports,
    expected: round(spike.expected),
    authors: spike.authors,
    heldBack: spike.heldBack,
  };
}

/** What operators say of an incident; who said it stays inside. */
export function presentRemarks({ notes, mark }: Remarks) {
  return {
    notes: notes.map((note) => ({ at: toIso(note.at), text: note.text })),
    mark: mark && { at: toIso(mark.at), mark: mark.mark, target: mark.target },
  };
}

export function presentChange(change: IncidentChange) {
  return { at: toIso(change.at), from: change.from, to: change.to, reason: change.reason };
}

const excerptLength = 400;

/** The words of a post, cut between words when they are many. */
export function excerptOf(text: string | null): string | null {
  if (text === null || text.length <= excerptLength) return text;
  return `${text.slice(0, excerptLength).replace(/\s+\S*$|[\ud800-\udbff]$/, '')} …`;
}

export function presentEvidence(evidence: Evidence): EvidenceOut {
  return {
    id: evidence.postId,
    platform: evidence.platform,
    source: evidence.source,
    excerpt: excerptOf(evidence.text),
    url: safeUrl(evidence.url),
    lang: evidence.lang,
    createdAt: toIso(evidence.createdAt),
    kind: evidence.kind,
    score: round(evidence.score),
    symptom: evidence.symptom,
    region: evidence.region,
    why: evidence.why,
  };
}

export function presentStep(step: SeriesStep): StepOut {
  return { ...step, t: toIso(step.t) };
}

/** @param perMinute posts read and matched per minute of late. */
export function presentSource(s: SourceHealth, perMinute: { posts: number; matches: number }) {
  return {
    name: s.name,
    kind: s.kind,
    state: s.state,
    lastAliveAt: isoOrNull(s.lastAliveAt),
    lastPostAt: isoOrNull(s.lastPostAt),
    posts: s.posts,
    matches: s.matches,
    postsPerMinute: round(perMinute.posts),
    matchesPerMinute: round(perMinute.matches),
    skipped: s.skipped,
    lastSkip: s.lastSkip,
    lastError: s.lastError,
    errors: s.errors,
    nextTryAt: isoOrNull(s.nextTryAt),
    requestsLeft: s.requestsLeft,
  };
}
