// Passes events to listeners. Each has its own queue and is called when the thread is free, so that neither the
// publisher nor the other listeners wait for it.

import type { EventHandler, EventKind, Events, TrackerEvent } from '../domain/ports/inbound/events.ts'
import { type Counters, TrackerCounter } from '../domain/ports/outbound/counters.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'

/** Maximum number of events waiting for one listener; more are dropped. */
export const MAX_WAITING_EVENTS = 65_536
/** Events that a listener gets before others have a turn. */
const EVENTS_IN_TURN = 64

export interface EventBusDependencies {
  readonly counters: Counters
  readonly pause: Pause
  /** Called once per listener: the first time it throws or rejects. */
  readonly failed: (listener: string, error: unknown) => void
}

export class EventBus implements Events {
  /** Called when the wanted kinds may have changed. */
  onWantedChange: () => void = () => {}

  readonly #dependencies: EventBusDependencies
  readonly #listeners = new Set<Listener>()

  constructor(dependencies: EventBusDependencies) {
    this.#dependencies = dependencies
  }

  listen(name: string, kinds: readonly EventKind[], handle: EventHandler): () => void {
    const listener = new Listener(name, kinds, handle, this.#dependencies)
    this.#listeners.add(listener)
    this.onWantedChange()
    return () => {
      listener.stop()
      if (this.#listeners.delete(listener)) this.onWantedChange()
    }
  }

  isWanted(kind: EventKind): boolean {
    for (const listener of this.#listeners) if (listener.wants(kind)) return true
    return false
  }

  /** The current listeners get no more events. */
  close(): void {
    for (const listener of this.#listeners) listener.stop()
    this.#listeners.clear()
    this.onWantedChange()
  }

  /** Never throws. */
  publish(event: TrackerEvent): void {
    for (const listener of this.#listeners) if (listener.wants(event.kind)) listener.offer(event)
  }

  /** Resolves when no events are waiting; not before a slow listener is done, so the caller needs a deadline. */
  async settle(): Promise<void> {
    for (const { atWork } of this.#listeners) await atWork
  }
}

class Listener {
  /** Pending until the queue is empty; undefined when it is. */
  atWork: Promise<void> | undefined

  readonly #name: string
  readonly #kinds: ReadonlySet<EventKind>
  readonly #handle: EventHandler
  readonly #dependencies: EventBusDependencies
  #waiting: TrackerEvent[] = []
  #isStopped = false
  #hasFailed = false

  constructor(name: string, kinds: readonly EventKind[], handle: EventHandler, dependencies: EventBusDependencies) {
    this.#name = name
    this.#kinds = new Set(kinds)
    this.#handle = handle
    this.#dependencies = dependencies
  }

  wants(kind: EventKind): boolean {
    return this.#kinds.has(kind)
  }

  offer(event: TrackerEvent): void {
    if (this.#waiting.length >= MAX_WAITING_EVENTS) this.#dependencies.counters.add(TrackerCounter.events_dropped, 1)
    else this.#waiting.push(event)
    this.atWork ??= this.#work()
  }

  stop(): void {
    this.#isStopped = true
    this.#waiting = []
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#dependencies.pause.rest()
      for (const event of this.#waiting.splice(0, EVENTS_IN_TURN)) {
        if (!this.#isStopped) await this.#deliver(event)
      }
    }
    // In the same step as the last check of the queue: the next event finds no work in progress, and starts it.
    this.atWork = undefined
  }

  async #deliver(event: TrackerEvent): Promise<void> {
    try {
      await this.#handle(event)
    } catch (error) {
      this.#dependencies.counters.add(TrackerCounter.event_listener_failures, 1)
      if (!this.#hasFailed) this.#dependencies.failed(this.#name, error)
      this.#hasFailed = true
    }
  }
}
