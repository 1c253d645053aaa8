// Dates as feeds write them, which is in every way there is.
import { day, hour, minute, parseInstant } from '../../core/time.js';

/** How month names begin in the languages that feeds write them in, without accents. */
const months: [number, RegExp][] = [
  [1, /^(jan|ene|gen|ian|ιαν|янв|1月)/],
  [2, /^(feb|fev|φεβ|фев)/],
  [3, /^(mar|mrz|maa|μαρ|мар)/],
  [4, /^(apr|abr|avr|απρ|апр)/],
  [5, /^(may|mai|mag|mei|maj|μαι|μαη|ма[яи])/],
  [6, /^(jun|juin|giu|iun|ιουν|июн)/],
  [7, /^(jul|juil|lug|iul|ιουλ|июл)/],
  [8, /^(aug|aou|ago|αυγ|авг)/],
  [9, /^(sep|set|szep|σεπ|сен)/],
  [10, /^(oct|okt|ott|out|οκτ|окт)/],
  [11, /^(nov|noi|νοε|ноя)/],
  [12, /^(dec|dez|dic|δεκ|дек)/],
];

/** Zone names that mean one offset, hours from UTC. */
const zones: Record<string, number> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 1,
  bst: 1,
  ist: 5.5,
  cet: 1,
  met: 1,
  mez: 1,
  cest: 2,
  mest: 2,
  mesz: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  trt: 3,
  pkt: 5,
  wib: 7,
  ict: 7,
  hkt: 8,
  sgt: 8,
  awst: 8,
  pht: 8,
  jst: 9,
  kst: 9,
  aest: 10,
  aedt: 11,
  acst: 9.5,
  acdt: 10.5,
  nzst: 12,
  nzdt: 13,
  art: -3,
  brt: -3,
  brst: -2,
  clt: -4,
  ast: -4,
  adt: -3,
  nst: -3.5,
  ndt: -2.5,
  est: -5,
  edt: -4,
  et: -5,
  cst: -6,
  cdt: -5,
  ct: -6,
  mst: -7,
  mdt: -6,
  mt: -7,
  pst: -8,
  pdt: -7,
  pt: -8,
  akst: -9,
  akdt: -8,
  hst: -10,
  sast: 2,
  cat: 2,
  eat: 3,
  wat: 1,
};

/**
 * Reads a feed's date: ISO 8601 whole or in part, RFC 822 with any zone name, asctime, epoch seconds, month names of a
 * dozen languages. A time without zone is UTC.
 * @returns epoch ms, or null when it tells no day.
 */
export function parseFeedDate(text: string): number | null {
  const value = text.trim().slice(0, 100);
  if (value === '') return null;
  return parseInstant(value) ?? parseIso(value) ?? parseWords(value);
}

/** `2003`, `2003-12`, `20031231`, `2003-365`, `2003-12-31T10:14:55.1+01`, `2003-12-31 10:14`, `-03-12-31`... */
function parseIso(value: string): number | null {
  const m =
    /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?|-?(\d{3}))?(?:[T\s]+(\d{1,2})(?::?(\d{2})(?::?(\d{2}(?:[.,]\d+)?))?)?\s*(Z|[A-Z]{2,4}|[+-]\d{2}(?::?\d{2})?)?)?$/i.exec(
      value,
    ) ??
    /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})()(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|[A-Z]{2,4}|[+-]\d{2}(?::?\d{2})?)?)?$/i.exec(
      value,
    );
  if (!m) return null;
  const [, year, month = '1', date = '1', ordinal, h = '0', min = '0', s = '0', zone = 'Z'] = m;
  const at = ordinal
    ? Date.UTC(Number(year), 0, 1) + (Number(ordinal) - 1) * day
    : dateOf(Number(year), Number(month), Number(date));
  return at === null ? null : withTime(at, Number(h), Number(min), Number(s.replace(',', '.')), zone);
}

/** Words and numbers in any order: `Thu, 01 Jan 2004 19:48:21 CEST`, `Jan 1, 2004 7:48 PM`, `Sun Jan  4 16:29:06 PST 2004`. */
function parseWords(value: string): number | null {
  const clock = /(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?\s*([ap]\.?m\b\.?)?/i.exec(value);
  const rest = clock ? value.replace(clock[0], ' ') : value;
  const offset = clock ? /(?:[^\d]|\s)([+-]\d{2}:?\d{2})(?!\d)/.exec(rest)?.[1] : undefined;
  const words = plain(rest.replace(offset ?? /$^/, ' ')).match(/\p{L}+|\d+/gu) ?? [];
  let year: number | null = null;
  let month: number | null = null;
  let date: number;
  let zone: string | undefined = offset;
  const numbers: string[] = [];
  for (const word of words) {
    if (/^\d/.test(word)) numbers.push(word);
    else if (zone === undefined && clock && zones[word] !== undefined) zone = word;
    else month ??= months.find(([, name]) => name.test(word))?.[0] ?? null;
  }
  const long = numbers.findIndex((n) => n.length === 4);
  if (long >= 0) year = Number(numbers.splice(long, 1)[0]);
  if (month === null) {
    // 12/31/2003 where only one reading is a day; else the month first, as `Date.parse` has it.
    const [a, b] = [Number(numbers.shift()), Number(numbers.shift())];
    [month, date] = a > 12 ? [b, a] : [a, b];
  } else {
    date = Number(numbers.shift());
  }
  const short = numbers.shift();
  if (year === null) {
    if (short === undefined || short.length !== 2) return null;
    year = Number(short) + (Number(short) < 70 ? 2000 : 1900);
  }
  const at = dateOf(year, month, date);
  if (at === null) return null;
  if (!clock) return at;
  let h = Number(clock[1]);
  if (clock[4]) h = (h % 12) + (/^p/i.test(clock[4]) ? 12 : 0);
  return withTime(at, h, Number(clock[2]), Number((clock[3] ?? '0').replace(',', '.')), zone ?? 'Z');
}

/** Lower case without accents. */
function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

function dateOf(year: number, month: number, date: number): number | null {
  if (!(month >= 1 && month <= 12 && date >= 1 && date <= 31)) return null;
  return Date.UTC(year, month - 1, date);
}

function withTime(at: number, h: number, min: number, s: number, zone: string): number | null {
  if (h > 24 || min > 59 || s >= 62) return null;
  const numeric = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  const offset = numeric
    ? (numeric[1] === '-' ? -1 : 1) * (Number(numeric[2]) + Number(numeric[3] ?? 0) / 60)
    : (zones[zone.toLowerCase()] ?? 0);
  return Math.round(at + h * hour + min * minute + s * 1000 - offset * hour);
}
