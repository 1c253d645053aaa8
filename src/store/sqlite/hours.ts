// Sums of whole judged hours. Cells and readings stay what counts: an hour is summed up from them, and again when one changes.
import type { Touched } from '../../core/ports.js';
import { day, floorTo, hour } from '../../core/time.js';
import type { Connection } from './connect.js';
import { metaKeys } from './meta-keys.js';

/** The hours from `from` until `until` are summed up; epoch ms. One without a row had neither reports nor readings. */
export interface Settled {
  from: number;
  until: number;
}

/** Summing begins at most so long before the judgement: one post of a wrong century must not make it sum up them all. */
const longestPast = 366 * day;

/** What a tick sums up at most. */
const mostAtOnce = 2 * day;

/** Makes the verb that tells which hours are summed up. */
export function createSettled({ client }: Connection): () => Settled {
  const find = client.prepare<[string, string], { key: string; value: string }>(
    'select key, value from meta where key in (?, ?)',
  );
  return () => {
    const settled = { from: 0, until: 0 };
    for (const { key, value } of find.all(metaKeys.hoursFrom, metaKeys.hoursUntil))
      settled[key === metaKeys.hoursFrom ? 'from' : 'until'] = Number(value);
    return settled;
  };
}

/** The whole hours of [from, to) that are summed up; where there are none, an empty stretch at its end. */
export function wholeHours(settled: Settled, from: number, to: number): Settled {
  const first = Math.max(settled.from, Math.ceil(from / hour) * hour);
  const until = Math.min(settled.until, floorTo(to, hour));
  return first < until ? { from: first, until } : { from: to, until: to };
}

/** All verbs run inside the caller's transaction. */
export interface Hours {
  /**
   * After a tick that judged steps from `first` on until `judgedUntil`: what was summed up there no longer holds, and the
   * hours that came to their end are summed up; a long stretch of them is left to `settle`.
   */
  judged(first: number, judgedUntil: number): void;
  /**
   * Sums up one hour that ends by `judgedUntil`; summing begins at the first cell of all.
   * @returns true when none is left.
   */
  settle(judgedUntil: number): boolean;
  /** Sums up again where cells of summed hours have changed. */
  repair(changed: Touched): void;
  /** Drops what is older than this: there roll-ups are as wide. */
  drop(before: number): void;
}

export function createHours(connection: Connection): Hours {
  const { client } = connection;
  const settled = createSettled(connection);
  const putValue = client.prepare(
    'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
  );
  const put = ({ from, until }: Settled) => {
    putValue.run(metaKeys.hoursFrom, String(from));
    putValue.run(metaKeys.hoursUntil, String(until));
  };
  const firstCell = client
    .prepare<[string], number | null>(
      `select min(t) from (
        select min(t) as t from buckets union all
        select min(t) from rollups where t >= coalesce((select cast(value as integer) from meta where key = ?), 0)
      )`,
    )
    .pluck();
  const dropHour = client.prepare<{ t: number }>('delete from hours where t = :t');
  const sumCells = client.prepare<{ t: number; end: number }>(`
    insert into hours (service, region, t, reports, authors, readings, width_ms, observed, expected, below, above, surprise)
    select service, region, :t, sum(reports), sum(authors), 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0
    from (
      select service, region, reports, authors from buckets where t >= :t and t < :end
      union all
      select service, region, reports, authors from rollups where t >= :t and t < :end
    )
    group by service, region`);
  // Readings have no index by time: each series that was ever judged, or has reports in the hour, is looked up by its key
  // (what `cross join` makes sure of).
  const sumReadings = client.prepare<{ t: number; end: number }>(`
    insert into hours (service, region, t, reports, authors, readings, width_ms, observed, expected, below, above, surprise)
    select k.service, k.region, :t, 0, 0, count(*), max(r.width_ms), sum(r.observed), sum(r.expected),
      sum((r.expected - r.low) * (r.expected - r.low)), sum((r.high - r.expected) * (r.high - r.expected)), max(r.surprise)
    from (select service, region from detectors union select service, region from hours where t = :t) k
      cross join readings r
    where r.service = k.service and r.region = k.region and r.t >= :t and r.t < :end
    group by k.service, k.region
    having count(r.observed) * max(r.width_ms) = 3600000
    on conflict (service, region, t) do update set readings = excluded.readings,
      width_ms = excluded.width_ms, observed = excluded.observed, expected = excluded.expected, below = excluded.below,
      above = excluded.above, surprise = excluded.surprise`);
  const sumAgain = client.prepare<{ service: string; region: string; t: number; end: number }>(`
    insert into hours (service, region, t, reports, authors, readings, width_ms, observed, expected, below, above, surprise)
    select :service, :region, :t, coalesce(sum(reports), 0), coalesce(sum(authors), 0), 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0
    from (
      select reports, authors from buckets where service = :service and region = :region and t >= :t and t < :end
      union all
      select reports, authors from rollups where service = :service and region = :region and t >= :t and t < :end
    ) where true
    on conflict (service, region, t) do update set reports = excluded.reports, authors = excluded.authors`);
  const dropOld = client.prepare<[number]>('delete from hours where t < ?');

  /** Where summing begins in this store. */
  function start(judgedUntil: number): Settled {
    const first = Math.min(firstCell.get(metaKeys.quartersFrom) ?? judgedUntil, judgedUntil);
    const from = floorTo(Math.max(first, judgedUntil - longestPast), hour);
    return { from, until: from };
  }

  /** Sums up the hours from `now.until` on. */
  function sumUp({ from, until }: Settled, end: number): void {
    for (let t = until; t < end; t += hour) {
      dropHour.run({ t });
      sumCells.run({ t, end: t + hour });
      sumReadings.run({ t, end: t + hour });
    }
    put({ from, until: end });
  }

  return {
    judged(first, judgedUntil) {
      let now = settled();
      if (now.until === 0) now = start(judgedUntil);
      const reopened = Math.min(now.until, floorTo(first, hour));
      const end = floorTo(judgedUntil, hour);
      if (reopened === now.until && end <= now.until) return;
      const due = end - reopened <= mostAtOnce ? Math.max(end, reopened) : reopened;
      sumUp({ from: Math.min(now.from, reopened), until: reopened }, due);
    },
    settle(judgedUntil) {
      let now = settled();
      const first = start(judgedUntil);
      if (now.until === 0 || first.from < now.from) now = first;
      const end = Math.max(now.until, Math.min(now.until + hour, floorTo(judgedUntil, hour)));
      sumUp(now, end);
      return end + hour > judgedUntil;
    },
    repair(changed) {
      if (changed.length === 0) return;
      const { from, until } = settled();
      const done = new Set<string>();
      for (const { service, region, t: at } of changed) {
        const t = floorTo(at, hour);
        const key = `${service}\n${region}\n${t}`;
        if (t < from || t >= until || done.has(key)) continue;
        done.add(key);
        sumAgain.run({ service, region, t, end: t + hour });
      }
    },
    drop(before) {
      const now = settled();
      if (before <= now.from) return;
      dropOld.run(floorTo(before, hour));
      put({ from: floorTo(before, hour), until: Math.max(now.until, floorTo(before, hour)) });
    },
  };
}
