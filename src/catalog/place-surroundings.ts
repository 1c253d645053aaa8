// What stands around a place's name: machines, journeys, addresses, quotations.
import { foldTable, jointUnit } from './fold.js';

interface Span {
  start: number;
  end: number;
}

export const isCapital = (char: string | undefined): boolean => char !== undefined && char !== char.toLowerCase();
export const hasCase = (char: string | undefined): boolean =>
  char !== undefined && char.toLowerCase() !== char.toUpperCase();
export const isWordAt = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && foldTable[text.charCodeAt(at)]! > jointUnit;

/** True when the name at [start, end) follows a name that ends at `at`, as a state follows a city; short ones are written big. */
export function isBehind(text: string, at: number, start: number, end: number): boolean {
  if (start < at || start - at > 3) return false;
  const name = text.slice(start, end);
  return end - start > 3 || (isCapital(name[0]) && name === name.toUpperCase());
}

const machineWords =
  /(?:\b(?:servers?|nodes?|regions?|pops?|ping|ms|datacent(?:er|re)s?|traceroute|nameservers|anycast|tenants?|mailboxes|edge|cdn|s3|azure|aws|ec2|hop|colo|rack|dc[0-9])\b|sunucu|serwer|servidor|serveur|rechenzentrum|リージョン|サーバ|鯖|سيرفر|서버|리전)/i;

/** True when a word of machines stands within a few letters of a place: `Valorant Frankfurt sunucusu`. */
export function isBesideMachine(text: string, from: number, to: number): boolean {
  return machineWords.test(text.slice(to, to + 14)) || machineWords.test(text.slice(Math.max(0, from - 14), from));
}

export const isRemote = (category: string | undefined): boolean => category === 'cloud' || category === 'developer';

/** True when most letters are capitals, links and handles aside, so that a capital tells nothing. */
export function isShouted(text: string): boolean {
  const part = text.slice(0, 600).replace(/https?:\/\/\S+|@\w+/g, '');
  return (part.match(/\p{Lu}/gu)?.length ?? 0) > 2 * (part.match(/\p{Ll}/gu)?.length ?? 0);
}

const travelWords = /\b(?:flight|flights|flying|flew|fly|routing)\b/i;

/** True when somebody travels to or from the place. */
export function isTravel(text: string, from: number, to: number): boolean {
  return travelWords.test(text.slice(Math.max(0, from - 18), from)) || travelWords.test(text.slice(to, to + 10));
}

/** Where the writer's own words end: before a quoted mail, a rule or a signature. */
export const quoted = /\swrote:|-{8,}|\b(?:Office|Direct|Phone|Mobile|Fax|Tel): ?[<(+\d]/;

/** True inside a link or an address. */
export function isInAddress(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && at - i < 40 && text.charCodeAt(i) > 0x20) i--;
  const run = text.slice(i + 1, at);
  return run.includes('://') || run.includes('@') || run.startsWith('www.');
}

/** True when nothing but a short joint stands between two places: `Las Vegas and Los Angeles`. */
export function isListed(a: Span, b: Span): boolean {
  const [left, right] = a.start < b.start ? [a, b] : [b, a];
  return right.start - left.end <= 8;
}
