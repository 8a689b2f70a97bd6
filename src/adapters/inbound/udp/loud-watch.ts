// Notes for the gate what may make a source loud. Only a proven source is noted: a forged one must not get another's
// datagrams filtered, so without validation of connection ids nothing is.

import type { RequestRates } from '../request-rates.ts'
import type { DatagramSource } from './datagram-source.ts'
import { LoudLevel, LoudSources } from './loud-sources.ts'
import type { UnprovenShare } from './unproven-share.ts'

export class LoudWatch {
  readonly sources = new LoudSources()
  readonly #source: DatagramSource
  readonly #sourceWords: Int32Array
  readonly #rates: RequestRates
  readonly #isOn: boolean
  #notesNetworks = false

  /** `sourceWords`: the memory in which `source` is read. */
  constructor(source: DatagramSource, sourceWords: Int32Array, rates: RequestRates, isOn: boolean) {
    this.#source = source
    this.#sourceWords = sourceWords
    this.#rates = rates
    this.#isOn = isOn
  }

  /** To be called before each batch with the state of its socket's receive buffer. */
  beginBatch({ isBusy, isBacklogged }: UnprovenShare): void {
    this.sources.isBacklogged = isBacklogged
    this.#notesNetworks = this.#isOn && (isBusy || this.sources.hasNetworks)
  }

  /** The request of a proven source was refused for its rate. */
  noteRefusal(): void {
    const { family, first, second } = this.#source
    if (this.#isOn) this.sources.note(family, this.#rates.refusedLevel, first, second)
  }

  /** One was within its rate: what a host sends above it must not get its whole network filtered. */
  noteRequest(): void {
    if (this.#notesNetworks) this.#noteNetwork()
  }

  #noteNetwork(): void {
    const { family, first, second, halfwordAt } = this.#source
    if (!this.#rates.isLimited(family, this.#sourceWords, halfwordAt >> 1)) return
    this.sources.note(family, LoudLevel.Network, first, second)
  }
}
