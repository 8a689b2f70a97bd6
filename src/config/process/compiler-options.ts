// Options of V8's optimizing compiler. They are set once for the process, before the threads of the tracker start, and
// apply to functions that are compiled later (ADR 40).

import { setFlagsFromString } from 'node:v8'

/**
 * With the defaults, the hot lane uses up the compiler's budget for inlining before its small functions are reached:
 * calls such as `recordAt` and `pageOf` remain calls. The numbers are sizes in bytes of bytecode and calls per call of
 * the outer function.
 */
export const COMPILER_OPTIONS = [
  '--max-inlined-bytecode-size=1000',
  '--max-inlined-bytecode-size-cumulative=3000',
  '--min-inlining-frequency=0.01',
] as const

/** An option that this version of V8 does not know is reported on standard error and has no effect. */
export function setCompilerOptions(): void {
  for (const option of COMPILER_OPTIONS) setFlagsFromString(option)
}
