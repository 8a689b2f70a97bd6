// Notes torrents added and removed as facts. Hot lane.

import { FactKind, type Facts } from '../domain/ports/outbound/facts.ts'
import type { TorrentWatch } from '../domain/swarm/torrent-watch.ts'

export class TorrentFacts implements TorrentWatch {
  readonly #facts: Facts

  constructor(facts: Facts) {
    this.#facts = facts
  }

  added(words: Int32Array, infoHashAt: number): void {
    this.#facts.note(FactKind.TorrentAdded, words, infoHashAt)
  }

  removed(words: Int32Array, infoHashAt: number): void {
    this.#facts.note(FactKind.TorrentRemoved, words, infoHashAt)
  }
}
