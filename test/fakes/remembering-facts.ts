import type { FactKind, Facts } from '../../src/domain/ports/outbound/facts.ts'

/** Records the noted facts: kind and info hash. */
export class RememberingFacts implements Facts {
  readonly noted: { readonly kind: FactKind; readonly infoHash: string }[] = []

  note(kind: FactKind, words: Int32Array, infoHashAt: number): void {
    const bytes = Buffer.from(words.buffer, words.byteOffset + infoHashAt * 4, 20)
    this.noted.push({ kind, infoHash: bytes.toString('hex') })
  }
}
