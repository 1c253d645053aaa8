// Reads the evaluation's files: outage counts, known outages, Downdetector's charts, the Twitter series of NAB.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { OperationalError } from '../../core/errors.js';
import { parseInstant } from '../../core/time.js';
import type { Chart } from './downdetector.js';
import { type GridSeries, toGrid } from './grid.js';
import type { KnownOutage } from './known.js';
import type { NabSeries } from './nab.js';

const step = 1200;

/** Rows of a CSV without quotes, as objects; a quoted last column is cut at its comma. */
function rowsOf(path: string, ...needed: string[]): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new OperationalError(`${path}: the columns ${missing.join(', ')} are missing`);
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, i) => [names[i] ?? `_${i}`, field])));
}

const secondsOf = (path: string, text: string | undefined): number => {
  const t = parseInstant(text);
  if (t === null) throw new OperationalError(`${path}: ${JSON.stringify(text)} is no time`);
  return t / 1000;
};

/** Reports per 20 minutes, one file a service. */
export function readOutageReports(dir: string): { series: GridSeries[]; known: KnownOutage[] } {
  const series: GridSeries[] = [];
  let known: KnownOutage[] = [];
  for (const file of readdirSync(dir).sort()) {
    const path = join(dir, file);
    if (/^known[-_]outages\.csv$/.test(file)) known = readKnown(path);
    else if (file.endsWith('.csv')) {
      const rows = rowsOf(path, 'unix', 'reports');
      const t = rows.map((row) => Number(row.unix));
      series.push(
        toGrid(
          basename(file, '.csv'),
          t,
          rows.map((row) => Number(row.reports)),
          step,
        ),
      );
    }
  }
  return { series, known };
}

function readKnown(path: string): KnownOutage[] {
  return rowsOf(path, 'service', 'start_utc', 'end_utc', 'start_uncertainty_min', 'label_type', 'selection').map(
    (row) => {
      const start = secondsOf(path, row.start_utc);
      return {
        service: row.service!,
        start,
        end: row.end_utc ? secondsOf(path, row.end_utc) : start + 7200,
        uncertaintySeconds: Number(row.start_uncertainty_min) * 60,
        selection: row.selection!,
      };
    },
  );
}

/** Their alerts that open an episode, each with its chart; the stamps of the counts are the ends of the steps. */
export function readCharts(dir: string): Chart[] {
  const counts = new Map<string, { t: number[]; counts: number[] }>();
  for (const row of rowsOf(join(dir, 'counts_15min.csv'), 'event_id', 'unix', 'reports')) {
    const chart = counts.get(row.event_id!) ?? { t: [], counts: [] };
    chart.t.push(Number(row.unix) - 900);
    chart.counts.push(Number(row.reports));
    counts.set(row.event_id!, chart);
  }
  const path = join(dir, 'events.csv');
  const first = /,([01])\s*$/;
  return readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const [event = '', , alert = ''] = line.split(',');
      const chart = counts.get(event);
      if (!chart || first.exec(line)?.[1] !== '1') return [];
      return [{ alert: Number(alert), series: toGrid(event, chart.t, chart.counts, 900) }];
    });
}

export function readNab(dir: string): NabSeries[] {
  const windows = JSON.parse(readFileSync(join(dir, 'windows.json'), 'utf8')) as Record<string, [string, string][]>;
  return Object.keys(windows)
    .sort()
    .map((name) => join(dir, basename(name)))
    .flatMap((path, i) => {
      if (!existsSync(path)) return [];
      const rows = rowsOf(path, 'timestamp', 'value');
      const t = rows.map((row) => secondsOf(path, row.timestamp));
      const series = toGrid(
        basename(path),
        t,
        rows.map((row) => Number(row.value)),
        300,
      );
      const rowAt = new Map<number, number>();
      for (const [row, time] of t.entries()) if (!rowAt.has(time)) rowAt.set(time, row);
      const bounds = Object.values(Object.fromEntries(Object.entries(windows).sort()))[i]!.map(
        ([from, to]) =>
          [rowAt.get(secondsOf(path, from.slice(0, 19)))!, rowAt.get(secondsOf(path, to.slice(0, 19)))!] as const,
      );
      return [{ series, steps: t.map((time) => Math.round((time - series.start) / 300)), windows: bounds }];
    });
}
