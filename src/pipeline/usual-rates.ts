// How many reports are usual for a series that nobody has heard yet: what others of its class show here, or a guess.

import type { Catalog } from '../core/catalog.js';
import type { ReadStore } from '../core/ports.js';
import type { SeriesKey } from '../core/signal.js';
import { day, floorTo, hour } from '../core/time.js';

/** What was learned by the last full hour; kept by the tick, so that a restart changes nothing. */
export interface UsualRates {
  /** Epoch ms until which reports were counted. */
  until: number;
  /** Reports per hour by class. */
  perHour: Record<string, number>;
}

/** A class is known when so many of its series were heard, over so many hours. */
const leastSeries = 3;
const leastHours = 2;
/** Guesses, reports per hour: categories that nearly everybody uses, and the others; a country has a part of them, a region less. */
const everyday = new Set(['isp', 'mobile', 'social', 'messaging', 'video', 'games', 'email']);
const guess = { everyday: 0.5, other: 0.1 };
const part = { everywhere: 1, country: 0.5, region: 0.2 };

export interface UsualRatesOptions {
  read: Pick<ReadStore, 'touchedSeries'>;
  catalog: Pick<Catalog, 'service'>;
  /** Start of the first step ever judged, epoch ms. */
  origin(): number;
  kept(): UsualRates | undefined;
  keep(rates: UsualRates): void;
}

/**
 * Makes the verb that tells how many reports per hour are usual for a series not heard before `t`. The class is the
 * service's category and how wide the region is; it shows the median of its series that were heard in the last day.
 */
export function createUsualRates({ read, catalog, origin, kept, keep }: UsualRatesOptions) {
  function classOf({ service, region }: SeriesKey) {
    const category: string = catalog.service(service)?.category ?? 'other';
    const breadth: keyof typeof part = region === '*' ? 'everywhere' : region.includes('-') ? 'region' : 'country';
    return { category, breadth, id: `${category}/${breadth}` };
  }

  async function learn(until: number): Promise<UsualRates> {
    const from = Math.max(origin(), until - day);
    const hours = (until - from) / hour;
    const rates = new Map<string, number[]>();
    for (const heard of hours >= leastHours ? await read.touchedSeries(from, until) : []) {
      const { id } = classOf(heard);
      rates.set(id, [...(rates.get(id) ?? []), heard.authors / hours]);
    }
    const perHour: UsualRates['perHour'] = {};
    for (const [id, known] of rates)
      if (known.length >= leastSeries)
        perHour[id] = known.sort((a, b) => a - b)[Math.floor(known.length / 2)] as number;
    return { until, perHour };
  }

  return async function usualPerHour(key: SeriesKey, t: number): Promise<number> {
    const until = floorTo(t, hour);
    let rates = kept();
    if (rates?.until !== until) {
      rates = await learn(until);
      keep(rates);
    }
    const { category, breadth, id } = classOf(key);
    return rates.perHour[id] || part[breadth] * (everyday.has(category) ? guess.everyday : guess.other);
  };
}
