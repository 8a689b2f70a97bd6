// A date of expiry in one word of a record: seconds since the memory's epoch, which is close to now, so 2038 is not a
// limit. A date too far away for a word means never, as does no date at all.

export const NEVER = 0x7fffffff
const LONG_AGO = -0x80000000
/**
 * Stands for 0, which a value cannot be. The difference is invisible: it is a moment before the tracker was started.
 */
const AT_THE_EPOCH = -1

/** `untilSeconds` since 1970; undefined: never. */
export function expiryWord(untilSeconds: number | undefined, epochSeconds: number): number {
  if (untilSeconds === undefined) return NEVER
  return Math.min(Math.max(untilSeconds - epochSeconds, LONG_AGO), NEVER) || AT_THE_EPOCH
}
