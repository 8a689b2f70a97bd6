// Time bounds: Prometheus expects seconds, tables are easier to read in microseconds.

export function seconds(...microseconds: readonly number[]): readonly number[] {
  return microseconds.map((value) => value / 1e6)
}
