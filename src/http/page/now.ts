// The front page: what stands out at this moment, most pressing first.
import type { OfficialIncident } from '../../core/official.js';
import { isSignal } from '../../core/post.js';
import type { Incident, IncidentState, Spike } from '../../core/signal.js';
import { day, hour } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { type Filters, incidentPasses } from '../filters.js';
import { html, type Markup } from '../html.js';
import { officialOf } from '../official.js';
import type { SeriesStep } from '../series.js';
import { byWeight } from '../services-now.js';
import { sparkline } from './chart.js';
import { incidentRows } from './lists.js';
import { leadWords, watchOf } from './official.js';
import { quotes } from './quotes.js';
import { silence } from './silence.js';
import { windowOf } from './window.js';
import { chip, complaint, counted, lasting, num, places, stateWords, sureness, when } from './words.js';

/** Cards with a chart and quotes; further incidents are listed in a line each. */
const maxCards = 13;
/** Shortest and longest window of the small charts. */
const sparkMs = { least: 8 * hour, most: 7 * day };

const nameOf = (deps: RouteDeps, id: string) => deps.catalog.service(id)?.name ?? id;

/** The chart in words: its highest step beside what is usual then. */
function peakWords(steps: readonly SeriesStep[], stepMs: number): Markup | null {
  const peak = steps.reduce<SeriesStep | null>((a, b) => ((b.observed ?? 0) > (a?.observed ?? 0) ? b : a), null);
  if (!peak || peak.expected === null) return null;
  const usual =
    peak.expected < 0.5
      ? 'hardly any is usual'
      : html`about ${num(peak.expected)} ${peak.expected < 1.05 ? 'is' : 'are'} usual`;
  return html`<p class="peak">At most ${num(peak.observed ?? 0)} in ${lasting(stepMs)}, where ${usual}.</p>`;
}

/** What the provider says of it, in a line; nothing where nobody reads its page. */
function officialWord(deps: RouteDeps, incident: Incident, official: readonly OfficialIncident[]): Markup | null {
  const [first] = official;
  const said = first
    ? html`${first.title}, ${leadWords(first, incident.detectedAt)}`
    : watchOf(deps.health(), deps.catalog, incident.service) === 'read' && 'nothing reported';
  return said ? html`<p class="sure"><b>Official word:</b> ${said}.</p>` : null;
}

async function card(deps: RouteDeps, incident: Incident, now: number, lead: boolean): Promise<Markup> {
  const key = {
    service: incident.service,
    region: incident.regions.length === 1 ? (incident.regions[0] as string) : '*',
  };
  // Enough of the quiet before it to see it rise.
  const spanMs = Math.min(Math.max(2.5 * (now - incident.startedAt), sparkMs.least), sparkMs.most);
  const { from, stepMs } = windowOf(deps, now - spanMs, now, false, 100);
  const [{ official }, steps, evidence] = await Promise.all([
    officialOf(incident, deps),
    deps.series(key, { from, to: now, stepMs }),
    deps.read.evidence(incident.service, incident.startedAt, Number.MAX_SAFE_INTEGER, { limit: 12 }),
  ]);
  const name = nameOf(deps, incident.service);
  const url = `/incidents/${encodeURIComponent(incident.id)}`;
  const spill = incident.possibleSpilloverOf.map((s) => nameOf(deps, s.service)).join(', ');
  const shown = evidence.items.filter((e) => isSignal(e.kind) && e.text !== null).slice(0, lead ? 5 : 3);
  const drawn = sparkline(steps, {
    stepMs,
    until: now,
    title: `Reports about ${name} against what was to be expected, until now`,
    shades: [{ from: incident.startedAt, to: incident.resolvedAt ?? now }],
  });
  return html`<article class="card ${incident.state}" id="${incident.id}" data-state="${incident.state}" data-category="${deps.catalog.service(incident.service)?.category ?? 'other'}">
<div class="told"><header>${chip(incident.state)}<h2><a href="${url}">${name}</a></h2></header>
<p class="lede"><strong>${counted(incident.authors, 'person', 'people')}</strong> ${incident.authors === 1 ? 'says' : 'say'} ${complaint(incident)}, ${places(incident.regions, deps.catalog)}.</p>
<p class="since">Since ${when(incident.startedAt, now - incident.startedAt > day ? 'day' : 'clock')}, ${lasting(Math.max(0, now - incident.startedAt))}. ${counted(incident.reports, 'report', 'reports')} in all.</p>
<a class="spark" href="${url}" tabindex="-1" aria-hidden="true">${drawn}</a>
${peakWords(steps, stepMs)}
<p class="sure"><b>How sure:</b> ${sureness(incident, deps.widthMs)}</p>
${officialWord(deps, incident, official)}
${spill && html`<p class="spill">May be a spill-over of ${spill}.</p>`}</div>
${shown.length > 0 && quotes(shown, deps.catalog, 'short')}
</article>`;
}

function heldBack(deps: RouteDeps, spikes: readonly Spike[]): Markup | null {
  if (spikes.length === 0) return null;
  return html`<section id="held"><h2 class="rule">Loud, but held back</h2>
<p class="hint">These stand out from the usual, yet the voices are not independent enough to be called an incident.</p>
<ul class="rows">${spikes.map((s) => html`<li><a href="/services/${encodeURIComponent(s.service)}">${nameOf(deps, s.service)}</a><span>${places([s.region], deps.catalog)}</span><span>${s.heldBack}</span></li>`)}</ul></section>`;
}

