// Posts shown as evidence: hostile text, shown as text.
import type { Catalog } from '../../core/catalog.js';
import type { Evidence } from '../../core/ports.js';
import { isSignal } from '../../core/post.js';
import { html, type Markup, safeUrl } from '../html.js';
import { excerptOf } from '../present.js';
import { places, share, symptomWords, when } from './words.js';

const kindWords: Record<Evidence['kind'], string> = {
  report: 'report',
  question: 'question',
  news: 'news',
  recovery: 'works again',
  other: 'other',
};

/** One post: its words, where and when it was made, and why it counts. */
function quote(evidence: Evidence, catalog: Catalog, style: 'short' | 'long'): Markup {
  const url = safeUrl(evidence.url);
  const where = evidence.region ? html` · ${places([evidence.region], catalog)}` : null;
  const time = when(evidence.createdAt, style === 'long' ? 'day' : 'clock');
  const link = url
    ? html`<a href="${url}" rel="noopener nofollow ugc" target="_blank">${evidence.platform}</a>`
    : evidence.platform;
  const why =
    style === 'long' &&
    html`<p class="why">${kindWords[evidence.kind]}${evidence.symptom ? `, ${symptomWords[evidence.symptom]}` : ''} ${isSignal(evidence.kind) && html` · sure to ${share(evidence.score)}`}${evidence.why.length > 0 ? html` · because of ${evidence.why.join(', ')}` : null}</p>`;
  const lang =
    evidence.lang && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(evidence.lang) ? html` lang="${evidence.lang}"` : null;
  return html`<li class="quote ${evidence.kind}"><blockquote dir="auto"${lang}>${excerptOf(evidence.text) ?? 'The words are no longer kept.'}</blockquote><p class="by">${link} · ${time}${where}</p>${why}</li>`;
}

export function quotes(items: readonly Evidence[], catalog: Catalog, style: 'short' | 'long'): Markup {
  return html`<ul class="quotes ${style}">${items.map((e) => quote(e, catalog, style))}</ul>`;
}
