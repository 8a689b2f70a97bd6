// How many threads of each kind there will be, and their numbers: rows of counters and names in metrics go by these.

import type { Settings } from '../settings/settings.ts'
import { THREAD_KINDS, type ThreadKind } from './thread-kinds.ts'

/** The threads of one kind. */
export interface ThreadPlan {
  readonly kind: ThreadKind
  readonly count: number
  /** Number of its first thread; the others follow. The main thread has 0. */
  readonly firstNumber: number
}

/** None without listeners, else as many as the operator wants; at least one when it is left to the tracker. */
export function threadCount(kind: ThreadKind, settings: Settings, cores: number): number {
  if (settings[kind.listeners].length === 0) return 0
  const wanted = kind.wantedCount(settings)
  return wanted === 'auto' ? Math.max(1, Math.round(cores * kind.threadsPerCore)) : wanted
}

export function planThreads(settings: Settings, cores: number, kinds = THREAD_KINDS): readonly ThreadPlan[] {
  let firstNumber = 1
  return kinds.map((kind) => {
    const plan = { kind, count: threadCount(kind, settings, cores), firstNumber }
    firstNumber += plan.count
    return plan
  })
}

/** By the numbers of the threads, the main thread first: as many names as there will be threads. */
export function threadNames(plans: readonly ThreadPlan[]): readonly string[] {
  return [
    'main',
    ...plans.flatMap(({ kind, count }) => Array.from({ length: count }, (_, index) => `${kind.name}-${index + 1}`)),
  ]
}
