// What the detector costs: microseconds of processor time per series and step, busy, thin and idle series, and bytes of saved state.
// Run: npx tsx bench/detect.ts
import { createDetector } from '../src/detect/detector.js';

const minute = 60_000;

/** Deterministic counts with this mean and a daily rhythm. */
function* counts(mean: number, widthMs: number, steps: number): Generator<number> {
  let state = 12_345;
  for (let i = 0; i < steps; i++) {
    const hour = ((i * widthMs) / 3_600_000) % 24;
    const now = mean * (1 + 0.7 * Math.sin(((hour - 9) * Math.PI) / 12));
    let count = -1;
    let p = 1;
    do {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      p *= (state + 1) / 4_294_967_297;
      count++;
    } while (p > Math.exp(-now));
    yield count;
  }
}

const lines = ['width  mean    us/step   state bytes'];
for (const widthMs of [minute, 5 * minute, 20 * minute]) {
  for (const mean of [0, 0.05, 2, 50]) {
    const steps = 60_000;
    const series = [...counts(mean, widthMs, steps)];
    const t0 = Date.UTC(2026, 0, 1);
    let best = Number.POSITIVE_INFINITY;
    let bytes = 0;
    for (let round = 0; round < 3; round++) {
      const detector = createDetector({ widthMs });
      const started = process.cpuUsage().user;
      for (let i = 0; i < steps; i++) detector.step({ t: t0 + i * widthMs, count: series[i]! });
      best = Math.min(best, (process.cpuUsage().user - started) / steps);
      bytes = detector.save().byteLength;
    }
    lines.push(
      `${String(widthMs / minute).padStart(3)} m  ${String(mean).padEnd(6)}  ${best.toFixed(2).padStart(7)}  ${String(bytes).padStart(11)}`,
    );
  }
}
process.stdout.write(`${lines.join('\n')}\n`);
