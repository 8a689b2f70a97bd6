import { type InfoHash, infoHashFromWords, infoHashToWords } from '../../src/domain/info-hash.ts'
import { type FactInbox, FactKind, type Facts } from '../../src/domain/ports/outbound/facts.ts'

/** Both ends in one thread: what is noted can be drained. */
export class MemoryFacts implements Facts, FactInbox {
  wanted: readonly FactKind[] = []
  /** Facts of other kinds than downloads that found no room. */
  dropped = 0
  /** Downloads that found no room. */
  lost = 0

  readonly #room: number
  readonly #waiting: { readonly kind: FactKind; readonly infoHash: InfoHash }[] = []

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room
  }

  want(kinds: readonly FactKind[]): void {
    this.wanted = kinds
  }

  note(kind: FactKind, words: Int32Array, infoHashAt: number): void {
    if (!this.wanted.includes(kind)) return
    const isDownload = kind === FactKind.TorrentCompleted
    if (this.#waiting.length < (isDownload ? this.#room : this.#room / 2)) {
      this.#waiting.push({ kind, infoHash: infoHashFromWords(words, infoHashAt) })
    } else if (isDownload) this.lost++
    else this.dropped++
  }

  drain(max: number, visit: (kind: FactKind, words: Int32Array, infoHashAt: number) => void): number {
    const words = new Int32Array(5)
    const facts = this.#waiting.splice(0, max)
    for (const { kind, infoHash } of facts) {
      infoHashToWords(infoHash, words, 0)
      visit(kind, words, 0)
    }
    return facts.length
  }
}
