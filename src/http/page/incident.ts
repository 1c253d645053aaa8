// The page of one incident: what is reported, since when, how it went, on what evidence.
import { isSignal } from '../../core/post.js';
import type { Incident, IncidentChange } from '../../core/signal.js';
import { day, hour, toIso } from '../../core/time.js';
import { citationOf } from '../citation.js';
import type { ServerDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { intervals } from '../query.js';
import { fittingStep, possibleSteps, readSeries } from '../series.js';
import { chart } from './chart.js';
import { quotes } from './quotes.js';
import {
  chip,
  complaint,
  counted,
  lasting,
  num,
  places,
  share,
  stateWords,
  sureness,
  symptomsOf,
  symptomWords,
  when,
} from './words.js';

/** Rows that the split by region is computed from; beyond it the page would be slow. */
const maxReports = 50_000;

function fact(term: string, value: Markup | string): Markup {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** A list of shares as bars; the widths are classes of 5 %, as inline style is forbidden. */
export function bars(rows: readonly { label: string | Markup; n: number }[]): Markup {
  const total = rows.reduce((sum, r) => sum + r.n, 0) || 1;
  const most = Math.max(1, ...rows.map((r) => r.n));
  return html`<table class="bars"><tbody>${rows.map((r) => html`<tr><th scope="row">${r.label}</th><td><meter min="0" max="${most}" value="${r.n}"></meter></td><td class="n">${num(r.n)}</td><td class="n">${share(r.n / total)}</td></tr>`)}</tbody></table>`;
}

function timeline(changes: readonly IncidentChange[]): Markup {
  return html`<ol class="timeline">${changes.map((c) => html`<li class="${c.to}">${when(c.at, 'day')} <strong>${stateWords[c.to].label}</strong><p>${c.reason}</p></li>`)}</ol>`;
}

async function byRegion(deps: ServerDeps, incident: Incident): Promise<{ label: string; n: number }[]> {
  if (incident.reports > maxReports) return [];
  const rows = await deps.read.reports(
    incident.service,
    incident.startedAt,
    incident.resolvedAt ?? Number.MAX_SAFE_INTEGER,
  );
  const counts = new Map<string, number>();
  for (const row of rows) if (isSignal(row.kind)) counts.set(row.region ?? '', (counts.get(row.region ?? '') ?? 0) + 1);
  return [...counts]
    .map(([code, n]) => ({ label: code ? places([code], deps.catalog) : 'place not told', n }))
    .sort((a, b) => b.n - a.n)
    .slice(0, 15);
}

export async function incidentPage(
  deps: ServerDeps,
  incident: Incident,
): Promise<{ body: Markup; judgedUntil: number | null; title: string }> {
  const judgedUntil = await deps.read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const end = incident.resolvedAt ?? now;
  const margin = Math.max(6 * hour, (end - incident.startedAt) * 0.5);
  const from = Math.max(incident.startedAt - margin, incident.startedAt - 14 * day);
  const to = Math.min(now, end + margin / 2);
  const choices = possibleSteps(deps.widthMs, Object.values(intervals));
  const stepMs = fittingStep(
    to - from,
    200,
    choices.filter((c) => c >= deps.widthMs),
  );
  const region = incident.regions.length === 1 ? (incident.regions[0] as string) : '*';
  const [steps, changes, evidence, regions, spikes] = await Promise.all([
    readSeries(deps.read, { service: incident.service, region }, { from, to, stepMs, widthMs: deps.widthMs }),
    deps.read.changes(incident.id),
    deps.read.evidence(incident.service, incident.startedAt, incident.resolvedAt ?? Number.MAX_SAFE_INTEGER, {
      limit: 40,
    }),
    byRegion(deps, incident),
    deps.read.spikes({ service: incident.service, since: incident.startedAt - hour, until: end + 1, limit: 50 }),
  ]);
  const service = deps.catalog.service(incident.service);
  const name = service?.name ?? incident.service;
  const interval = Object.keys(intervals).find((k) => intervals[k] === stepMs) as string;
  const src = `/api/v1/series?${new URLSearchParams({ service: incident.service, region, interval, since: toIso(from), ...(incident.resolvedAt ? { until: toIso(to) } : {}) })}`;
  const held = spikes.items.filter((s) => s.heldBack !== null);
  const spill = incident.possibleSpilloverOf;
  const says = complaint(incident);
  const duration = lasting(Math.max(0, end - incident.startedAt));
  const body = html`<article class="incident">
<section id="head" data-live>
<p class="kicker">${chip(incident.state)} <a href="/services/${encodeURIComponent(incident.service)}">${name}</a></p>
<h1>${counted(incident.authors, 'person', 'people')} ${incident.resolvedAt ? 'said' : incident.authors === 1 ? 'says' : 'say'} ${says}</h1>
<p class="lede">${name}, ${places(incident.regions, deps.catalog)}: reports ${incident.resolvedAt ? 'were above normal' : 'have been above normal'} since ${when(incident.startedAt, 'day')}, ${duration}. ${stateWords[incident.state].means}</p>
<dl class="facts">
${fact('Began', when(incident.startedAt, 'day'))}
${fact('Raised', html`${when(incident.detectedAt)}, after ${lasting(Math.max(0, incident.detectedAt - incident.startedAt))}`)}
${fact('Peak', when(incident.peakAt))}
${fact('Over', incident.resolvedAt ? when(incident.resolvedAt, 'day') : 'not yet')}
${fact('Reports', num(incident.reports))}
${fact('People', num(incident.authors))}
${fact('Platforms', incident.platforms.join(', ') || 'none')}
${fact('Official word', service?.statusPage ? html`<a href="${service.statusPage}" rel="noopener">status page</a>` : 'no status page known')}
</dl>
<p class="sure"><b>How sure:</b> ${sureness(incident, deps.widthMs)}</p>
${spill.length > 0 && html`<p class="spill">May be a spill-over of ${spill.map((s, i) => html`${i ? ', ' : ''}<a href="/services/${encodeURIComponent(s.service)}">${deps.catalog.service(s.service)?.name ?? s.service}</a> (${share(s.overlap)} of the posts name it too)`)}.</p>`}
</section>
<section><h2 class="rule">Reports against the usual</h2>${chart(steps, { id: 'chart', src, stepMs, title: `Reports about ${name} against what was to be expected`, shades: [{ from: incident.startedAt, to: end }] })}</section>
<div class="pair" id="split" data-live>
<section><h2 class="rule">What fails</h2>${bars(symptomsOf(incident).map((s) => ({ label: symptomWords[s.symptom], n: s.reports })))}</section>
${regions.length > 0 && html`<section><h2 class="rule">Where</h2>${bars(regions)}</section>`}
</div>
<section id="course" data-live><h2 class="rule">How it went</h2>${timeline(changes)}${held.length > 0 && html`<p class="hint">Held back meanwhile: ${held.map((s, i) => html`${i ? '; ' : ''}${places([s.region], deps.catalog)} (${s.heldBack})`)}.</p>`}</section>
<section id="evidence" data-live><h2 class="rule">What people say</h2><p class="hint">The newest ${evidence.items.length} posts. Authors are never shown. All of them: <a href="/api/v1/incidents/${encodeURIComponent(incident.id)}/evidence">as data</a>.</p>${quotes(evidence.items, deps.catalog, 'long')}</section>
<section id="cite"><h2 class="rule">To cite this</h2><p class="citation">${citationOf(incident, deps.catalog, now).text}</p></section>
</article>`;
  return { body, judgedUntil, title: `${name}: ${stateWords[incident.state].label} – Outcry` };
}