function past(deps: RouteDeps, incidents: readonly Incident[]): Markup | null {
  if (incidents.length === 0) return null;
  return html`<section id="past"><h2 class="rule">Over in the last day</h2>
<ul class="rows">${incidents.map((i) => html`<li><a href="/incidents/${encodeURIComponent(i.id)}">${nameOf(deps, i.service)}</a><span>${counted(i.authors, 'person', 'people')}, ${places(i.regions, deps.catalog)}</span><span>${when(i.startedAt)}, ${lasting((i.resolvedAt ?? i.startedAt) - i.startedAt)}</span></li>`)}</ul></section>`;
}

/** What is reported too, besides the open incidents. */
function murmur(
  deps: RouteDeps,
  activity: { service: string; reports: number; authors: number }[],
  open: readonly Incident[],
): Markup | null {
  const told = new Set(open.map((i) => i.service));
  const top = activity
    .filter((a) => !told.has(a.service))
    .sort((a, b) => b.authors - a.authors)
    .slice(0, 12);
  if (top.length === 0) return null;
  return html`<section id="murmur"><h2 class="rule">${open.length > 0 ? 'Also reported' : 'Most reported'} in the last hour</h2>
<p class="hint">Some trouble is always reported somewhere. Only what exceeds the usual becomes an incident.</p>
<ol class="murmur">${top.map((a) => html`<li><a href="/services/${encodeURIComponent(a.service)}">${nameOf(deps, a.service)}</a> <span>${num(a.authors)}</span></li>`)}</ol></section>`;
}

/** What the reader wants to see of what stands out. */
export interface NowFilters extends Filters {
  state?: IncidentState;
}

/** Choices for what is open; nothing to choose from a few. */
function choices(deps: RouteDeps, open: readonly Incident[], filters: NowFilters): Markup | null {
  const active = Boolean(filters.category || filters.region || filters.state);
  if (open.length <= 3 && !active) return null;
  const regions = [...new Set(open.flatMap((i) => i.regions))].filter((r) => r !== '*').sort();
  const select = (
    name: 'category' | 'region' | 'state',
    label: string,
    values: string[],
    words: (v: string) => string,
  ) =>
    html`<label>${label} <select name="${name}"><option value="">all</option>${[...new Set([...values, filters[name] ?? ''])].filter(Boolean).map((v) => html`<option value="${v}"${v === filters[name] ? html` selected` : null}>${words(v)}</option>`)}</select></label>`;
  return html`<form class="choices" action="/">${select(
    'category',
    'What',
    [...new Set(open.map((i) => deps.catalog.service(i.service)?.category ?? 'other'))].sort(),
    (v) => v,
  )}${select('region', 'Where', regions, (v) => places([v], deps.catalog))}${select(
    'state',
    'State',
    [...new Set(open.map((i) => i.state))],
    (v) => stateWords[v as IncidentState].label,
  )}<button>Show</button>${active && html` <a href="/">Show all</a>`}</form>`;
}

export async function nowPage(
  deps: RouteDeps,
  filters: NowFilters = {},
): Promise<{ body: Markup; judgedUntil: number | null; title: string }> {
  const judgedUntil = await deps.read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const [open, spikes, resolved, activity, seen] = await Promise.all([
    deps.read.openIncidents(),
    deps.read.openSpikes(),
    deps.read.incidents({ state: 'resolved', since: now - day, limit: 10 }),
    deps.read.activity(now - hour, now),
    deps.read.seen(now - hour, now),
  ]);
  const incidents = open
    .filter((i) => (!filters.state || i.state === filters.state) && incidentPasses(i, filters, deps.catalog))
    .sort(byWeight);
  const cards = await Promise.all(
    incidents.slice(0, maxCards).map((incident, i) => card(deps, incident, now, i === 0)),
  );
  const more = incidents.slice(maxCards);
  const posts = seen.reduce((sum, s) => sum + s.posts, 0);
  const quiet = silence(deps, judgedUntil, posts);
  const said = incidents.length
    ? incidents.length < open.length
      ? html`<h1>${num(incidents.length)} of ${num(open.length)} that stand out</h1>`
      : html`<h1>${counted(incidents.length, 'service stands', 'services stand')} out</h1>`
    : open.length > 0
      ? html`<h1>None of ${num(open.length)} open incidents is like that</h1>`
      : html`<h1>${quiet.title}</h1><p class="hint">${quiet.hint}</p>`;
  const body = html`<section id="now" class="${open.length > 0 ? 'loud' : quiet.look}" data-live>${said}${choices(deps, open, filters)}
<div class="cards">${cards}</div>
${more.length > 0 && html`<h2 class="rule">And ${num(more.length)} more</h2>${incidentRows(deps, more)}`}
</section>
<div id="rest" data-live>${heldBack(
    deps,
    spikes.filter((s) => s.heldBack !== null),
  )}${past(deps, resolved.items)}${murmur(deps, activity, open)}</div>`;
  const title = incidents.length
    ? `(${incidents.length}) Outcry: ${incidents
        .slice(0, 3)
        .map((i) => nameOf(deps, i.service))
        .join(', ')}`
    : `Outcry: ${quiet.title.toLowerCase()}`;
  return { body, judgedUntil, title };
}
