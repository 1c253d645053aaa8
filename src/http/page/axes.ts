// What all drawn charts share: their frame, round numbers, marks of time, and how steps become lines.
import { day, hour, minute, toIso } from '../../core/time.js';
import { html, type Markup } from '../html.js';

export interface Frame {
  width: number;
  height: number;
  /** Room for the numbers at the side and the times below; 0 = no axes. */
  left: number;
  bottom: number;
}

export const fullFrame: Frame = { width: 960, height: 300, left: 44, bottom: 26 };

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

/** A round number at or above `n`: 1, 2, 5, 10, 20, 50... */
export function roundUp(n: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
  return ([1, 2, 5, 10].find((m) => m * power >= n) as number) * power;
}

function timeTicks(from: number, to: number): { t: number; label: string }[] {
  const widths = [5 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour, day, 7 * day, 30 * day, 90 * day];
  const stepMs = widths.find((s) => (to - from) / s <= 9);
  if (!stepMs) return [];
  const ticks: { t: number; label: string }[] = [];
  for (let t = Math.ceil(from / stepMs) * stepMs; t < to; t += stepMs) {
    const date = new Date(t).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
    ticks.push({ t, label: t % day === 0 ? date : toIso(t).slice(11, 16) });
  }
  return ticks;
}

export interface Scale {
  x(t: number): number;
  y(n: number): number;
  /** Lower edge of the drawing. */
  bottom: number;
}

/** Places times in [from, to) and numbers in [0, top] in a frame. */
export function scaleOf(frame: Frame, { from, to, top }: { from: number; to: number; top: number }): Scale {
  const bottom = frame.height - frame.bottom;
  return {
    x: (t) => frame.left + ((t - from) / (to - from)) * (frame.width - frame.left),
    y: (n) => 4 + (1 - n / top) * (bottom - 4),
    bottom,
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

/** Lines and numbers of both axes; times are UTC, as the table beside the chart has them. */
export function axes(
  frame: Frame,
  { x, y, bottom }: Scale,
  { from, to, top }: { from: number; to: number; top: number },
): Markup | null {
  if (frame.left === 0) return null;
  const across = [0, top / 2, top].map(
    (n) =>
      html`<line class="grid" x1="${frame.left}" x2="${frame.width}" y1="${fixed(y(n))}" y2="${fixed(y(n))}"/><text x="${frame.left - 8}" y="${fixed(y(n) + (n === top ? 9 : 4))}" text-anchor="end">${n.toLocaleString('en')}</text>`,
  );
  const up = timeTicks(from, to).map(
    ({ t, label }) =>
      html`<line class="grid" x1="${fixed(x(t))}" x2="${fixed(x(t))}" y1="0" y2="${bottom}"/><text x="${fixed(Math.max(x(t), frame.left + 14))}" y="${frame.height - 6}" text-anchor="middle">${label}</text>`,
  );
  return html`${across}${up}`;
}
