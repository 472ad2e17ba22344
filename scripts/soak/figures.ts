/** Figures of a long run. Pure. */

/** The value of numbers in any order that so many of a hundred do not exceed; undefined where there are none. */
export function valueAt(numbers: readonly number[], percent: number): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** The same as text, to a tenth; `-` where there are none. */
export function percentile(numbers: readonly number[], percent: number): string {
  return valueAt(numbers, percent)?.toFixed(1) ?? '-';
}

/** Least squares through points of milliseconds and a value: what the value gains in an hour. */
export function slopeAnHour(points: readonly (readonly [ms: number, value: number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(points.map(([ms]) => ms)), mean(points.map(([, value]) => value))];
  const over = points.reduce((sum, [ms, value]) => sum + (ms - x) * (value - y), 0);
  const under = points.reduce((sum, [ms]) => sum + (ms - x) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 3_600_000;
}
