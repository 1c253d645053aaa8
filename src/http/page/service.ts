// The page of one service: its counts against the usual over a chosen time, what and where, its incidents, its kin.
import type { Service } from '../../core/catalog.js';
import { speaksFor } from '../../core/official.js';
import { day, toIso } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { readServicesNow } from '../services-now.js';
import { chart } from './chart.js';
import { compareChoice } from './compare.js';
import { lines } from './lines.js';
import { incidentRows } from './lists.js';
import { officialSection, watchOf } from './official.js';
import { reportForm } from './report-form.js';
import { symptomSection } from './symptoms.js';
import { whereSection } from './where.js';
import { type Range, ranges, type Window } from './window.js';
import { chip, counted, places } from './words.js';
import { type Edges, zoomLinks } from './zoom.js';

/** Longest time over which reports are divided by symptom and place. */
const maxTallyMs = 31 * day;

export interface ServiceView {
  range: Range;
  window: Window;
  /** True when the window was chosen by its edges. */
  zoomed: boolean;
  region: string;
  /** Services in the same chart. */
  compare: readonly Service[];
  /** True just after a reader's report was taken. */
  reported: boolean;
}

/** Address of the page with other choices than those of the view. */
function hrefOf(service: Service, view: ServiceView) {
  return (change: { range?: string; region?: string; compare?: readonly string[]; edges?: Edges | null }): string => {
    const { range = view.range, region = view.region, compare = view.compare.map((s) => s.id) } = change;
    const query = new URLSearchParams();
    const own = { since: toIso(view.window.from), ...(view.window.fixed && { until: toIso(view.window.to) }) };
    const edges =
      change.edges ?? (view.zoomed && change.range === undefined && change.edges === undefined ? own : null);
    if (edges) for (const [key, value] of Object.entries(edges)) query.set(key, value);
    // The range stays in the address of a zoomed chart: it is what "the whole" goes back to.
    if (range !== '24h') query.set('range', range);
    if (region !== '*') query.set('region', region);
    if (compare.length > 0) query.set('compare', compare.join(','));
    return `/services/${encodeURIComponent(service.id)}${query.size > 0 ? `?${query}` : ''}`;
  };
}

function related(service: Service, { catalog }: RouteDeps): Markup {
  const link = (id: string) =>
    html`<a href="/services/${encodeURIComponent(id)}">${catalog.service(id)?.name ?? id}</a>`;
  const list = (ids: readonly string[]) => ids.map((id, i) => html`${i ? ', ' : ''}${link(id)}`);
  const parts = catalog.services.filter((s) => s.parent === service.id).map((s) => s.id);
  return html`<section><h2 class="rule">Related</h2><dl class="facts">
${parts.length > 0 && html`<div><dt>Parts</dt><dd>${list(parts)}</dd></div>`}
${service.dependsOn.length > 0 && html`<div><dt>Needs</dt><dd>${list(service.dependsOn)}</dd></div>`}
${service.regions && html`<div><dt>At home in</dt><dd>${places(service.regions, catalog)}</dd></div>`}
<div class="wide"><dt>People write</dt><dd class="plain">${[service.name, ...service.aliases].slice(0, 12).join(', ')}</dd></div>
</dl></section>`;
}

