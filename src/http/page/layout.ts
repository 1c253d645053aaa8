// The frame of every page: masthead, what Outcry can see at this moment, footer.
import type { ServerDeps } from '../deps.js';
import { coverageOf, hasEnded } from '../freshness.js';
import { html, type Markup } from '../html.js';
import { behindMs } from './silence.js';
import { lasting, when } from './words.js';

/** The views that every page leads to. */
export const nav = [
  ['/', 'Now'],
  ['/services', 'Services'],
  ['/incidents', 'History'],
  ['/sources', 'Sources'],
  ['/method', 'Method'],
  ['/docs', 'API'],
] as const;

/** Name, ways and the field to find services. @param here path of the entry that is lit, if one is. */
export function masthead(here: string | null): Markup {
  return html`<a class="skip" href="#main">To the content</a>
<header class="mast">
<a class="mark" href="/">Outcry</a>
<nav aria-label="Main">${nav.map(([href, label]) => html`<a href="${href}"${href === here ? html` aria-current="page"` : null}>${label}</a>`)}</nav>
<form class="find" action="/services" role="search"><label class="hide" for="q">Find a service</label><input id="q" name="q" type="search" placeholder="Find a service" autocomplete="off" maxlength="100"></form>
</header>`;
}

/** A line that says how fresh the page is; loud when Outcry is blind. */
export function sight(deps: ServerDeps, judgedUntil: number | null): Markup {
  const { state, sources, alive, blind } = coverageOf(deps);
  const asOf = judgedUntil === null ? html`nothing judged yet` : html`as of ${when(judgedUntil, 'day')}`;
  if (hasEnded(deps)) {
    return html`<div class="sight ended" id="sight" role="status"><span class="dot"></span>All that was to be read has been read; what you see is the end of it, ${asOf}.</div>`;
  }
  if (state === 'blind') {
    return html`<div class="sight blind" id="sight" role="status"><strong>Blind.</strong> ${sources === 0 ? 'No source is being read' : 'No source is in contact'}, so a quiet page means nothing. ${judgedUntil === null ? 'Nothing is known yet' : html`What you see was known ${asOf}`}.</div>`;
  }
  const late = behindMs(deps, judgedUntil);
  const partial =
    state === 'partial' ? html` <strong>Partly blind:</strong> no contact with ${blind.slice(0, 5).join(', ')}.` : null;
  return html`<div class="sight ${late > 0 ? 'partial' : state}" id="sight" role="status"><span class="dot"></span>${alive} of ${sources} ${sources === 1 ? 'source' : 'sources'} in contact, ${asOf}${late > 0 && html`, <strong>${lasting(late)} behind</strong>`}.${partial}</div>`;
}

export interface PageParts {
  title: string;
  /** Path of the entry of the navigation that is lit. */
  here: string;
  judgedUntil: number | null;
  body: Markup;
  /** Address of the feed that belongs to this page. */
  feed?: string;
}

/** The whole document. */
export function page(deps: ServerDeps, parts: PageParts): string {
  const feed = html`<link rel="alternate" type="application/atom+xml" title="Incidents" href="${parts.feed ?? '/feeds/incidents.atom'}">`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${parts.title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${feed}
<script type="module" src="/assets/app.js"></script>
</head>
<body>
${masthead(parts.here)}
${sight(deps, parts.judgedUntil)}
<main id="main">
${parts.body}
</main>
<footer>
<p>What people say in public, counted. A report is not proof that a service fails. Times are in <span id="zone">UTC</span>.</p>
<p><a href="/method">How it works</a> · <a href="/docs">API</a> · <a href="/wall">Wall</a> · <a href="/feeds/incidents.atom">Feed</a> · Outcry ${deps.version}, method ${deps.method.version} · Place names: <a href="https://www.geonames.org/" rel="noopener">GeoNames</a>, CC BY 4.0 · Maps: <a href="https://www.naturalearthdata.com/" rel="noopener">Natural Earth</a></p>
</footer>
</body>
</html>
`.text;
}
