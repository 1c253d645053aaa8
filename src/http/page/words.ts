// How the page says things: numbers, times, places, symptoms and how sure it is.
import type { Catalog } from '../../core/catalog.js';
import type { Symptom } from '../../core/post.js';
import type { Incident, IncidentState } from '../../core/signal.js';
import { day, hour, minute, toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

/** A number that the browser may write in the reader's way. */
export function num(n: number): Markup {
  return html`<data value="${n}">${(Math.abs(n) < 10 ? short : whole).format(n)}</data>`;
}

/** A share of one as a percentage, in plain text. */
export const percentOf = (n: number) => (n > 0 && n < 0.005 ? 'under 1%' : percent.format(n));

/** The same, which the browser may write in the reader's way. */
export function share(n: number): Markup {
  const some = n > 0 && n < 0.005;
  return html`${some && '<'}<data value="${some ? 0.01 : n}" data-style="percent">${percent.format(some ? 0.01 : n)}</data>`;
}

/** `1,671 people`, `1 person`. */
export function counted(n: number, one: string, many: string): Markup {
  return html`${num(n)} ${n === 1 ? one : many}`;
}

/** A time in UTC that the browser shows in the reader's zone: `clock` = hours and minutes, `day` = with the date. */
export function when(t: number, style: 'clock' | 'day' = 'clock'): Markup {
  const iso = toIso(t);
  const words = `${style === 'day' ? `${dated.format(t)}, ` : ''}${iso.slice(11, 16)} UTC`;
  return html`<time datetime="${iso}" data-style="${style}" title="${iso.slice(0, 16).replace('T', ' ')} UTC">${words}</time>`;
}

/** `under a minute`, `25 min`, `2 h 10 min`, `3 days`; a number stays on one line with its unit. */
export function lasting(ms: number): string {
  if (ms < minute) return 'under a minute';
  if (ms < hour) return `${Math.round(ms / minute)}\u00a0min`;
  if (ms < 2 * day) {
    const [h, m] = [Math.floor(ms / hour), Math.floor((ms % hour) / minute)];
    return m === 0 ? `${h}\u00a0h` : `${h}\u00a0h ${m}\u00a0min`;
  }
  return `${Math.round(ms / day)}\u00a0days`;
}

export const stateWords: Record<IncidentState | 'quiet', { label: string; means: string }> = {
  watch: { label: 'Watching', means: 'More reports than usual; too early to say more.' },
  signal: { label: 'Signal', means: 'Far more people report this than chance would bring.' },
  confirmed: { label: 'Confirmed', means: 'Independent places agree that people cannot use it.' },
  recovering: { label: 'Recovering', means: 'Reports are falling back to normal.' },
  resolved: { label: 'Resolved', means: 'Reports are back to normal.' },
  unknown: { label: 'Unknown', means: 'Its sources are not in contact: nobody can tell.' },
  quiet: { label: 'Quiet', means: 'No more reports than usual.' },
};

export function chip(state: IncidentState | 'quiet'): Markup {
  const { label, means } = stateWords[state];
  return html`<span class="chip ${state}" title="${means}">${label}</span>`;
}

export const symptomWords: Record<Symptom, string> = {
  down: 'nothing works',
  login: 'login fails',
  connection: 'it does not connect',
  slow: 'it is slow',
  app: 'the app fails',
  loading: 'it does not load',
  errors: 'it shows errors',
  messaging: 'messages do not go through',
  playback: 'playback fails',
  payment: 'payments fail',
  other: 'other trouble',
};

/** Symptoms with their counts, largest first. */
function symptomsOf(incident: Pick<Incident, 'symptoms'>): { symptom: Symptom; reports: number }[] {
  return (Object.entries(incident.symptoms) as [Symptom, number][])
    .map(([symptom, reports]) => ({ symptom, reports }))
    .sort((a, b) => b.reports - a.reports);
}

/** What most people say, in a few words. */
export function complaint(incident: Pick<Incident, 'symptoms'>): string {
  const [first, second] = symptomsOf(incident).filter((s) => s.symptom !== 'other');
  if (!first) return 'that something is wrong';
  const rest = second && second.reports * 3 > first.reports ? ` and ${symptomWords[second.symptom]}` : '';
  return `that ${symptomWords[first.symptom]}${rest}`;
}

/** Names of regions: `everywhere`, `England`, `England, Wales and 3 more`. */
export function places(regions: readonly string[], catalog: Catalog): string {
  if (regions.length === 0 || regions.includes('*')) return 'everywhere';
  const names = regions.map((code) => catalog.region(code)?.name ?? code);
  if (names.length <= 3) return names.join(', ').replace(/, ([^,]*)$/, ' and $1');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

/** How rare this would be by chance, from the surprise of one step of `widthMs`. */
export function rarity(surprise: number, widthMs: number): string {
  const days = (10 ** Math.min(surprise, 30) * widthMs) / day;
  if (days >= 365_000) return 'chance alone would do this less than once in a thousand years';
  if (days >= 730) return `chance alone would do this about once in ${whole.format(days / 365)} years`;
  if (days >= 2) return `chance alone would do this about once in ${whole.format(days)} days`;
  return 'chance alone would do this every day or two';
}

/** Why one may believe it, or why not yet. */
export function sureness(incident: Incident, widthMs: number): Markup {
  const { platforms, unlocated } = incident;
  const agree =
    platforms.length > 1 ? `${platforms.length} platforms agree` : `only ${platforms[0] ?? 'one place'} speaks of it`;
  const where =
    unlocated > 0.005 && !incident.regions.includes('*') && html`; ${share(unlocated)} of reports tell no place`;
  return html`${agree}; ${rarity(incident.surprise, widthMs)}${where}.`;
}
