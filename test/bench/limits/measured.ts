// The interface of a part of the benchmark of limits to the whole.

import type { Table } from '../bench.ts'
import type { NativeTools } from '../udp/native-tools.ts'

export interface Measured {
  readonly table: Table
  readonly notes: readonly string[]
  readonly isWithinBound: boolean
  readonly figures: unknown
}

/** `seconds`: length of all its measurements together. */
export type Measurement = (tools: NativeTools, seconds: number) => Promise<Measured>

/** Ratios are medians over so many turns of at least so many seconds. */
export const TURNS = 12
const MIN_SECONDS = 1

export function turnSeconds(seconds: number, parts: number): number {
  return Math.max(MIN_SECONDS, seconds / TURNS / parts)
}
