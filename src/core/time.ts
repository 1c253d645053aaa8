// Times: epoch ms inside, ISO 8601 in UTC at every edge, durations as people write them.

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const week = 7 * day;

const units: Record<string, number> = { ms: 1, s: second, m: minute, h: hour, d: day, w: week };

/** Epoch ms -> `2026-07-12T09:13:00.000Z`. */
export function toIso(t: number): string {
  return new Date(t).toISOString();
}

/** `2026-07-12T09:13:00Z` -> `20260712T0913Z`, the form used in incident ids. */
export function toCompactIso(t: number): string {
  return `${new Date(t).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;
}

/** Start of the step of `width` ms that holds `t`. */
export function floorTo(t: number, width: number): number {
  return Math.floor(t / width) * width;
}

/**
 * Reads an instant: ISO 8601 (a time without zone is UTC), epoch seconds or epoch ms.
 * @returns epoch ms, or null when it is none of these.
 */
export function parseInstant(value: unknown): number | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}(\.\d+)?$/.test(value))) {
    const n = Number(value);
    if (!Number.isFinite(n) || n < 0) return null;
    const ms = n < 1e11 ? n * 1000 : n;
    return ms < 8.64e15 ? Math.round(ms) : null;
  }
  if (typeof value !== 'string') return null;
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    value.trim(),
  );
  if (!iso) {
    // RFC 2822 dates of feeds; a zone is required there, so the machine's own zone never leaks in.
    if (!/\d{4}.*(?:[A-Z]{1,4}|[+-]\d{4})$/.test(value.trim())) return null;
    const t = Date.parse(value);
    return Number.isNaN(t) ? null : t;
  }
  const zone = (iso[3] ?? 'Z').toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const t = Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${zone}`);
  return Number.isNaN(t) ? null : t;
}

/** Reads `90s`, `20m`, `24h`, `7d`, `2w`. @returns ms, or null when it is none of these. */
export function parseDuration(value: string): number | null {
  const m = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(value.trim());
  return m ? Number(m[1]) * (units[m[2] as string] as number) : null;
}
