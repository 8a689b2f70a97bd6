// What a thread of a load is given, and what it reports besides its counts.

import type { LoadMemory } from './load-memory.ts'
import type { LoadPlan } from './load-plan.ts'
import type { Population } from './population.ts'

export interface LoadThreadData {
  readonly plan: LoadPlan
  readonly thread: number
  readonly population: Population
  readonly memory: LoadMemory
}

/** `failure`: the first error that the tracker has replied with. `broken`: the thread cannot go on. */
export type LoadThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failure' | 'broken'; readonly text: string }
