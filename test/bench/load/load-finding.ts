// What one measurement of the load generator has found.

import type { Table } from '../bench.ts'

export interface LoadFinding {
  readonly isWithinBound: boolean
  readonly table: Table
  readonly notes: readonly string[]
  readonly figures: unknown
}
