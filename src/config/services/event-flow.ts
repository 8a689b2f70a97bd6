// Events in the main thread: periodically collected from the threads' rings, and written to the debug log.

import { Repeater } from '../../adapters/inbound/schedule/repeater.ts'
import { SharedFactInbox } from '../../adapters/outbound/facts/shared-fact-inbox.ts'
import { EventBus } from '../../application/event-bus.ts'
import { FactCollector } from '../../application/fact-collector.ts'
import { EVENT_KINDS, Events } from '../../domain/ports/inbound/events.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { FactInbox } from '../../domain/ports/outbound/facts.ts'
import { Pause } from '../../domain/ports/outbound/pause.ts'
import type { Logger } from '../process/logger.ts'
import { levelOf } from '../settings/log-filter.ts'
import type { Settings } from '../settings/settings.ts'
import type { Bindings, Get } from '../wiring/bindings.ts'
import { EventBusPart, FactCollectorPart } from '../wiring/parts.ts'
import type { SharedMemory } from '../wiring/shared-memory.ts'
import { EventLog } from './event-log.ts'

const COLLECT_MILLISECONDS = 100
/** At the end listeners have this long to handle the last events. */
const DRAIN_TIMEOUT_MILLISECONDS = 500

/** Adds to the main thread's bindings the collector of facts and the bus that passes them on. */
export function bindEvents(bindings: Bindings, memory: SharedMemory, { peers }: Settings, logger: Logger): Bindings {
  const failed = (listener: string, error: unknown): void => {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    logger.log('error', 'EVENTS', `internal error: listener ${listener}: ${reason}`)
  }
  return bindings
    .bind(FactInbox, () => new SharedFactInbox(memory.facts))
    .bind(EventBusPart, (get) => new EventBus({ counters: get(Counters), pause: get(Pause), failed }))
    .bind(Events, (get) => get(EventBusPart))
    .bind(FactCollectorPart, (get) => new FactCollector(get(FactInbox), get(EventBusPart), peers.keepCompletedCounts))
}

export class EventFlow {
  readonly #bus: EventBus
  readonly #collector: FactCollector
  readonly #collects: Repeater
  readonly #log: EventLog

  /** From now on events are recorded if they have a listener. */
  constructor({ filter }: Settings['logging'], get: Get, logger: Logger) {
    this.#bus = get(EventBusPart)
    this.#collector = get(FactCollectorPart)
    this.#collects = new Repeater(() => this.#collector.collect(), { intervalMilliseconds: COLLECT_MILLISECONDS })
    this.#log = new EventLog(logger)
    const level = levelOf(filter, 'EVENTS')
    if (level === 'debug' || level === 'trace') {
      get(Events).listen('debug log', EVENT_KINDS, this.#log.write)
    }
  }

  start(): void {
    this.#collects.start()
  }

  /** To be called when no more events occur: delivers the remaining ones. */
  async stop(): Promise<void> {
    this.#collects.stop()
    this.#collector.collect()
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_TIMEOUT_MILLISECONDS)
    })
    await Promise.race([this.#bus.settle(), tooLate])
    clearTimeout(timer)
    this.#bus.close()
    this.#log.close()
  }
}
