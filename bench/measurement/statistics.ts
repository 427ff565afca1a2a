/**
 * The middle of some numbers; of an even count, the mean of the two in the middle.
 * @throws RangeError when there are none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no median of no values');
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The smallest of the values that at least this share of them does not exceed (nearest rank).
 * @param sorted ascending.
 * @param share 0.99 for p99.
 * @throws RangeError when there are none.
 */
export function percentile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) throw new RangeError('no percentile of no values');
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}
