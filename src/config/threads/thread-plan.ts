// The number of threads of each kind, and the numbers of threads and listeners, which determine counter rows and names
// in metrics.

import type { ListenerSettings, Settings } from '../settings/settings.ts'
import { THREAD_KINDS, type ThreadKind } from './thread-kinds.ts'

/** The threads of one kind. */
export interface ThreadPlan {
  readonly kind: ThreadKind
  readonly count: number
  /** Number of its first thread; the others follow. The main thread has 0. */
  readonly firstNumber: number
  /** Number of the first companion; the others follow. Undefined: there are none. */
  readonly firstCompanion: number | undefined
  /** Number of its first listener, over all kinds; the others follow. */
  readonly firstListener: number
}

/** 0 without listeners, else the configured number; at least 1 if it is `auto`. */
export function threadCount(kind: ThreadKind, settings: Settings, cores: number): number {
  if (settings[kind.listeners].length === 0) return 0
  const wanted = kind.wantedCount(settings)
  return wanted === 'auto' ? Math.max(1, Math.round(cores * kind.threadsPerCore)) : wanted
}

export async function planThreads(
  settings: Settings,
  cores: number,
  kinds = THREAD_KINDS,
): Promise<readonly ThreadPlan[]> {
  const plans: ThreadPlan[] = []
  let firstNumber = 1
  let firstListener = 0
  for (const kind of kinds) {
    const count = threadCount(kind, settings, cores)
    const firstCompanion = (await kind.companion?.isNeeded(settings)) ? firstNumber + count : undefined
    plans.push({ kind, count, firstNumber, firstCompanion, firstListener })
    firstNumber += firstCompanion === undefined ? count : 2 * count
    firstListener += settings[kind.listeners].length
  }
  return plans
}

/** The settings of all listeners, in the order of their numbers. */
export function plannedListeners(plans: readonly ThreadPlan[], settings: Settings): readonly ListenerSettings[] {
  return plans.flatMap(({ kind }): readonly ListenerSettings[] => settings[kind.listeners])
}

/** The threads' names in the order of their numbers, the main thread first. */
export function threadNames(plans: readonly ThreadPlan[]): readonly string[] {
  return [
    'main',
    ...plans.flatMap(({ kind, count, firstCompanion }) => [
      ...numbered(kind.name, count),
      ...(kind.companion === undefined || firstCompanion === undefined ? [] : numbered(kind.companion.name, count)),
    ]),
  ]
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
}
