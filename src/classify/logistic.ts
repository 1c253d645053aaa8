// L2-regularised logistic regression on sparse rows, by dual coordinate descent.

/** Sparse rows: row r is index[start[r]..start[r+1]) with the values beside it. */
export interface Rows {
  start: Int32Array;
  index: Int32Array;
  value: Float32Array;
  /** Number of columns; the last one is the constant. */
  columns: number;
}

export interface Example {
  row: number;
  positive: boolean;
  /** Cost of an error: C times the example's weight. */
  cost: number;
}

/** Random numbers from a seed (mulberry32), 0 <= x < 1. */
export function createRandom(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Inner product of a row with weights, the constant included. */
export function dot(rows: Rows, row: number, w: Float64Array): number {
  let sum = w[rows.columns - 1] as number;
  for (let k = rows.start[row] as number, end = rows.start[row + 1] as number; k < end; k++)
    sum += (w[rows.index[k] as number] as number) * (rows.value[k] as number);
  return sum;
}

/**
 * Weights that minimise |w|^2 / 2 + sum of cost * log(1 + exp(-y w.x)).
 * Yu, Huang and Lin: Dual coordinate descent methods for logistic regression and maximum entropy models
 * (Machine Learning 85, 2011), algorithm 5. Same rows, examples and seed give the same weights.
 */
export function trainLogistic(
  rows: Rows,
  examples: readonly Example[],
  options: { seed: number; rounds?: number; tolerance?: number },
): Float64Array {
  const { start, index, value, columns } = rows;
  const random = createRandom(options.seed);
  const n = examples.length;
  const w = new Float64Array(columns);
  const alpha = new Float64Array(2 * n);
  const square = new Float64Array(n);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const add = (row: number, amount: number) => {
    for (let k = start[row] as number, end = start[row + 1] as number; k < end; k++)
      w[index[k] as number]! += amount * (value[k] as number);
    w[columns - 1]! += amount;
  };
  for (const [i, { row, positive, cost }] of examples.entries()) {
    let sum = 1;
    for (let k = start[row] as number, end = start[row + 1] as number; k < end; k++) sum += (value[k] as number) ** 2;
    square[i] = sum;
    alpha[2 * i] = Math.min(0.001 * cost, 1e-8);
    alpha[2 * i + 1] = cost - (alpha[2 * i] as number);
    add(row, (positive ? 1 : -1) * (alpha[2 * i] as number));
  }
  let innerTolerance = 1e-2;
  for (let round = 0; round < (options.rounds ?? 40); round++) {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      const swap = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swap;
    }
    let largest = 0;
    let newtonSteps = 0;
    for (const i of order) {
      const { row, positive, cost } = examples[i] as Example;
      const y = positive ? 1 : -1;
      const a = square[i] as number;
      const b = y * dot(rows, row, w);
      let one = 2 * i;
      let two = one + 1;
      let sign = 1;
      if (0.5 * a * ((alpha[two] as number) - (alpha[one] as number)) + b < 0) {
        one = two;
        two = 2 * i;
        sign = -1;
      }
      const old = alpha[one] as number;
      let z = cost - old < 0.5 * cost ? 0.1 * old : old;
      let gradient = a * (z - old) + sign * b + Math.log(z / (cost - z));
      largest = Math.max(largest, Math.abs(gradient));
      let steps = 0;
      for (; steps < 100 && Math.abs(gradient) >= innerTolerance; steps++) {
        const next = z - gradient / (a + cost / (cost - z) / z);
        z = next <= 0 ? z * 0.1 : next;
        gradient = a * (z - old) + sign * b + Math.log(z / (cost - z));
        newtonSteps++;
      }
      if (steps > 0) {
        alpha[one] = z;
        alpha[two] = cost - z;
        add(row, sign * (z - old) * y);
      }
    }
    if (largest < (options.tolerance ?? 0.05)) break;
    if (newtonSteps <= n / 10) innerTolerance = Math.max(1e-8, 0.1 * innerTolerance);
  }
  return w;
}

/** Platt scaling: a, b so that 1 / (1 + exp(-(a * score + b))) is calibrated; by Newton's method on weighted soft labels. */
export function calibrate(
  scores: readonly number[],
  labels: readonly number[],
  weights: readonly number[],
): { a: number; b: number } {
  let a = 1;
  let b = 0;
  for (let round = 0; round < 50; round++) {
    let ga = 1e-6 * a;
    let gb = 0;
    let haa = 1e-6;
    let hab = 0;
    let hbb = 1e-9;
    for (let i = 0; i < scores.length; i++) {
      const x = scores[i] as number;
      const p = 1 / (1 + Math.exp(-(a * x + b)));
      const w = weights[i] as number;
      const d = w * (p - (labels[i] as number));
      const h = w * p * (1 - p);
      ga += d * x;
      gb += d;
      haa += h * x * x;
      hab += h * x;
      hbb += h;
    }
    const det = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / det;
    const db = (haa * gb - hab * ga) / det;
    a -= da;
    b -= db;
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  return { a, b };
}
