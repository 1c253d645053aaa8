// How unlikely a count is: the upper tail and the central interval of a negative binomial.

const ln10 = Math.LN10;
const tiny = 1e-300;
const halfLnTwoPi = 0.5 * Math.log(2 * Math.PI);

/** ln (n-1)! for small whole n, where most counts lie. */
const lnGammaOfWhole = new Float64Array(1025);
for (let n = 2; n < lnGammaOfWhole.length; n++) lnGammaOfWhole[n] = lnGammaOfWhole[n - 1]! + Math.log(n - 1);

/** ln of the gamma function for x > 0 (Stirling's series, shifted up to x >= 8). */
export function lnGamma(x: number): number {
  if (x < lnGammaOfWhole.length && x >= 1 && x === Math.floor(x)) return lnGammaOfWhole[x]!;
  let shift = 1;
  while (x < 8) {
    shift *= x;
    x += 1;
  }
  const r = 1 / (x * x);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + halfLnTwoPi + series - Math.log(shift);
}

/** Lentz's continued fraction of the incomplete beta function (Numerical Recipes, 6.4). */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let h = d;
  for (let m = 1; m < 400; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-9) break;
  }
  return h;
}

/**
 * -log10 of the chance that a negative binomial count reaches `y`; exact in the far tail, no underflow.
 * @param y count >= 0
 * @param mean expected count > 0
 * @param size dispersion: variance = mean + mean²/size
 */
export function tailSurprise(y: number, mean: number, size: number): number {
  if (y <= 0) return 0;
  const x = mean / (mean + size);
  const lnFront = y * Math.log(x) + size * Math.log1p(-x) + lnGamma(y + size) - lnGamma(y) - lnGamma(size);
  if (x < (y + 1) / (y + size + 2)) return -(lnFront - Math.log(y) + Math.log(betaFraction(y, size, x))) / ln10;
  const below = Math.min(1, (Math.exp(lnFront) * betaFraction(size, y, 1 - x)) / size);
  return -Math.log10(Math.max(1 - below, 1e-12));
}

/**
 * Central 95 % interval of a negative binomial count with this mean and variance (> mean), in whole counts.
 * Small means by summing the chances; large ones by Wilson and Hilferty's cube-root approximation.
 */
export function interval95(mean: number, variance: number): { low: number; high: number } {
  if (mean < 8) {
    const size = (mean * mean) / (variance - mean);
    const x = mean / (mean + size);
    let chance = Math.exp(size * Math.log1p(-x));
    let below = chance;
    let low = 0;
    for (let k = 0; k < 400; k++) {
      if (below < 0.025) low = k + 1;
      if (below >= 0.975) return { low, high: k };
      chance *= (x * (k + size)) / (k + 1);
      below += chance;
    }
  }
  const v = variance / (9 * mean * mean);
  const spread = 1.959964 * Math.sqrt(v);
  return {
    low: Math.floor(mean * Math.max(0, 1 - v - spread) ** 3),
    high: Math.ceil(mean * Math.max(1, 1 - v + spread) ** 3),
  };
}
