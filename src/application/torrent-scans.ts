// Scans over all torrents for queries: in slices, with pauses in between so that the main thread's event loop keeps
// running, and one at a time, so that any number of queries takes no more of the thread than one.

import type { Cancellation } from '../domain/cancellation.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { SwarmScan } from '../domain/swarm/swarm-scan.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'
import { SerialQueue } from './serial-queue.ts'

/** Slices of a scan before other work gets a turn: a millisecond or two. */
const SLICES_BETWEEN_RESTS = 16

/** Called under a lock, with a torrent's offset in the words of swarm memory. */
export type TorrentVisit = (words: Int32Array, torrent: number) => void

export class TorrentScans {
  readonly #registry: SwarmRegistry
  readonly #pause: Pause
  readonly #turns = new SerialQueue()

  constructor(registry: SwarmRegistry, pause: Pause) {
    this.#registry = registry
    this.#pause = pause
  }

  /** The number of torrents. */
  get torrents(): number {
    return swarmTotals(this.#registry.memory).torrents
  }

  /** Runs `work`, which may scan, after all earlier work. It must not wait for a client. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work)
  }

  /** Visits all torrents; to be called in turn. `afterSlice` runs without a lock. False when cancelled. */
  async scan(visit: TorrentVisit, signal: Cancellation, afterSlice = () => {}): Promise<boolean> {
    const scan = new SwarmScan(this.#registry.memory)
    for (let slices = 1; !signal.aborted; slices++) {
      const isDone = scan.slice(visit)
      afterSlice()
      if (isDone) return true
      if (slices % SLICES_BETWEEN_RESTS === 0) await this.#pause.rest()
    }
    return false
  }
}
