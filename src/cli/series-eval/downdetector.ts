// Minutes between our first notice and Downdetector's own alert, each of its charts judged alone.
import { defaultSettings } from '../../detect/settings.js';
import { type GridSeries, ourJudge } from './grid.js';
import { countEpisodes, median } from './score.js';

/** One alert of theirs: epoch seconds, and the 15-minute counts around it. */
export interface Chart {
  alert: number;
  series: GridSeries;
}

/** The charts hold 24 hours only, so the protocol of this row shortens the warm-up. */
const warmUpHours = 6;
const near = 3 * 3600;

/** Found = noticed within three hours of theirs; early = noticed more than three hours before. */
export function scoreCharts(charts: readonly Chart[]): { of: number; found: number; early: number; minutes: number } {
  const judge = ourJudge({ ...defaultSettings, warmUpHours });
  const delays: number[] = [];
  let early = 0;
  for (const { alert, series } of charts) {
    const { notices } = judge(series);
    const ends = [...notices!.keys()]
      .filter((i) => notices![i] === 1)
      .map((i) => series.start + (i + 1) * series.width - alert);
    early += countEpisodes(ends.filter((end) => end < -near));
    const first = ends.find((end) => Math.abs(end) <= near);
    if (first !== undefined) delays.push(first / 60);
  }
  delays.sort((a, b) => a - b);
  return { of: charts.length, found: delays.length, early, minutes: delays.length > 0 ? median(delays) : Number.NaN };
}
