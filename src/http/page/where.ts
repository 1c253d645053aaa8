// Where people report from: a map, and beside it the table that says the same and can be sorted.
import type { Tally } from '../../core/ports.js';
import type { RouteDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { map, type Place, timesUsual } from './map.js';
import { usualOf } from './usual.js';
import { num, share } from './words.js';

/** Regions with most reports, for which the usual is looked up. */
const maxPlaces = 80;
/** Rows of the table. */
const maxRows = 40;

/** Regions of a tally with what is usual there in the same time, most reports first. */
async function placesOf(
  { read, catalog }: RouteDeps,
  service: string,
  tally: Tally,
  window: { from: number; to: number },
): Promise<Place[]> {
  const regions = tally.regions
    .filter((r) => r.region !== '*' && r.reports > 0)
    .sort((a, b) => b.reports - a.reports)
    .slice(0, maxPlaces);
  return Promise.all(
    regions.map(async (r) => ({
      ...r,
      name: catalog.region(r.region)?.name ?? r.region,
      usual: await usualOf(read, { service, region: r.region }, window),
    })),
  );
}

function row(p: Place, href: (region: string) => string, country: string | undefined): Markup {
  const times = timesUsual(p);
  const many = times < 10 ? Math.round(times * 10) / 10 : Math.round(times);
  return html`<tr><th scope="row" data-value="${p.name}"><a href="${href(p.region)}">${p.name}</a>${country && html` <small>${country}</small>`}</th><td data-value="${p.reports}">${num(p.reports)}</td><td data-value="${p.authors}">${num(p.authors)}</td><td data-value="${p.usual}">${num(Math.round(p.usual * 10) / 10)}</td><td data-value="${times}">${num(many)}×</td></tr>`;
}

/** The part of a page; empty where no report tells a place. @param href address of the same for one region. */
export async function whereSection(
  deps: RouteDeps,
  service: string,
  tally: Tally,
  window: { from: number; to: number },
  href: (region: string) => string,
): Promise<Markup> {
  const found = await placesOf(deps, service, tally, window);
  if (found.length === 0) return html`<div id="where" data-live></div>`;
  const heads = ['Place', 'Reports', 'People', 'Usual', '× usual'];
  const country = (region: string) => (region.includes('-') ? region.slice(0, 2) : undefined);
  const rows = found.slice(0, maxRows).map((p) => row(p, href, country(p.region)));
  const untold = tally.reports > 0 ? tally.unlocated / tally.reports : 0;
  return html`<div id="where" data-live><section><h2 class="rule">Where</h2>
<div class="where">${map(found, deps.catalog)}
<div><div class="scroll" tabindex="0" role="region" aria-label="Table: reports by place"><table class="counts sortable"><thead><tr>${heads.map((head, i) => html`<th scope="col"${i === 1 ? html` aria-sort="descending"` : null}>${head}`)}</tr></thead><tbody>${rows}</tbody></table></div>
<p class="hint">${untold >= 0.005 && html`${share(untold)} of ${num(tally.reports)} reports tell no place. `}A place’s count holds that of the places in it. Usual: what such a time brings there; × usual: how many times that, or than one report where less is usual.</p></div></div></section></div>`;
}
