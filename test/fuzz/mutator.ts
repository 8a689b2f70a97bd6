// Random changes to inputs: bits, bytes, integers at the edges of their range, words of the format, and parts of other
// inputs, copied, moved, repeated or cut off.

import type { SeededRandom } from '../model/seeded-random.ts'

const EDGES = [0, 1, 2, 3, 0x10, 0x1f, 0x20, 0x25, 0x26, 0x2f, 0x3d, 0x7e, 0x7f, 0x80, 0xfe, 0xff]
const WIDE_EDGES = [0, 1, -1, 0x7fff, 0x8000, 0xffff, 0x7fffffff, -0x80000000, 0x10000, 20, 98, 200]
const MAX_CHANGES = 6

export class Mutator {
  readonly #random: SeededRandom
  readonly #words: readonly Uint8Array[]
  readonly #maxBytes: number

  constructor(random: SeededRandom, dictionary: readonly string[], maxBytes: number) {
    this.#random = random
    this.#words = dictionary.map((word) => new Uint8Array(Buffer.from(word, 'latin1')))
    this.#maxBytes = maxBytes
  }

  /** A changed copy; `other` is another input, whose parts may be used. */
  change(input: Uint8Array, other: Uint8Array): Uint8Array {
    let bytes = input
    for (let changes = 1 + this.#random.below(MAX_CHANGES); changes > 0; changes--) bytes = this.#once(bytes, other)
    return bytes.subarray(0, this.#maxBytes)
  }

  #once(bytes: Uint8Array, other: Uint8Array): Uint8Array {
    const random = this.#random
    const at = random.below(bytes.length + 1)
    const length = random.oneIn(4) ? random.below(bytes.length + 1) : random.below(8)
    switch (random.below(9)) {
      case 0:
        return this.#patch(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.below(8))])
      case 1:
        return this.#patch(bytes, at, [random.oneIn(2) ? random.pick(EDGES) : random.below(256)])
      case 2:
        return this.#patch(bytes, at, this.#integer())
      case 3:
        return spliced(
          bytes,
          at,
          0,
          Uint8Array.from({ length }, () => random.below(256)),
        )
      case 4:
        return spliced(bytes, at, length, new Uint8Array(0))
      case 5:
        return spliced(bytes, at, random.oneIn(2) ? length : 0, part(other, random.below(other.length + 1), length))
      case 6:
        return spliced(bytes, at, 0, part(bytes, random.below(bytes.length + 1), length))
      case 7:
        return random.oneIn(4) ? bytes.subarray(0, at) : spliced(bytes, at, 0, repeated(bytes[at] ?? 0x61, random))
      default:
        return this.#insertWord(bytes, at)
    }
  }

  #insertWord(bytes: Uint8Array, at: number): Uint8Array {
    if (this.#words.length === 0) return bytes
    const word = this.#random.pick(this.#words)
    return this.#random.oneIn(2) ? spliced(bytes, at, 0, word) : spliced(bytes, at, word.length, word)
  }

  #integer(): Uint8Array {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setInt32(0, this.#random.pick(WIDE_EDGES), this.#random.oneIn(2))
    return this.#random.oneIn(2) ? bytes : bytes.subarray(2)
  }

  #patch(bytes: Uint8Array, at: number, patch: ArrayLike<number>): Uint8Array {
    const changed = bytes.slice()
    changed.set(Array.from(patch).slice(0, Math.max(changed.length - at, 0)), at)
    return changed
  }
}

function part(bytes: Uint8Array, at: number, length: number): Uint8Array {
  return bytes.subarray(at, at + length)
}

function repeated(byte: number, random: SeededRandom): Uint8Array {
  return new Uint8Array(random.oneIn(8) ? random.below(4096) : random.below(64)).fill(byte)
}

/** A copy without the `removed` bytes at `at`, and with the `added` ones in their place. */
function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]))
}
