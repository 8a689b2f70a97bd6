// Durations for the log: whole milliseconds and a tenth, instead of the fifteen digits of a difference of clocks.

export function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
