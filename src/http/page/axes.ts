// What all drawn charts share: their field, round numbers, marks of time, and how steps become lines.
import { day, hour, minute, toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';

/** The field that lines are drawn on, in units of its own: it is stretched to the room that the page has. */
export interface Field {
  width: number;
  height: number;
}

export const fullField: Field = { width: 960, height: 300 };

export const fixed = (n: number) => n.toFixed(1);

/** Runs of steps that satisfy `has`. */
export function runs<T>(steps: readonly T[], has: (s: T) => boolean): T[][] {
  const found: T[][] = [];
  let run: T[] | null = null;
  for (const step of steps) {
    if (!has(step)) run = null;
    else if (run) run.push(step);
    else {
      run = [step];
      found.push(run);
    }
  }
  return found;
}

/** Steps of the numbers at the side: 1, 2, 5, 10, 20, 50... so that few fit below `top`. */
function numberTicks(top: number): number[] {
  const power = 10 ** Math.floor(Math.log10(top / 4));
  const step = Math.max(1, ([1, 2, 5, 10].find((m) => m * power >= top / 5) as number) * power);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
}

/** The upper end of the scale of a chart whose highest number is `most`. */
export const topOf = (most: number) => Math.max(4, most * 1.08);

const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function timeTicks(from: number, to: number): { t: number; label: string }[] {
  const widths = [5 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour, day, 7 * day, 30 * day, 90 * day];
  const stepMs = widths.find((s) => (to - from) / s <= 9);
  if (!stepMs) return [];
  const ticks: { t: number; label: string }[] = [];
  for (let t = Math.ceil(from / stepMs) * stepMs; t < to; t += stepMs) {
    ticks.push({ t, label: t % day === 0 ? dated.format(t) : toIso(t).slice(11, 16) });
  }
  return ticks;
}

export interface Scale {
  x(t: number): number;
  y(n: number): number;
  /** Lower edge of the drawing. */
  bottom: number;
}

interface Extent {
  from: number;
  to: number;
  top: number;
}

/** Places times in [from, to) and numbers in [0, top] on a field. */
export function scaleOf(field: Field, { from, to, top }: Extent): Scale {
  return {
    x: (t) => ((t - from) / (to - from)) * field.width,
    y: (n) => (1 - n / top) * field.height,
    bottom: field.height,
  };
}

/** The path through `value` of each step, at its middle. */
export function lineOf<T extends { t: number }>(
  run: readonly T[],
  value: (s: T) => number,
  { x, y }: Scale,
  stepMs: number,
): string {
  return run.map((s, i) => `${i ? 'L' : 'M'}${fixed(x(s.t + stepMs / 2))} ${fixed(y(value(s)))}`).join('');
}

/** Lines and numbers of both axes, in shares of the field so that letters keep their size; times are UTC, as the table has them. */
function axes({ from, to, top }: Extent): Markup {
  const at = (share: number) => `${fixed(share * 100)}%`;
  const across = numberTicks(top).map((n) => {
    const y = at(1 - n / top);
    return html`<line x2="100%" y1="${y}" y2="${y}"/><text x="-8" y="${y}" dy="4" text-anchor="end">${n.toLocaleString('en')}</text>`;
  });
  const up = timeTicks(from, to).map(({ t, label }, i) => {
    const x = at((t - from) / (to - from));
    return html`<g${i % 2 ? html` class="odd"` : null}><line x1="${x}" x2="${x}" y2="100%"/><text x="${x}" y="100%" dy="19" text-anchor="middle">${label}</text></g>`;
  });
  return html`${across}${up}`;
}

/** A picture with its axes around `drawn`; it fills its box, whatever its shape. */
export function plot(drawn: Markup, extent: Extent, title: string): Markup {
  const { width, height } = fullField;
  return html`<svg class="drawn" role="img" aria-label="${title}"><svg class="axes">${axes(extent)}</svg><svg class="field" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${drawn}</svg></svg>`;
}
