// The counters of a thread: a row for each of its listeners, and one for everything that belongs to no listener.

import { SharedCounters } from '../../adapters/outbound/metrics/shared-counters.ts'
import type { Counters } from '../../domain/ports/outbound/counters.ts'
import type { ListenerSettings, Settings } from '../settings/settings.ts'
import { counterEnd } from './metric-layout.ts'
import type { SharedMemory } from './shared-memory.ts'

/** For what belongs to no listener. */
export function threadCounters(settings: Settings, memory: SharedMemory, thread: number): Counters {
  return new SharedCounters(memory.counters, { thread, end: counterEnd(settings.trackerUsageStatistics) })
}

/** For the listeners with these settings, the first of which has the number `first`. */
export function listenerCounters(
  settings: Settings,
  listeners: readonly ListenerSettings[],
  memory: SharedMemory,
  { thread, first }: { readonly thread: number; readonly first: number },
): readonly Counters[] {
  return listeners.map((listener, index) => {
    const end = counterEnd(settings.trackerUsageStatistics && countsRequests(listener))
    return new SharedCounters(memory.counters, { thread, listener: first + index, end })
  })
}

/** Whether the operator wants statistics of a listener's requests. Without the option it follows the tracker. */
export function countsRequests({ trackerUsageStatistics }: ListenerSettings): boolean {
  return trackerUsageStatistics ?? true
}
