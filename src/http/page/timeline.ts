// How an incident went: its start, its first voices, its changes of state, its peak, and when the provider spoke.
import type { OfficialIncident } from '../../core/official.js';
import type { Evidence } from '../../core/ports.js';
import type { Incident, IncidentChange } from '../../core/signal.js';
import { html, type Markup } from '../html.js';
import { excerptOf } from '../present.js';
import { leadWords } from './official.js';
import { stateWords, when } from './words.js';

interface Event {
  at: number;
  /** Class of its dot. */
  name: string;
  title: string;
  text: Markup | string;
}

const quoted = (post: Evidence): Markup | string =>
  post.text === null
    ? 'Its words are no longer kept.'
    : html`<q dir="auto">${excerptOf(post.text)}</q> <small>${post.platform}</small>`;

/** @param key posts that stand for a moment: the first that reports it, the first that says it works again. */
export function timeline(
  incident: Incident,
  changes: readonly IncidentChange[],
  notices: readonly OfficialIncident[],
  key: { first: Evidence | null; recovery: Evidence | null },
): Markup {
  const { first, recovery } = key;
  const events: Event[] = [
    { at: incident.startedAt, name: '', title: 'Began', text: 'Reports begin to rise, as far as the counts tell.' },
    ...(first ? [{ at: first.createdAt, name: '', title: 'First report in it', text: quoted(first) }] : []),
    { at: incident.peakAt, name: '', title: 'Peak', text: 'Most reports come in.' },
    ...(recovery
      ? [{ at: recovery.createdAt, name: 'recovering', title: 'It works again, some say', text: quoted(recovery) }]
      : []),
    ...changes.map((c) => ({ at: c.at, name: c.to as string, title: stateWords[c.to].label, text: c.reason })),
    ...notices.flatMap((n) => [
      {
        at: n.publishedAt,
        name: 'word',
        title: 'Official word',
        text: html`${n.title}, ${leadWords(n, incident.detectedAt)}.`,
      },
      ...(n.resolvedAt === null
        ? []
        : [{ at: n.resolvedAt, name: 'word', title: 'Over by official word', text: n.title }]),
    ]),
  ].sort((a, b) => a.at - b.at);
  return html`<ol class="timeline">${events.map((e) => html`<li class="${e.name}">${when(e.at, 'day')} <strong>${e.title}</strong><p>${e.text}</p></li>`)}</ol>`;
}
