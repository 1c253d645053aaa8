// The page of one incident, which is its after-action report too: what, since when, how it went, on what evidence.
import type { Catalog } from '../../core/catalog.js';
import type { OfficialIncident } from '../../core/official.js';
import type { Evidence, Remarks } from '../../core/ports.js';
import { isSignal } from '../../core/post.js';
import type { Incident, Spike } from '../../core/signal.js';
import { day, hour, toIso } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { citable } from '../frozen.js';
import { html, type Markup } from '../html.js';
import { officialOf } from '../official.js';
import { chart } from './chart.js';
import { citeSection } from './cite.js';
import { leadWords, officialSection, type Watch, watchOf } from './official.js';
import { quotes } from './quotes.js';
import { symptomSection } from './symptoms.js';
import { timeline } from './timeline.js';
import { whereSection } from './where.js';
import { chosenWindow, windowOf } from './window.js';
import { chip, complaint, counted, lasting, num, places, share, stateWords, sureness, when } from './words.js';
import { type Edges, zoomLinks } from './zoom.js';

/** Posts read for the page; the newest of each kind are shown. */
const maxPosts = 300;

const watchWords: Record<Watch, string> = {
  read: 'nothing reported',
  away: 'cannot be read now',
  'not read': 'not watched',
};

function fact(term: string, value: Markup | string): Markup {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** The newest posts by what they are evidence of. */
function voices(items: readonly Evidence[], catalog: Catalog): Markup {
  const groups = [
    ['What people say', items.filter((e) => isSignal(e.kind)).slice(0, 18)],
    ['It works again, some say', items.filter((e) => e.kind === 'recovery').slice(0, 8)],
    ['News and the like', items.filter((e) => e.kind === 'news').slice(0, 8)],
  ] as const;
  return html`${groups.map(([title, posts]) => posts.length > 0 && html`<h2 class="rule">${title}</h2>${quotes(posts, catalog, 'long')}`)}`;
}

/** What operators say of it. */
export function operatorWords({ notes, mark }: Remarks): Markup | null {
  if (notes.length === 0 && mark === null) return null;
  const verdict =
    mark?.mark === 'merged'
      ? html`a part of <a href="/incidents/${encodeURIComponent(mark.target ?? '')}">${mark.target}</a>`
      : 'a false alarm';
  return html`<section><h2 class="rule">Notes of the operators</h2>${mark && html`<p><strong>They take this to be ${verdict}.</strong> ${when(mark.at, 'day')}</p>`}${notes.map((n) => html`<p>${when(n.at, 'day')} ${n.text}</p>`)}</section>`;
}

/** Which incidents of other services this one may come from, and which may come from it. */
function spillover(incident: Incident, others: readonly Incident[], catalog: Catalog): Markup | null {
  const name = (id: string) => catalog.service(id)?.name ?? id;
  const link = (id: string) => {
    const other = others.find((i) => i.service === id);
    return html`<a href="${other ? `/incidents/${encodeURIComponent(other.id)}` : `/services/${encodeURIComponent(id)}`}">${name(id)}</a>`;
  };
  const from = incident.possibleSpilloverOf;
  const into = others.filter((i) => i.possibleSpilloverOf.some((s) => s.service === incident.service));
  const beside = others.filter((i) => !into.includes(i) && !from.some((s) => s.service === i.service));
  const listed = (items: readonly Markup[]) => items.map((item, i) => html`${i ? ', ' : ''}${item}`);
  if (others.length === 0 && from.length === 0) return null;
  return html`<section><h2 class="rule">Beside it</h2>
${from.length > 0 && html`<p class="spill">May be a spill-over of ${listed(from.map((s) => html`${link(s.service)} (${share(s.overlap)} of the posts name it too)`))}.</p>`}
${into.length > 0 && html`<p class="spill">May spill over into ${listed(into.map((i) => link(i.service)))}.</p>`}
${beside.length > 0 && html`<p class="hint">At the same time: ${listed(beside.slice(0, 8).map((i) => link(i.service)))}.</p>`}</section>`;
}

function heldBack(held: readonly Spike[], catalog: Catalog): Markup | null {
  if (held.length === 0) return null;
  return html`<section><h2 class="rule">Held back meanwhile</h2><p class="hint">What stood out too, but not on independent evidence.</p><ul class="rows">${held.map((s) => html`<li><span>${places([s.region], catalog)}</span><span>${s.heldBack}</span><span>${when(s.startedAt, 'day')}</span></li>`)}</ul></section>`;
}

/**
 * What it is, since when, and how sure that is.
 * @param end its end, or up to when it is told, epoch ms.
 * @param word.nothing what is said where `official` is empty.
 */
export function headSection(
  deps: RouteDeps,
  incident: Incident,
  end: number,
  word: { official: readonly OfficialIncident[]; nothing: string },
): Markup {
  const { service: id, startedAt, resolvedAt, authors, regions, state } = incident;
  const name = deps.catalog.service(id)?.name ?? id;
  const duration = lasting(Math.max(0, end - startedAt));
  return html`<section id="head" data-live>
<p class="kicker">${chip(state)} <a href="/services/${encodeURIComponent(id)}">${name}</a></p>
<h1>${name}: ${counted(authors, 'person', 'people')} ${resolvedAt ? 'said' : authors === 1 ? 'says' : 'say'} ${complaint(incident)}</h1>
<p class="lede">Reports ${resolvedAt ? 'were' : 'have been'} above normal for ${duration}, since ${when(startedAt, 'day')} (${places(regions, deps.catalog)}). ${stateWords[state].means}</p>
${facts(deps, incident, duration, word)}
<p class="sure"><b>How sure:</b> ${sureness(incident, deps.widthMs)}</p>
</section>`;
}

function facts(
  deps: RouteDeps,
  incident: Incident,
  duration: string,
  { official, nothing }: { official: readonly OfficialIncident[]; nothing: string },
): Markup {
  const raised = lasting(Math.max(0, incident.detectedAt - incident.startedAt));
  const [first] = official;
  return html`<dl class="facts">
${fact('Began', when(incident.startedAt, 'day'))}
${fact('Raised by Outcry', html`${when(incident.detectedAt, 'day')}, after ${raised}`)}
${fact('Peak', when(incident.peakAt, 'day'))}
${fact('Over', incident.resolvedAt ? html`${when(incident.resolvedAt, 'day')}, after ${duration}` : 'not yet')}
${fact('People', num(incident.authors))}
${fact('Reports', num(incident.reports))}
${fact('Where', places(incident.regions, deps.catalog))}
${fact('Platforms', incident.platforms.join(', ') || 'none')}
${fact('Official word', first ? html`<a href="#official">${leadWords(first, incident.detectedAt)}</a>` : html`<a href="#official">${nothing}</a>`)}
${fact('Method', html`<a href="/method">${incident.method}</a>`)}
</dl>`;
}

export async function incidentPage(
  deps: RouteDeps,
  incident: Incident,
  view: { base: string; since?: number; until?: number },
): Promise<{ body: Markup; judgedUntil: number | null; title: string }> {
  const { read, catalog } = deps;
  const judgedUntil = await read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const { service: id, startedAt } = incident;
  const end = incident.resolvedAt ?? now;
  const upTo = incident.resolvedAt ?? Number.MAX_SAFE_INTEGER;
  const margin = Math.max(4 * hour, (end - startedAt) * 0.5);
  const from = Math.max(startedAt - margin, startedAt - 14 * day);
  const over = incident.resolvedAt !== null && end + margin / 2 < now;
  const whole = windowOf(deps, from, over ? end + margin / 2 : now, over);
  const zoomed = view.since !== undefined || view.until !== undefined;
  const window = zoomed ? chosenWindow(deps, { range: '24h', ...view }, now) : whole;
  const own = windowOf(deps, startedAt, Math.max(end, startedAt + deps.widthMs), false);
  const region = incident.regions.length === 1 ? (incident.regions[0] as string) : '*';
  const asc = { by: 'createdAt', descending: false } as const;
  const [remarks, steps, changes, evidence, first, tally, breakdown, spikes, others, { official }, cited] =
    await Promise.all([
      read.remarks(incident.id),
      deps.series({ service: id, region }, window),
      read.changes(incident.id),
      read.evidence(id, startedAt, upTo, { limit: maxPosts }),
      read.evidence(id, startedAt, upTo, { limit: 1, kind: 'report', order: asc }),
      read.tally(id, startedAt, upTo),
      read.breakdown(id, startedAt, upTo, own.stepMs),
      read.spikes({ service: id, since: startedAt - hour, until: end + 1, limit: 50 }),
      read.incidents({ since: startedAt - hour, until: end + 1, limit: 50 }),
      officialOf(incident, deps),
      citable(incident, deps),
    ]);
  // Earlier "it works again" is said by those for whom it never failed.
  const turn = changes.find((c) => c.to === 'recovering')?.at;
  const recovery =
    turn === undefined
      ? null
      : await read.evidence(id, turn - hour / 2, upTo, { limit: 1, kind: 'recovery', order: asc });
  const service = catalog.service(id) ?? null;
  const name = service?.name ?? id;
  const lasts = { from: startedAt, to: own.to };
  const where = await whereSection(deps, id, tally, lasts, (r) => {
    const query = new URLSearchParams({ region: r, since: toIso(from), until: toIso(whole.to) });
    return `/services/${encodeURIComponent(id)}?${query}`;
  });
  const csv = `/api/v1/series?${new URLSearchParams({ service: id, region, interval: whole.interval, since: toIso(from), until: toIso(whole.to), format: 'csv' })}`;
  const watch = watchOf(deps.health(), catalog, id);
  const href = (edges: Edges | null) =>
    `/incidents/${encodeURIComponent(incident.id)}${edges ? `?${new URLSearchParams({ ...edges })}` : ''}`;
  const drawn = chart(steps, {
    id: 'chart',
    lines: [name],
    stepMs: window.stepMs,
    until: window.to,
    zoom: zoomLinks(window, now, { href, zoomed }),
    title: `Reports about ${name} against what was to be expected`,
    shades: [{ from: startedAt, to: end }],
  });
  const body = html`<article class="incident">
${headSection(deps, incident, end, { official, nothing: watchWords[watch] })}
<div id="remarks" data-live>${operatorWords(remarks)}</div>
<section id="reports" data-live><h2 class="rule">Reports against the usual</h2>${drawn}</section>
<div class="pair"><section id="course" data-live><h2 class="rule">How it went</h2>${timeline(incident, changes, official, { first: first.items[0] ?? null, recovery: recovery?.items[0] ?? null })}</section>
<div>${service && officialSection(official, service, { catalog, watch, detectedAt: incident.detectedAt })}<div id="spill" data-live>${spillover(
    incident,
    others.items.filter((i) => i.service !== id),
    catalog,
  )}</div></div></div>
${symptomSection(breakdown, own)}
${where}
<div id="held" data-live>${heldBack(
    spikes.items.filter((s) => s.heldBack !== null),
    catalog,
  )}</div>
<section id="evidence" data-live>${voices(evidence.items, catalog)}<p class="hint">Authors are never shown. All posts: <a href="/api/v1/incidents/${encodeURIComponent(incident.id)}/evidence?format=csv">CSV</a>, <a href="/api/v1/incidents/${encodeURIComponent(incident.id)}/evidence">JSON</a>.</p></section>
${citeSection(cited.incident, catalog, { base: view.base, csv, now, at: cited.at })}
</article>`;
  return { body, judgedUntil, title: `${name}: ${stateWords[incident.state].label} – Outcry` };
}
