// The page of one incident: what is reported, since when, how it went, on what evidence.
import type { Catalog } from '../../core/catalog.js';
import type { Evidence, Remarks } from '../../core/ports.js';
import { isSignal } from '../../core/post.js';
import type { Incident, IncidentChange } from '../../core/signal.js';
import { day, hour, toIso } from '../../core/time.js';
import { citationOf } from '../citation.js';
import type { RouteDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { intervals } from '../query.js';
import { fittingStep, possibleSteps } from '../series.js';
import { chart } from './chart.js';
import { quotes } from './quotes.js';
import { splits } from './splits.js';
import { chip, complaint, counted, lasting, num, places, share, stateWords, sureness, when } from './words.js';

/** Posts read for the page; the newest of each kind are shown. */
const maxPosts = 300;

function fact(term: string, value: Markup | string): Markup {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** Changes of state, with the start and the peak of the reports among them. */
function timeline(incident: Incident, changes: readonly IncidentChange[]): Markup {
  const events = [
    { at: incident.startedAt, name: '', title: 'Began', text: 'Reports begin to rise.' },
    { at: incident.peakAt, name: '', title: 'Peak', text: 'Most reports come in.' },
    ...changes.map((c) => ({ at: c.at, name: c.to as string, title: stateWords[c.to].label, text: c.reason })),
  ].sort((a, b) => a.at - b.at);
  return html`<ol class="timeline">${events.map((e) => html`<li class="${e.name}">${when(e.at, 'day')} <strong>${e.title}</strong><p>${e.text}</p></li>`)}</ol>`;
}

/** The newest posts by what they are evidence of. */
function voices(items: readonly Evidence[], catalog: Catalog): Markup {
  const groups = [
    ['What people say', items.filter((e) => isSignal(e.kind)).slice(0, 30)],
    ['It works again, some say', items.filter((e) => e.kind === 'recovery').slice(0, 8)],
    ['News and the like', items.filter((e) => e.kind === 'news').slice(0, 8)],
  ] as const;
  return html`${groups.map(([title, posts]) => posts.length > 0 && html`<h2 class="rule">${title}</h2>${quotes(posts, catalog, 'long')}`)}`;
}

/** What operators say of it. */
function operatorWords({ notes, mark }: Remarks): Markup | null {
  if (notes.length === 0 && mark === null) return null;
  const verdict =
    mark?.mark === 'merged'
      ? html`a part of <a href="/incidents/${encodeURIComponent(mark.target ?? '')}">${mark.target}</a>`
      : 'a false alarm';
  return html`<section id="remarks"><h2 class="rule">Notes of the operators</h2>${mark && html`<p><strong>They take this to be ${verdict}.</strong> ${when(mark.at, 'day')}</p>`}${notes.map((n) => html`<p>${when(n.at, 'day')} ${n.text}</p>`)}</section>`;
}

export async function incidentPage(
  deps: RouteDeps,
  incident: Incident,
  base: string,
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
  const [remarks, steps, changes, evidence, tally, spikes] = await Promise.all([
    deps.read.remarks(incident.id),
    deps.series({ service: incident.service, region }, { from, to, stepMs }),
    deps.read.changes(incident.id),
    deps.read.evidence(incident.service, incident.startedAt, incident.resolvedAt ?? Number.MAX_SAFE_INTEGER, {
      limit: maxPosts,
    }),
    deps.read.tally(incident.service, incident.startedAt, incident.resolvedAt ?? Number.MAX_SAFE_INTEGER),
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
${operatorWords(remarks)}
<section><h2 class="rule">Reports against the usual</h2>${chart(steps, { id: 'chart', src, stepMs, title: `Reports about ${name} against what was to be expected`, shades: [{ from: incident.startedAt, to: end }] })}</section>
${splits(tally, deps.catalog)}
<section id="course" data-live><h2 class="rule">How it went</h2>${timeline(incident, changes)}${held.length > 0 && html`<p class="hint">Held back meanwhile: ${held.map((s, i) => html`${i ? '; ' : ''}${places([s.region], deps.catalog)} (${s.heldBack})`)}.</p>`}</section>
<section id="evidence" data-live>${voices(evidence.items, deps.catalog)}<p class="hint">Authors are never shown. All posts: <a href="/api/v1/incidents/${encodeURIComponent(incident.id)}/evidence?format=csv">CSV</a>, <a href="/api/v1/incidents/${encodeURIComponent(incident.id)}/evidence">JSON</a>.</p></section>
<section id="cite"><h2 class="rule">To cite this</h2>
<p class="citation" id="wording">${citationOf(incident, deps.catalog, now).text}</p>
<p class="tools"><button type="button" data-copy="wording" hidden>Copy the wording</button> <button type="button" data-copy="frame" hidden>Copy the embed code</button> <a href="${`${src}&format=csv`}">Counts as CSV</a> <a href="/api/v1/incidents/${encodeURIComponent(incident.id)}/cite">Citation as data</a></p>
<details><summary>Embed the state of ${name}</summary><pre id="frame">${html`<iframe src="${base}/embed/${encodeURIComponent(incident.service)}" width="480" height="210" title="${name}" loading="lazy"></iframe>`.text}</pre></details>
</section>
</article>`;
  return { body, judgedUntil, title: `${name}: ${stateWords[incident.state].label} – Outcry` };
}
