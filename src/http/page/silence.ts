// What a page says where no service stands out: quiet only where somebody listened and judged, and that lately.
import type { ServerDeps } from '../deps.js';
import { coverageOf, hasEnded } from '../freshness.js';
import { html, type Markup } from '../html.js';
import { counted, lasting, when } from './words.js';

/** Older than this, what is known is told as old. */
const staleMs = 15 * 60_000;

export interface Silence {
  /** How it looks: at ease, or that nothing can be said. */
  look: 'calm' | 'dark';
  /** In a word or two, and as plain text for titles. */
  title: string;
  hint: Markup;
}

/** How far the judgement lies behind the clock, ms; 0 while that is no more than usual, or when all has been read. */
export function behindMs(deps: ServerDeps, judgedUntil: number | null): number {
  const behind = judgedUntil === null ? 0 : deps.clock.now() - judgedUntil;
  return behind > staleMs && !hasEnded(deps) ? behind : 0;
}

/** @param posts read in the last hour. */
export function silence(deps: ServerDeps, judgedUntil: number | null, posts: number): Silence {
  const { state, blind } = coverageOf(deps);
  const late = behindMs(deps, judgedUntil);
  if (state === 'blind' && !hasEnded(deps))
    return { look: 'dark', title: 'Blind', hint: html`No source is in contact. This is not the same as quiet.` };
  if (judgedUntil === null) {
    const hint = html`Outcry has only begun to listen. What comes in is judged soon; until then nothing can be said.`;
    return { look: 'dark', title: 'Nothing judged yet', hint };
  }
  if (late > 0) {
    const hint = html`Nothing stood out until ${when(judgedUntil, 'day')}. What came since, ${lasting(late)}, is not judged yet.`;
    return { look: 'dark', title: 'Not up to date', hint };
  }
  const read =
    posts === 0
      ? html`No post was read in the last hour.`
      : html`${counted(posts, 'post was', 'posts were')} read in the last hour.`;
  const deaf = state === 'partial' && html` Not heard: ${blind.slice(0, 5).join(', ')}.`;
  return {
    look: 'calm',
    title: deaf ? 'Quiet, as far as heard' : 'All quiet',
    hint: html`No service is reported more than usual. ${read}${deaf}`,
  };
}
