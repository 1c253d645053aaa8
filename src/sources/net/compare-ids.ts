// The order of ids that are numbers too long for numbers.

/** Less than 0 when a comes first; both are digits only. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
