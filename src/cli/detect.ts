// outcry detect: judges series of counts from a file, with the detector and the defaults of `serve`.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { messageOf, OperationalError, UsageError } from '../core/errors.js';
import type { Reading } from '../core/signal.js';
import { parseDuration } from '../core/time.js';
import { readCountRows } from './count-rows.js';
import { judgeRows } from './judge-rows.js';
import { linesOf } from './lines.js';
import { seriesSvg } from './series-svg.js';

/** Output is written in pieces of this many characters. */
const chunk = 1 << 16;
/** So many refused rows are told one by one. */
const mostTold = 20;

export function addDetectCommand(program: Command): void {
  program
    .command('detect')
    .description('judge series of counts: CSV series,t,count on standard input, one reading a row on standard output')
    .option('--bucket <width>', "width of a step, such as 90s, 5m, 20m (default: each series' smallest step)")
    .option('--svg <dir>', 'also draw each series into this directory: observed, expected, alarms')
    .addHelpText(
      'after',
      `
Input: CSV with the columns series, t (epoch seconds or ISO 8601; start of the step) and count. Other columns are
ignored; without a header the columns are series,t,count.
Output: NDJSON {series, t, count, expected, surprise, alert}, a line a row in the order of the input. surprise is
-log10 of the chance per step; alert is true on the step that opens an episode; provisional is there, and true, on a
step of a series' first day that nobody could miss (the first day never alerts).

Rules: rows may come in any order; each series is judged in the order of time. A step without a row, or with an
empty count, is a gap (nobody looked), not a zero. A row is left out, told on standard error, and makes the command
end with status 1 when its count is negative, fractional or no number, its time is unreadable or more than a year
ahead or off the series' grid of steps, or its step has a row already (the earlier line counts).

Example:
  printf 'series,t,count\\nslack,1767225600,0\\nslack,1767225660,2\\n' | outcry detect --bucket 1m`,
    )
    .action((options: DetectOptions) => detect(options, process));
}

export interface DetectOptions {
  bucket?: string;
  svg?: string;
}

/**
 * Does what the command's help says, on these streams.
 * @throws UsageError on wrong options or input that is no such CSV; OperationalError when rows were left out
 */
export async function detect(
  options: DetectOptions,
  { stdin, stdout, stderr }: { stdin: Readable; stdout: Writable; stderr: Writable },
): Promise<void> {
  const widthMs = readWidth(options.bucket);
  const { svg } = options;
  if (svg !== undefined) makeDirectory(svg);
  let refused = 0;
  const refuse = (words: string) => {
    refused++;
    if (refused <= mostTold) stderr.write(`outcry: ${words}\n`);
  };
  const rows = await readCountRows(linesOf(stdin), Date.now(), refuse);
  const results = new Results(rows.seriesOfRow.length);
  const files = new Set<string>();
  for (const series of rows.series) {
    const drawn: Reading[] = [];
    const each = (index: number, reading: Reading) => {
      results.put(series.row[index]!, reading);
      if (svg !== undefined) drawn.push(reading);
    };
    judgeRows(series, widthMs, each, refuse);
    if (svg !== undefined && drawn.length > 0)
      writeFileSync(join(svg, fileNameFor(series.name, files)), seriesSvg(series.name, drawn));
  }
  let out = '';
  for (let row = 0; row < rows.seriesOfRow.length; row++) {
    const words = results.words(row);
    if (words === null) continue;
    const time = rows.timeAsGiven[row]!;
    const t = time === String(Number(time)) ? time : JSON.stringify(time);
    out += `{"series":${JSON.stringify(rows.series[rows.seriesOfRow[row]!]!.name)},"t":${t},${words}}\n`;
    if (out.length < chunk) continue;
    if (!stdout.write(out)) await once(stdout, 'drain');
    out = '';
  }
  stdout.write(out);
  if (refused > mostTold) stderr.write(`outcry: and ${refused - mostTold} more rows\n`);
  if (refused > 0) throw new OperationalError(`${refused} of the rows could not be used; the others were judged`);
}

/** What is printed of each row, kept in numbers until all series are judged: a million rows are 25 MB. */
class Results {
  private readonly count: Float64Array;
  private readonly expected: Float64Array;
  private readonly surprise: Float64Array;
  /** 0 = left out, 1 = judged, 2 = alert, 3 = provisional. */
  private readonly state: Uint8Array;

  constructor(rows: number) {
    this.count = new Float64Array(rows);
    this.expected = new Float64Array(rows);
    this.surprise = new Float64Array(rows);
    this.state = new Uint8Array(rows);
  }

  put(row: number, { observed, expected, surprise, alert, provisional }: Reading): void {
    this.count[row] = observed ?? Number.NaN;
    this.expected[row] = expected;
    this.surprise[row] = surprise;
    this.state[row] = alert === 'open' ? 2 : provisional ? 3 : 1;
  }

  /** The fields of a row as JSON, without braces; null when it was left out. */
  words(row: number): string | null {
    const state = this.state[row]!;
    if (state === 0) return null;
    const count = Number.isNaN(this.count[row]!) ? null : this.count[row];
    const rounded = (n: number) => Number(n.toFixed(6));
    return `"count":${count},"expected":${rounded(this.expected[row]!)},"surprise":${rounded(this.surprise[row]!)},"alert":${state === 2}${state === 3 ? ',"provisional":true' : ''}`;
  }
}

function readWidth(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms === null || ms < 1000 || ms > 86_400_000)
    throw new UsageError(`--bucket: ${JSON.stringify(text)}; expected a width from 1s to 1d, such as 5m`);
  return ms;
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new OperationalError(`--svg: cannot make the directory ${path}: ${messageOf(error)}`);
  }
}

/** A file name that is safe everywhere and new in this run. */
function fileNameFor(series: string, taken: Set<string>): string {
  const base =
    series
      .replace(/[^\p{L}\p{N}._-]+/gu, '_')
      .replace(/^\.+/, '')
      .slice(0, 80) || 'series';
  let name = `${base}.svg`;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}-${n}.svg`;
  taken.add(name.toLowerCase());
  return name;
}
