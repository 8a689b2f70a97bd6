// The stamp in a peer's record: when the peer was last seen, in the upper 28 bits as seconds since the memory's epoch
// (8.5 years), and below them flags: the last event in two bits (none, completed, started, and 3 for paused), then two
// booleans.

export const STAMP_SHIFT = 4
export const MAX_STAMP_SECONDS = 2 ** 28 - 1

export const EVENT_MASK = 3
export const STORED_PAUSED = 3
/** Its download has been counted; it is not counted twice. */
export const HAS_COMPLETED = 4
/** The same client is counted in the other family already (BEP 7). */
export const IS_TWIN = 8

export function stampOf(seconds: number, flags: number): number {
  return (seconds << STAMP_SHIFT) | flags
}

export function secondsOf(stamp: number): number {
  return stamp >>> STAMP_SHIFT
}

export function eventOf(stamp: number): number {
  return stamp & EVENT_MASK
}

export function isTwin(stamp: number): boolean {
  return (stamp & IS_TWIN) !== 0
}
