// Reads `series,t,count` rows: every row is kept, or refused with line, field, value and way out.
import { UsageError } from '../core/errors.js';
import { day, parseInstant, toIso } from '../core/time.js';

/** One series of a file, in the order of its rows there. */
export interface RowSeries {
  name: string;
  /** Epoch ms of each row. */
  t: number[];
  /** null = nobody looked (empty count). */
  count: (number | null)[];
  /** Line of each row, from 1. */
  line: number[];
  /** Number of each row among all kept rows of the file, from 0. */
  row: number[];
}

/** Rows of a file by series, and what is needed to give them back in their order. */
export interface CountRows {
  series: RowSeries[];
  /** Of each kept row: number of its series, and its time as it was written. */
  seriesOfRow: number[];
  timeAsGiven: string[];
}

const columns = ['series', 't', 'count'] as const;
/** A time farther ahead than this is taken for a slip of the pen. */
const mostAheadMs = 366 * day;

/**
 * Reads rows of CSV. The header may be left out when the columns are series, t, count; other columns are ignored.
 * @param now epoch ms, against which a far-future time is told
 * @param refuse is told of each row that is left out: `line 7: count: "-3": ...`
 * @throws UsageError when there is no row at all, or the header lacks a column
 */
export async function readCountRows(
  lines: AsyncIterable<string>,
  now: number,
  refuse: (words: string) => void,
): Promise<CountRows> {
  const rows: CountRows = { series: [], seriesOfRow: [], timeAsGiven: [] };
  const byName = new Map<string, number>();
  let places: readonly number[] | null = null;
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() === '') continue;
    const fields = splitCsv(text);
    if (fields === null) {
      refuse(`line ${line}: a quote is not closed; close it, or write two of them for one inside a name`);
      continue;
    }
    if (places === null) {
      const header = placesOf(fields);
      places = header ?? [0, 1, 2];
      if (header) continue;
    }
    const name = fields[places[0]!] ?? '';
    const time = (fields[places[1]!] ?? '').trim();
    const wrong = (field: string, value: string, way: string) =>
      refuse(`line ${line}: ${field}: ${JSON.stringify(value.slice(0, 60))}: ${way}`);
    if (fields.length <= Math.max(...places)) {
      wrong('row', text, 'expected three fields, series,t,count');
      continue;
    }
    if (name === '') {
      wrong('series', name, 'expected a name');
      continue;
    }
    const t = readTime(time);
    if (t === null) {
      wrong('t', time, 'expected epoch seconds or ISO 8601, such as 1700000100 or 2026-07-12T09:00:00Z');
      continue;
    }
    if (t > now + mostAheadMs) {
      wrong('t', time, `${toIso(t)} lies more than a year ahead; epoch seconds were expected`);
      continue;
    }
    const count = readCount((fields[places[2]!] ?? '').trim());
    if (count === undefined) {
      wrong('count', fields[places[2]!]!.trim(), 'expected a whole number from 0 on, or nothing where nobody looked');
      continue;
    }
    let at = byName.get(name);
    if (at === undefined) {
      at = rows.series.length;
      byName.set(name, at);
      rows.series.push({ name, t: [], count: [], line: [], row: [] });
    }
    const series = rows.series[at]!;
    series.t.push(t);
    series.count.push(count);
    series.line.push(line);
    series.row.push(rows.seriesOfRow.length);
    rows.seriesOfRow.push(at);
    rows.timeAsGiven.push(time);
  }
  if (line === 0) throw new UsageError('no rows on standard input; expected CSV with the columns series,t,count');
  return rows;
}

/** Where the three columns stand, when these fields are a header; null when they are data. */
function placesOf(fields: readonly string[]): number[] | null {
  const names = fields.map((field) => field.trim().toLowerCase());
  const places = columns.map((column) => names.indexOf(column));
  if (places.every((place) => place >= 0)) return places;
  if (fields.length >= 3 && readTime((fields[1] ?? '').trim()) !== null) return null;
  const missing = columns.filter((_, i) => places[i]! < 0);
  throw new UsageError(
    `line 1: the header lacks ${missing.join(', ')}; expected the columns series,t,count, got ${JSON.stringify(fields.join(',').slice(0, 80))}`,
  );
}

/** Epoch ms of epoch seconds or ISO 8601, 1970 or later; null when neither. */
function readTime(text: string): number | null {
  if (/^\d{1,11}(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const t = /^\d{4}-/.test(text) ? parseInstant(text) : null;
  return t !== null && t >= 0 ? t : null;
}

/** A whole number from 0 on, null for nothing, undefined for anything else. */
function readCount(text: string): number | null | undefined {
  if (text === '') return null;
  if (!/^\d+(\.0*)?$/.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** The fields of one line; null when a quoted field does not end on it. */
function splitCsv(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const field = /\s*"((?:[^"]|"")*)"\s*(,|$)|([^,]*)(,|$)/y;
  for (let more = true; more; ) {
    const found = field.exec(line);
    if (!found) return null;
    if (found[1] === undefined && found[3]!.includes('"')) return null;
    fields.push(found[1] === undefined ? found[3]! : found[1].replaceAll('""', '"'));
    more = (found[1] === undefined ? found[4] : found[2]) === ',';
  }
  return fields;
}
