// The shared memory of a client trace: written by the main thread before the number of the trace, which turns tracing
// on; threads count lines in it.
//
//   word 0    number of the trace, 0 while there is none
//   word 1    address family
//   word 2    words of the address that are compared: 1, 2 or 4
//   word 3    the address, in network bytes
//   word 7    lines that may still be logged
//   word 8    lines dropped because there were too many in a second
//   word 9    a second, and the lines in it: see `WINDOW_BITS`

export const TraceWord = { Number: 0, Family: 1, Compared: 2, Address: 3, Left: 7, Dropped: 8, Window: 9 } as const

/** The lower bits count the lines of the second in the upper ones. */
export const WINDOW_BITS = 10
/** Of all threads together. */
export const MAX_LINES_PER_SECOND = 100

const WORDS = 16

export function createTraceMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
}
