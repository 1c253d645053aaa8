// Ways from the window of a chart to those beside it, as plain links: they need neither a script nor a mouse that drags.
import { day, hour, toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';
import type { Window } from './window.js';

/** Edges of a window as an address has them; without `until` it goes on with the time. */
export interface Edges {
  since: string;
  until?: string;
}

const longestMs = 366 * day;

/** The edges of [from, to): at least an hour, at most a year, none of it beyond `now`. */
function edges(from: number, to: number, now: number): Edges {
  const spanMs = Math.min(Math.max(to - from, hour), longestMs);
  const end = Math.min(Math.round((from + to + spanMs) / 2), now);
  return { since: toIso(end - spanMs), ...(end < now && { until: toIso(end) }) };
}

/**
 * Links to what lies before and behind, and to a closer and a wider look. What ends now keeps its end.
 * @param href the page with other edges, or without any @param zoomed whether the window was chosen by its edges
 */
export function zoomLinks(
  { from, to }: Window,
  now: number,
  { href, zoomed }: { href: (edges: Edges | null) => string; zoomed: boolean },
): Markup {
  const span = to - from;
  const ends = to >= now;
  const ways: [name: string, edges: Edges | null][] = [
    ['Earlier', edges(from - span / 2, to - span / 2, now)],
    ['Closer', span <= hour ? null : ends ? edges(to - span / 2, to, now) : edges(from + span / 4, to - span / 4, now)],
    [
      'Wider',
      span >= longestMs ? null : ends ? edges(to - 2 * span, to, now) : edges(from - span / 2, to + span / 2, now),
    ],
    ['Later', ends ? null : edges(from + span / 2, to + span / 2, now)],
  ];
  const links = ways.map(([name, way]) => way && html`<a class="pill" href="${href(way)}" rel="nofollow">${name}</a>`);
  return html`<span class="zoom" role="group" aria-label="Time shown">${links}${zoomed && html`<a class="pill" href="${href(null)}">Back to the whole</a>`}</span>`;
}
