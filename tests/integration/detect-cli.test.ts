// The command as a user meets it: CSV in, NDJSON out, bad rows told and left out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type DetectOptions, detect } from '../../src/cli/detect.js';
import { OperationalError, UsageError } from '../../src/core/errors.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function run(input: string, options: DetectOptions = {}) {
  const texts = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(piece, _, done) {
        texts[name] += piece;
        done();
      },
    });
  const failure = await detect(options, {
    stdin: Readable.from([input]),
    stdout: into('stdout'),
    stderr: into('stderr'),
  }).then(
    () => null,
    (error: Error) => error,
  );
  return { failure, stderr: texts.stderr, rows: rowsOf(texts.stdout) };
}

/** Three days of two reports per five minutes, then a burst. */
function burst(name: string, time: (i: number) => string | number): string[] {
  return Array.from({ length: 900 }, (_, i) => `${name},${time(i)},${i < 880 ? 1 + (i % 3) : 40}`);
}

const seconds = (i: number) => 1_767_225_600 + i * 300;

describe('outcry detect', () => {
  test('judges each series and gives every row back, in the order of the input', async () => {
    const iso = (i: number) => new Date(seconds(i) * 1000).toISOString();
    const [a, b] = [burst('slack', seconds), burst('zoom, "eu"'.replace(/.*/, '"zoom, ""eu"""'), iso)];
    const mixed = a.flatMap((row, i) => [row, b[i]!]);
    const { failure, stderr, rows } = await run(['series,t,count', ...mixed].join('\n'));
    expect(stderr).toBe('');
    expect(failure).toBeNull();
    expect(rows).toHaveLength(1800);
    expect(Object.keys(rows[0]!)).toEqual(['series', 't', 'count', 'expected', 'surprise', 'alert']);
    expect(rows[0]).toMatchObject({ series: 'slack', t: seconds(0), count: 1, alert: false });
    expect(rows[1]).toMatchObject({ series: 'zoom, "eu"', t: iso(0) });
    expect(rows.flatMap((row, i) => (row.alert ? [i] : []))).toEqual([1760, 1761]);
  });

  test('order, columns and header are free: the same readings come out', async () => {
    const rows = burst('slack', seconds);
    const plain = (await run(['series,t,count', ...rows].join('\n'))).rows;
    const headless = (await run(rows.join('\n'))).rows;
    const swapped = (
      await run(
        ['count,note,t,series', ...rows.map((row) => row.split(',')).map(([s, t, c]) => `${c},x,${t},${s}`)].join('\n'),
      )
    ).rows;
    const backwards = (await run(['series,t,count', ...rows.toReversed()].join('\n'))).rows;
    expect(headless).toEqual(plain);
    expect(swapped).toEqual(plain);
    expect(backwards.toReversed()).toEqual(plain);
  });

  test('bad rows are told with line, field, value and way out; the others are judged as without them', async () => {
    const good = burst('slack', seconds);
    const bad = [
      'slack,1767225600,7',
      'slack,1767225601,-3',
      'slack,1767225900,2.5',
      'slack,yesterday,1',
      'slack,1767225900,many',
      'slack,99999999999,1',
      ',1767225900,1',
      'slack,1767225900',
      '"slack,1767225900,1',
      'slack,1767225975,1',
    ];
    const clean = await run(['series,t,count', ...good].join('\n'), { bucket: '5m' });
    const { failure, stderr, rows } = await run(['series,t,count', ...good, ...bad].join('\n'), { bucket: '5m' });
    expect(failure).toBeInstanceOf(OperationalError);
    expect(rows).toEqual(clean.rows);
    expect(stderr).toContain('line 902: t: series "slack" has a row of the same step in line 2');
    expect(stderr).toContain('line 903: count: "-3"');
    expect(stderr).toContain('line 904: count: "2.5"');
    expect(stderr).toContain('line 905: t: "yesterday"');
    expect(stderr).toContain('line 906: count: "many"');
    expect(stderr).toContain('line 907: t: "99999999999"');
    expect(stderr).toContain('line 908: series: ""');
    expect(stderr).toContain('line 909: row:');
    expect(stderr).toContain('line 910: a quote is not closed');
    expect(stderr).toContain('line 911: t: series "slack"');
    expect(failure?.message).toContain('10 of the rows could not be used');
  });

  test('an empty count is a gap, like a row that is not there', async () => {
    const rows = burst('slack', seconds);
    const gaps = (i: number) => i >= 500 && i < 540;
    const empty = (await run(rows.map((row, i) => (gaps(i) ? row.replace(/\d+$/, '') : row)).join('\n'))).rows;
    const missing = (await run(rows.filter((_, i) => !gaps(i)).join('\n'))).rows;
    expect(empty[510]).toMatchObject({ count: null, surprise: 0, alert: false });
    expect(empty.filter((_, i) => !gaps(i))).toEqual(missing);
  });

  test('--svg draws a plot per series, names that are no file names included', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'outcry-svg-'));
    const input = [...burst('../a<b', seconds), ...burst('..a>b', seconds)].join('\n');
    expect((await run(input, { svg: dir })).failure).toBeNull();
    const files = readdirSync(dir).sort();
    expect(files).toHaveLength(2);
    const svg = readFileSync(join(dir, files[0]!), 'utf8');
    expect(svg).toMatch(/^<svg .*class="alarm".*<\/svg>\n$/s);
    expect(svg).not.toContain('NaN');
  });

  test('wrong use is told in one sentence', async () => {
    expect((await run('series,t,count\n', { bucket: 'wide' })).failure).toBeInstanceOf(UsageError);
    expect((await run('')).failure).toBeInstanceOf(UsageError);
    const { failure } = await run('service,when,reports\na,1,2\n');
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure?.message).toContain('the header lacks series, t, count');
  });

  test('as a process: data on stdout, the rest on stderr, status 1 when a row was left out', {
    timeout: 60_000,
  }, () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'detect', '--bucket', '1m'],
      { cwd: root, input: 'series,t,count\na,1767225600,1\na,1767225660,-1\n', encoding: 'utf8' },
    );
    expect(rowsOf(stdout)).toEqual([
      { series: 'a', t: 1_767_225_600, count: 1, expected: expect.any(Number), surprise: 0, alert: false },
    ]);
    expect(stderr).toContain('line 3: count: "-1"');
    expect(status).toBe(1);
  });
});
