// The wall: what stands out, readable from five metres.
import type { Incident } from '../../core/signal.js';
import { hour } from '../../core/time.js';
import type { RouteDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { byWeight } from '../services-now.js';
import { sparkline } from './chart.js';
import { sight } from './layout.js';
import { silence } from './silence.js';
import { windowOf } from './window.js';
import { chip, complaint, counted, lasting, places, when } from './words.js';

/** Tiles that fit on a screen, and those that take their turn. */
const groupSize = 4;
const maxTiles = 48;

/** How large a name can stand: short ones fill their tile as long ones do. */
const sizeOf = (name: string) => (name.length <= 9 ? 'short' : name.length <= 17 ? 'middling' : 'long');

async function tile(deps: RouteDeps, incident: Incident, now: number): Promise<Markup> {
  const name = deps.catalog.service(incident.service)?.name ?? incident.service;
  const { from, stepMs } = windowOf(deps, Math.min(now - 6 * hour, incident.startedAt - 3 * hour), now, false, 100);
  const region = incident.regions.length === 1 ? (incident.regions[0] as string) : '*';
  const steps = await deps.series({ service: incident.service, region }, { from, to: now, stepMs });
  const shades = [{ from: incident.startedAt, to: now }];
  const drawn = sparkline(steps, { stepMs, until: now, shades, title: `Reports about ${name}, until now` });
  return html`<article class="tile ${incident.state}"><div>${chip(incident.state)}<h2 class="${sizeOf(name)}">${name}</h2><p class="lede"><strong>${counted(incident.authors, 'person', 'people')}</strong> ${incident.authors === 1 ? 'says' : 'say'} ${complaint(incident)}</p><p>${places(incident.regions, deps.catalog)}, since ${when(incident.startedAt)}, ${lasting(Math.max(0, now - incident.startedAt))}</p>${drawn}</div></article>`;
}

/** The whole document. */
export async function wallPage(deps: RouteDeps): Promise<string> {
  const judgedUntil = await deps.read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const [openIncidents, seen] = await Promise.all([deps.read.openIncidents(), deps.read.seen(now - hour, now)]);
  const open = openIncidents.sort(byWeight).slice(0, maxTiles);
  const tiles = await Promise.all(open.map((incident) => tile(deps, incident, now)));
  const groups: Markup[] = [];
  for (let i = 0; i < tiles.length; i += groupSize) {
    groups.push(html`<div class="tiles">${tiles.slice(i, i + groupSize)}</div>`);
  }
  const posts = seen.reduce((sum, s) => sum + s.posts, 0);
  const { look, title, hint } = silence(deps, judgedUntil, posts);
  const rest = html`<div class="${look}"><h1>${title}</h1><p class="hint">${hint}</p></div>`;
  const pages =
    groups.length > 1 &&
    html`<span id="turn">1 of ${groups.length}</span><button type="button" data-pause hidden>Pause</button>`;
  const said =
    open.length > 0 &&
    html`<span>${counted(openIncidents.length, 'service stands', 'services stand')} out</span>${pages}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Outcry: the wall</title><link rel="icon" href="/assets/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/style.css"><script type="module" src="/assets/app.js"></script><noscript><meta http-equiv="refresh" content="60"></noscript></head>
<body class="wall"><header class="bar" id="bar" data-live><a class="mark" href="/">Outcry</a>${said}${when(now)}</header><main id="now" data-live>${open.length > 0 && html`<h1 class="hide">What stands out now</h1>`}${groups.length > 0 ? groups : rest}</main>${sight(deps, judgedUntil)}</body></html>
`.text;
}
