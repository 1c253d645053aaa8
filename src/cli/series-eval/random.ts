// Random numbers with a seed, in the few distributions that the injection benchmark draws from.

export interface Random {
  /** In [0, 1). */
  unit(): number;
  between(low: number, high: number): number;
  /** Whole number in [0, n). */
  below(n: number): number;
  poisson(mean: number): number;
  binomial(n: number, p: number): number;
  /** Gamma of whole shape and mean 1. */
  gammaOfMeanOne(shape: number): number;
  /** n things thrown into k equal boxes. */
  split(n: number, k: number): number[];
  shuffled<T>(items: readonly T[]): T[];
}

/** mulberry32 (public domain, T. Ettinger). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function unit(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  function gamma(shape: number): number {
    let sum = 0;
    for (let i = 0; i < shape; i++) sum -= Math.log(1 - unit());
    return sum;
  }
  function binomial(n: number, p: number): number {
    let hits = 0;
    for (let i = 0; i < n; i++) if (unit() < p) hits++;
    return hits;
  }
  function poisson(mean: number): number {
    if (mean > 30) {
      // Ahrens and Dieter 1974: the time of the m-th event splits the mean.
      const m = Math.floor((7 * mean) / 8);
      const x = gamma(m);
      return x > mean ? binomial(m - 1, mean / x) : m + poisson(mean - x);
    }
    const end = Math.exp(-mean);
    let count = 0;
    for (let p = unit(); p > end; p *= unit()) count++;
    return count;
  }
  const below = (n: number) => Math.floor(unit() * n);
  return {
    unit,
    between: (low, high) => low + unit() * (high - low),
    below,
    poisson,
    binomial,
    gammaOfMeanOne: (shape) => gamma(shape) / shape,
    split(n, k) {
      const boxes = new Array<number>(k).fill(0);
      for (let i = 0; i < n; i++) boxes[below(k)]!++;
      return boxes;
    },
    shuffled(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
      return out;
    },
  };
}