export async function servicePage(
  deps: RouteDeps,
  service: Service,
  view: ServiceView,
): Promise<{ body: Markup; judgedUntil: number | null; title: string; feed: string }> {
  const { window, region, compare, zoomed } = view;
  const { from, to, stepMs } = window;
  const judgedUntil = await deps.read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const { catalog, read } = deps;
  const brief = to - from <= maxTallyMs;
  const shown = [service, ...compare];
  const [all, incidents, spikes, fares, tally, breakdown, notices] = await Promise.all([
    Promise.all(shown.map((s) => deps.series({ service: s.id, region }, { from, to, stepMs }))),
    read.incidents({ service: service.id, limit: 25 }),
    read.spikes({ service: service.id, since: from, limit: 100 }),
    readServicesNow(deps),
    brief ? read.tally(service.id, from, to) : null,
    brief ? read.breakdown(service.id, from, to, stepMs) : [],
    read.official({ services: [service.id, ...catalog.ancestors(service.id)], since: from, until: to + 1, limit: 50 }),
  ]);
  // What it is a part of may speak for it too, as it does for its incidents.
  const official = notices.items
    .filter(
      (n) =>
        n.service === service.id || speaksFor(n, { service: service.id, startedAt: n.startedAt, until: to }, catalog),
    )
    .slice(0, 10);
  const fare = fares(service);
  const href = hrefOf(service, view);
  const seenRegions = [...new Set(spikes.items.map((s) => s.region))].filter((r) => r !== region).slice(0, 8);
  const where = tally && (await whereSection(deps, service.id, tally, { from, to }, (r) => href({ region: r })));
  const span = zoomed ? 'in the chosen time' : `the last ${view.range}`;
  const live = {
    id: 'chart',
    stepMs,
    until: to,
    zoom: zoomLinks(window, now, { href: (edges) => href({ edges }), zoomed }),
    lines: shown.map((s) => s.name),
    title:
      compare.length > 0
        ? `Reports about ${shown.map((s) => s.name).join(', ')}, ${span}`
        : `Reports about ${service.name} against what was to be expected, ${span}`,
    shades: incidents.items.map((i) => ({ from: i.startedAt, to: i.resolvedAt ?? now })),
  };
  const pills = ranges.map(
    (r) =>
      html`<a class="pill" href="${href({ range: r })}"${r === view.range && !zoomed ? html` aria-current="true"` : null}>${r}</a>`,
  );
  const regionPills = [...new Set(['*', region, ...seenRegions])].map(
    (r) =>
      html`<a class="pill" href="${href({ region: r })}"${r === region ? html` aria-current="true"` : null}>${places([r], catalog)}</a>`,
  );
  const hidden = {
    ...(view.range !== '24h' && { range: view.range }),
    ...(zoomed && { since: toIso(from), ...(window.fixed && { until: toIso(to) }) }),
    ...(region !== '*' && { region }),
  };
  const body = html`<article class="service">
<section id="head" data-live>
<p class="kicker">${chip(fare.state)} <span>${service.category}</span>${service.parent && html` <span>part of <a href="/services/${encodeURIComponent(service.parent)}">${catalog.service(service.parent)?.name ?? service.parent}</a></span>`}</p>
<h1>${service.name}</h1>
<p class="lede">${fare.authorsLastHour === 0 ? 'Nobody' : counted(fare.authorsLastHour, 'person', 'people')} reported trouble in the last hour${fare.reportsLastHour > fare.authorsLastHour && html`, with ${counted(fare.reportsLastHour, 'post', 'posts')}`}.${fare.incident && html` <a href="/incidents/${encodeURIComponent(fare.incident)}">See the open incident</a>.`}</p>
</section>
<section id="reports" data-live><h2 class="rule">${compare.length > 0 ? 'Reports side by side' : 'Reports against the usual'}, ${places([region], catalog)}</h2>
<div class="ranges"><div role="group" aria-label="Time shown">${pills}</div>${(region !== '*' || seenRegions.length > 0) && html`<div role="group" aria-label="Place">${regionPills}</div>`}</div>
${compare.length > 0 ? lines(all, live) : chart(all[0] ?? [], live)}
${compareChoice(catalog, service, compare, (ids) => href({ compare: ids }), hidden)}</section>
${brief ? html`${symptomSection(breakdown, window)}${where}` : html`<div id="symptoms" data-live><h2 class="rule">What fails, and where</h2><p class="hint">That is told for up to a month at once: choose a shorter time.</p></div><div id="where" data-live></div>`}
${officialSection(official, service, { catalog, watch: watchOf(deps.health(), catalog, service.id), detectedAt: null })}
<section id="incidents" data-live><h2 class="rule">Incidents</h2>${incidents.items.length > 0 ? incidentRows(deps, incidents.items) : html`<p class="hint">None so far.</p>`}</section>
${deps.readers && reportForm(service, catalog, view.reported)}
${related(service, deps)}
</article>`;
  return {
    body,
    judgedUntil,
    title: `${service.name} – Outcry`,
    feed: `/feeds/services/${encodeURIComponent(service.id)}.atom`,
  };
}
