// Bounds of times: Prometheus wants seconds, a table is easier to read in microseconds.

export function seconds(...microseconds: readonly number[]): readonly number[] {
  return microseconds.map((value) => value / 1e6)
}
