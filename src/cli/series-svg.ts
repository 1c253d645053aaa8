// Draws one judged series: observed counts, the expected interval, alarms. For people who would rather look than read.
import type { Reading } from '../core/signal.js';
import { toIso } from '../core/time.js';

const width = 1200;
const height = 320;
const left = 48;
const right = 12;
const top = 28;
const bottom = 28;

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const at = (n: number) => n.toFixed(1);

/** @param readings in the order of time, at least one. @returns an SVG document; long series are drawn a column a pixel, peaks kept. */
export function seriesSvg(name: string, readings: readonly Reading[]): string {
  const from = readings[0]!.t;
  const until = readings.at(-1)!.t;
  const span = Math.max(1, until - from);
  const most = readings.reduce((m, r) => Math.max(m, r.observed ?? 0, r.high), 1);
  const x = (t: number) => left + ((t - from) / span) * (width - left - right);
  const y = (count: number) => height - bottom - (Math.min(count, most) / most) * (height - top - bottom);

  const columns = new Map<number, { observed: number | null; low: number; high: number }>();
  for (const r of readings) {
    const column = Math.round(x(r.t));
    const known = columns.get(column);
    if (!known) columns.set(column, { observed: r.observed, low: r.low, high: r.high });
    else {
      if (r.observed !== null) known.observed = Math.max(known.observed ?? 0, r.observed);
      known.low = Math.min(known.low, r.low);
      known.high = Math.max(known.high, r.high);
    }
  }
  const points = [...columns];
  const band = [
    ...points.map(([cx, c]) => `${cx},${at(y(c.high))}`),
    ...points.reverse().map(([cx, c]) => `${cx},${at(y(c.low))}`),
  ].join(' ');
  points.reverse();
  let path = '';
  let broken = true;
  for (const [cx, c] of points) {
    if (c.observed !== null) path += `${broken ? 'M' : 'L'}${cx},${at(y(c.observed))}`;
    broken = c.observed === null;
  }
  const alarms = readings
    .filter((r) => r.alert === 'open')
    .map(
      (r) =>
        `<line class="alarm" x1="${at(x(r.t))}" x2="${at(x(r.t))}" y1="${top}" y2="${height - bottom}"><title>alarm at ${toIso(r.t)}: ${r.observed} observed, ${r.expected.toFixed(1)} expected, surprise ${r.surprise.toFixed(1)}</title></line>`,
    )
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<style>.band{fill:#9ecae9}.observed{fill:none;stroke:#1b2a41;stroke-width:1}.alarm{stroke:#d1242f;stroke-width:1.5}.axis{stroke:#8a94a6}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${left}" y="18">${escaped(name)}: observed (line), expected 95 % (band), alarms (red)</text>
<polygon class="band" points="${band}"/>
<path class="observed" d="${path}"/>
${alarms}
<line class="axis" x1="${left}" x2="${width - right}" y1="${height - bottom}" y2="${height - bottom}"/>
<text x="${left - 6}" y="${top + 4}" text-anchor="end">${most}</text>
<text x="${left - 6}" y="${height - bottom}" text-anchor="end">0</text>
<text x="${left}" y="${height - 8}">${toIso(from).slice(0, 16)}Z</text>
<text x="${width - right}" y="${height - 8}" text-anchor="end">${toIso(until).slice(0, 16)}Z</text>
</svg>
`;
}
