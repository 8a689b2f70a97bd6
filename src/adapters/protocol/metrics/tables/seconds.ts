// Bounds of times: Prometheus wants seconds, a table is easier to read in microseconds.

export const seconds = (...microseconds: readonly number[]): readonly number[] =>
  microseconds.map((value) => value / 1e6)
