// Where Outcry listens: how each source fares, and when it was in contact.

import type { SourceHealth } from '../../core/ports.js';
import { day, floorTo, hour, minute } from '../../core/time.js';
import type { ServerDeps } from '../deps.js';
import { html, type Markup } from '../html.js';
import { type Field, fixed, runs, scaleOf } from './axes.js';
import { stepTime } from './chart.js';
import { num, percentOf, share, when } from './words.js';

/** Width of the steps in which contact is drawn, and of the rows of its table. */
const drawnMs = 15 * minute;
const rowMs = hour;
const small: Field = { width: 960, height: 40 };

interface Step {
  t: number;
  /** null = not in contact. */
  posts: number | null;
}

type Seen = Awaited<ReturnType<ServerDeps['read']['seen']>>;

/** Posts of one source by steps; a step without a word of contact is a gap. */
function stepsOf(seen: Seen, source: string, { from, to }: { from: number; to: number }): Step[] {
  const counts = new Map<number, number>();
  for (const s of seen) {
    if (s.source !== source) continue;
    const t = floorTo(s.t, drawnMs);
    counts.set(t, (counts.get(t) ?? 0) + s.posts);
  }
  const steps: Step[] = [];
  for (let t = floorTo(from, drawnMs); t < to; t += drawnMs) steps.push({ t, posts: counts.get(t) ?? null });
  return steps;
}

function picture(steps: readonly Step[], name: string): Markup {
  const from = steps[0]?.t ?? 0;
  const scale = scaleOf(small, {
    from,
    to: from + steps.length * drawnMs,
    top: Math.max(1, ...steps.map((s) => s.posts ?? 0)),
  });
  const bar = ({ t, posts }: Step) =>
    `M${fixed(scale.x(t))} ${small.height}V${fixed(Math.min(scale.y(posts ?? 0), small.height - 2))}H${fixed(scale.x(t + drawnMs))}V${small.height}Z`;
  const inContact = steps.filter((s) => s.posts !== null);
  const gaps = runs(steps, (s) => s.posts === null).map((run) => {
    const [left, right] = [scale.x((run[0] as Step).t), scale.x((run.at(-1) as Step).t + drawnMs)];
    return html`<rect class="gap" x="${fixed(left)}" y="0" width="${fixed(right - left)}" height="${small.height}"/>`;
  });
  return html`<svg viewBox="0 0 ${small.width} ${small.height}" preserveAspectRatio="none" role="img" aria-label="${`Posts of ${name} in the last day; in contact ${percentOf(inContact.length / Math.max(1, steps.length))} of it`}">${gaps}<path class="steps" d="${inContact.map(bar).join('')}"/></svg>`;
}

/** Contact and posts over the last day, as small pictures and as a table. */
function coverage(seen: Seen, names: readonly string[], window: { from: number; to: number }): Markup {
  const all = names.map((name) => ({ name, steps: stepsOf(seen, name, window) }));
  const rows: number[] = [];
  for (let t = floorTo(window.from, rowMs); t < window.to; t += rowMs) rows.push(t);
  const cell = (steps: readonly Step[], t: number) => {
    const inside = steps.filter((s) => s.t >= t && s.t < t + rowMs);
    const known = inside.filter((s) => s.posts !== null);
    if (known.length === 0) return html`<td>no contact</td>`;
    return html`<td>${num(known.reduce((sum, s) => sum + (s.posts ?? 0), 0))}${known.length < inside.length && '*'}</td>`;
  };
  return html`<h2 class="rule">Contact over the last day</h2>
<ul class="watched">${all.map(({ name, steps }) => html`<li><span>${name}</span>${picture(steps, name)}<span class="n">${share(steps.filter((s) => s.posts !== null).length / Math.max(1, steps.length))} in contact</span></li>`)}</ul>
<p class="key gap hint">No contact: nobody looked there.</p>
<details><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: posts read by hour"><table class="counts"><thead><tr><th scope="col">From (UTC)${names.map((name) => html`<th scope="col">${name}`)}</tr></thead><tbody>${rows.map((t) => html`<tr><th scope="row">${stepTime(t)}</th>${all.map(({ steps }) => cell(steps, t))}</tr>`)}</tbody></table><p class="hint">* not in contact all of the hour</p></div></details>`;
}

/** How each source fares; on a phone each cell names its column itself. */
function healthTable(sources: readonly SourceHealth[], seen: Seen): Markup {
  const counts = new Map<string, { posts: number; matched: number }>();
  for (const s of seen) {
    const { posts, matched } = counts.get(s.source) ?? { posts: 0, matched: 0 };
    counts.set(s.source, { posts: posts + s.posts, matched: matched + s.matched });
  }
  const time = (t: number | null) => (t === null ? '–' : when(t, 'day'));
  const heads = ['State', 'Last contact', 'Newest post', 'Posts, 24 h', 'Name a service', 'Skipped', 'Last trouble'];
  const numeric = (i: number) => i >= 3 && i <= 5;
  const row = (s: SourceHealth) => {
    const { posts, matched } = counts.get(s.name) ?? { posts: 0, matched: 0 };
    // What speaks for providers is no ear for the crowd: it has no posts to count.
    const cells = [
      html`<span class="health ${s.state}">${s.state}</span>`,
      time(s.lastAliveAt),
      time(s.lastPostAt),
      s.official ? '–' : num(posts),
      s.official ? '–' : num(matched),
      num(s.skipped),
      html`${s.lastError ?? s.lastSkip ?? '–'}${s.nextTryAt && html`, next try ${when(s.nextTryAt)}`}`,
    ];
    return html`<tr><th scope="row">${s.name} <small>${s.official ? 'official word' : s.kind}</small></th>${cells.map((cell, i) => html`<td data-head="${heads[i] as string}"${numeric(i) ? html` class="n"` : i === 6 ? html` class="trouble"` : null}><span>${cell}</span></td>`)}</tr>`;
  };
  return html`<div class="scroll whole" tabindex="0" role="region" aria-label="Table of sources"><table class="sources"><thead><tr><th scope="col">Source${heads.map((head, i) => html`<th scope="col"${numeric(i) ? html` class="n"` : null}>${head}`)}</tr></thead><tbody>${sources.map(row)}</tbody></table></div>`;
}

export async function sourcesBody(deps: ServerDeps, now: number): Promise<Markup> {
  const sources = deps.health();
  // The step that is still running would look like a gap.
  const until = floorTo(now, drawnMs);
  const window = { from: until - day, to: until };
  const seen = await deps.read.seen(window.from, window.to);
  const ears = sources.filter((s) => !s.official).map((s) => s.name);
  return html`<section id="sources" data-live><h1>Sources</h1>
<p class="hint">Where Outcry listens. A source that is not in contact makes it blind, not quiet.</p>
${
  sources.length === 0
    ? html`<p>No source is set up: the page shows what the database holds.</p>`
    : html`${healthTable(sources, seen)}
${ears.length > 0 && coverage(seen, ears, window)}`
}</section>`;
}
