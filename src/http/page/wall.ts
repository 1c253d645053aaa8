// The wall: what stands out, readable from five metres.
import type { Incident } from '../../core/signal.js';
import type { RouteDeps } from '../deps.js';
import { coverageOf, hasEnded } from '../freshness.js';
import { html, type Markup } from '../html.js';
import { byWeight } from '../services-now.js';
import { sight } from './layout.js';
import { chip, complaint, counted, lasting, places, when } from './words.js';

/** Tiles that fit on a screen. */
const groupSize = 4;

function tile(deps: RouteDeps, incident: Incident, now: number): Markup {
  const name = deps.catalog.service(incident.service)?.name ?? incident.service;
  return html`<article class="tile ${incident.state}">${chip(incident.state)}<h2>${name}</h2><p class="lede">${counted(incident.authors, 'person', 'people')} ${incident.authors === 1 ? 'says' : 'say'} ${complaint(incident)}</p><p>${places(incident.regions, deps.catalog)}, since ${when(incident.startedAt)}, ${lasting(Math.max(0, now - incident.startedAt))}</p></article>`;
}

/** The whole document. */
export async function wallPage(deps: RouteDeps): Promise<string> {
  const judgedUntil = await deps.read.judgedUntil();
  const now = judgedUntil ?? deps.clock.now();
  const open = (await deps.read.openIncidents()).sort(byWeight);
  const blind = coverageOf(deps).state === 'blind' && !hasEnded(deps);
  const groups: Markup[] = [];
  for (let i = 0; i < open.length; i += groupSize) {
    const tiles = open.slice(i, i + groupSize).map((incident) => tile(deps, incident, now));
    groups.push(html`<div class="tiles">${tiles}</div>`);
  }
  const words = blind ? 'Blind' : 'All quiet';
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Outcry</title><link rel="icon" href="/assets/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/style.css"><script type="module" src="/assets/app.js"></script></head>
<body class="wall"><main id="now" data-live>${groups.length > 0 ? groups : html`<h1 class="${blind ? 'dark' : 'calm'}">${words}</h1>`}</main>${sight(deps, judgedUntil)}</body></html>
`.text;
}
