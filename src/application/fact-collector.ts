// Empties the inbox of facts: completed downloads go to the download taker, each exactly once, and everything to the
// event bus, if anything listens.

import { infoHashFromWords } from '../domain/info-hash.ts'
import type { TorrentEventKind } from '../domain/ports/inbound/events.ts'
import { type FactInbox, FactKind } from '../domain/ports/outbound/facts.ts'
import type { EventBus } from './event-bus.ts'

const EVENT_OF: Readonly<Record<FactKind, TorrentEventKind>> = {
  [FactKind.TorrentCompleted]: 'torrent-completed',
  [FactKind.TorrentAdded]: 'torrent-added',
  [FactKind.TorrentRemoved]: 'torrent-removed',
}

/** Receives every completed download. */
export interface DownloadTaker {
  /** How many more it can take. The rest stays in the inbox, and is counted as lost when that is full. */
  readonly room: number
  /** Takes one: the info hash is at `infoHashAt` of `words`, valid only during the call. Does not throw. */
  take(words: Int32Array, infoHashAt: number): void
}

export class FactCollector {
  readonly #inbox: FactInbox
  readonly #bus: EventBus
  readonly #keepsDownloads: boolean
  #taker: DownloadTaker | undefined

  /** With `keepsDownloads` downloads are noted from now on, and wait in the inbox until a taker is set. */
  constructor(inbox: FactInbox, bus: EventBus, keepsDownloads: boolean) {
    this.#inbox = inbox
    this.#bus = bus
    this.#keepsDownloads = keepsDownloads
    bus.onWantedChange = this.#want
    this.#want()
  }

  setDownloadTaker(taker: DownloadTaker): void {
    this.#taker = taker
  }

  /** Passes on what has happened since the last call; cheap, meant to be called several times a second. */
  collect(): void {
    const room = this.#keepsDownloads ? (this.#taker?.room ?? 0) : Number.MAX_SAFE_INTEGER
    // A drain delivers only what a ring held at its start, so this ends.
    if (room > 0) this.#inbox.drain(room, this.#take)
  }

  readonly #take = (kind: FactKind, words: Int32Array, infoHashAt: number): void => {
    if (kind === FactKind.TorrentCompleted) this.#taker?.take(words, infoHashAt)
    const event = EVENT_OF[kind]
    if (this.#bus.isWanted(event)) this.#bus.publish({ kind: event, infoHash: infoHashFromWords(words, infoHashAt) })
  }

  readonly #want = (): void => {
    const kinds = Object.values(FactKind).filter((kind) => {
      return (kind === FactKind.TorrentCompleted && this.#keepsDownloads) || this.#bus.isWanted(EVENT_OF[kind])
    })
    this.#inbox.want(kinds)
  }
}
