// The page of one service: its counts against the usual over a chosen time, its incidents, its kin.
import type { Service } from '../../core/catalog.js';
import { day, parseDuration, toIso } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { intervals } from '../query.js';
import { fittingStep, possibleSteps } from '../series.js';
import { readServicesNow } from '../services-now.js';
import { chart } from './chart.js';
import { incidentRows } from './lists.js';
import { splits } from './splits.js';
import { chip, counted, places } from './words.js';

export const ranges = ['6h', '24h', '7d', '30d', '90d', '365d'] as const;
/** Longest time over which reports are divided by symptom and place. */
const maxTallyMs = 31 * day;
export type Range = (typeof ranges)[number];

export async function servicePage(
  deps: RouteDeps,
  service: Service,
  { range, region }: { range: Range; region: string },
): Promise<{ body: Markup; judgedUntil: number | null; title: string; feed: string }> {
  const judgedUntil = await deps.read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const spanMs = parseDuration(range) as number;
  const choices = possibleSteps(deps.widthMs, Object.values(intervals)).filter((c) => c >= deps.widthMs);
  const stepMs = fittingStep(spanMs, 220, choices);
  const from = now - spanMs;
  const [steps, incidents, spikes, fares, tally] = await Promise.all([
    deps.series({ service: service.id, region }, { from, to: now, stepMs }),
    deps.read.incidents({ service: service.id, limit: 25 }),
    deps.read.spikes({ service: service.id, since: from, limit: 100 }),
    readServicesNow(deps),
    spanMs <= maxTallyMs ? deps.read.tally(service.id, from, now) : null,
  ]);
  const fare = fares(service);
  const { catalog } = deps;
  const interval = Object.keys(intervals).find((k) => intervals[k] === stepMs) as string;
  const src = `/api/v1/series?${new URLSearchParams({ service: service.id, region, interval, since: toIso(from) })}`;
  const path = `/services/${encodeURIComponent(service.id)}`;
  const link = (id: string) =>
    html`<a href="/services/${encodeURIComponent(id)}">${catalog.service(id)?.name ?? id}</a>`;
  const list = (ids: readonly string[]) => ids.map((id, i) => html`${i ? ', ' : ''}${link(id)}`);
  const parts = catalog.services.filter((s) => s.parent === service.id).map((s) => s.id);
  const seenRegions = [...new Set(spikes.items.map((s) => s.region))].filter((r) => r !== region).slice(0, 8);
  const rangeHref = (r: string, where = region) =>
    `${path}?${new URLSearchParams({ range: r, ...(where === '*' ? {} : { region: where }) })}`;
  const body = html`<article class="service">
<section id="head" data-live>
<p class="kicker">${chip(fare.state)} <span>${service.category}</span>${service.parent && html` <span>part of ${link(service.parent)}</span>`}</p>
<h1>${service.name}</h1>
<p class="lede">${fare.authorsLastHour === 0 ? 'Nobody' : counted(fare.authorsLastHour, 'person', 'people')} reported trouble in the last hour${fare.reportsLastHour > fare.authorsLastHour && html`, with ${counted(fare.reportsLastHour, 'post', 'posts')}`}.${fare.incident && html` <a href="/incidents/${encodeURIComponent(fare.incident)}">See the open incident</a>.`}</p>
</section>
<section><h2 class="rule">Reports against the usual, ${places([region], catalog)}</h2>
<p class="ranges" role="group" aria-label="Time shown">${ranges.map((r) => html`<a href="${rangeHref(r)}"${r === range ? html` aria-current="true"` : null}>${r}</a>`)}${(region !== '*' || seenRegions.length > 0) && html`<span class="sep"></span>${['*', ...seenRegions].filter((r) => r !== region).map((r) => html`<a href="${rangeHref(range, r)}">${places([r], catalog)}</a>`)}`}</p>
${chart(steps, {
  id: 'chart',
  src,
  stepMs,
  title: `Reports about ${service.name} against what was to be expected, the last ${range}`,
  shades: incidents.items.map((i) => ({ from: i.startedAt, to: i.resolvedAt ?? now })),
})}</section>
${tally && splits(tally, catalog)}
<section id="incidents" data-live><h2 class="rule">Incidents</h2>${incidents.items.length > 0 ? incidentRows(deps, incidents.items) : html`<p class="hint">None so far.</p>`}</section>
<section><h2 class="rule">Related</h2><dl class="facts">
${parts.length > 0 && html`<div><dt>Parts</dt><dd>${list(parts)}</dd></div>`}
${service.dependsOn.length > 0 && html`<div><dt>Needs</dt><dd>${list(service.dependsOn)}</dd></div>`}
${service.regions && html`<div><dt>At home in</dt><dd>${places(service.regions, catalog)}</dd></div>`}
<div><dt>Official word</dt><dd>${service.statusPage ? html`<a href="${service.statusPage}" rel="noopener">status page</a>` : 'no status page known'}</dd></div>
<div><dt>People write</dt><dd class="plain">${[service.name, ...service.aliases].slice(0, 12).join(', ')}</dd></div>
</dl></section>
</article>`;
  return { body, judgedUntil, title: `${service.name} – Outcry`, feed: `/feeds${path}.atom` };
}
