// How Outcry works, in plain words and with the numbers of this installation.
import type { Incident } from '../../core/signal.js';
import { day } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { chip, counted, lasting, num, share, stateWords, when } from './words.js';

/** Incidents of late that the numbers are about. */
const recentMs = 90 * day;
const maxIncidents = 1000;

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** What this installation reads and has found. */
async function numbers({ read, catalog, health, clock, readers, widthMs }: ServerDeps): Promise<Markup> {
  const now = (await read.judgedUntil()) ?? clock.now();
  const [span, seen, found] = await Promise.all([
    read.span(),
    read.seen(now - day, now),
    read.incidents({ since: now - recentMs, limit: maxIncidents }),
  ]);
  const posts = seen.reduce((sum, s) => sum + s.posts, 0);
  const matched = seen.reduce((sum, s) => sum + s.matched, 0);
  const incidents: Incident[] = found.items;
  const delay = median(incidents.map((i) => i.detectedAt - i.startedAt));
  const watched = new Set(health().flatMap((s) => s.watches ?? [])).size;
  const rows: [string, Markup | string][] = [
    ['First report', span ? when(span.first, 'day') : 'none yet'],
    [
      'Sources',
      html`${counted(health().filter((s) => !s.official).length, 'place', 'places')} people post, and ${counted(watched, 'official page', 'official pages')}`,
    ],
    [
      'Posts read in the last day',
      html`${num(posts)}, of which ${num(matched)} name a service (${share(posts ? matched / posts : 0)})`,
    ],
    [
      'Listened for',
      html`${num(catalog.services.length)} services, in ${num(catalog.regions.length)} countries and parts of them`,
    ],
    ['Judged every', lasting(widthMs)],
    [
      'Incidents in 90 days',
      html`${num(incidents.length)}, ${num(incidents.filter((i) => i.state !== 'resolved').length)} of them open${delay !== undefined && html`; half were raised within ${lasting(delay)} of their start`}`,
    ],
    ['Readers’ own reports', readers ? 'taken, on the page of each service' : 'not taken'],
  ];
  return html`<dl class="numbers">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export async function methodBody(deps: ServerDeps): Promise<Markup> {
  return html`<article class="prose"><h1>How it works</h1>
<p class="lede">Outcry reads what people post in public and tells when many of them say, independently of each other, that a service fails.</p>
<h2>This installation</h2>
${await numbers(deps)}
<h2>From a post to a report</h2>
<p>Each post is searched for the names of ${num(deps.catalog.services.length)} services. A post that names one is judged: does it report a failure, ask about one, spread news, tell that things work again, or none of these? Only reports and questions count, each author once an hour for a service. Where the post tells its place, it counts there too.</p>
<h2>From reports to an incident</h2>
<p>Counts are judged every ${lasting(deps.widthMs)} against what that hour of that day of the week usually brings. When chance would hardly bring so many, a spike opens; when its voices are independent (many authors, own words, several places), it becomes an incident. Near-identical posts and the bursts of a few accounts are held back, and the page says so.</p>
<p>${deps.method.description}</p>
<p>This installation runs method <code>${deps.method.version}</code>. Every incident names the method it was found with.</p>
${deps.method.older.length > 0 && html`<details><summary>Methods of the past</summary><dl>${deps.method.older.map((m) => html`<dt><code>${m.version}</code></dt><dd>${m.description}</dd>`)}</dl></details>`}
<h2>States</h2>
<dl class="states">${(['watch', 'signal', 'confirmed', 'recovering', 'resolved', 'unknown'] as const).map((s) => html`<div><dt>${chip(s)}</dt><dd>${stateWords[s].means}</dd></div>`)}</dl>
<h2>The official word</h2>
<p>What a provider’s status page says stands beside what people say, with who spoke first. It adds nothing to their count, but may confirm it. A page that is not read, or cannot be read, is told apart from one that reports nothing.</p>
<h2>What it does not say</h2>
<p>A report is a person's word, not a measurement. People blame the wrong service, more so when another one fails; the page names possible spill-over. Silence is not health: when the sources are not in contact the state is unknown.</p>
<h2>People who post</h2>
<p>Authors are kept as keyed hashes and never shown. Deleted posts are dropped. Texts are kept for a limited time, counts for longer.</p>
</article>`;
}
