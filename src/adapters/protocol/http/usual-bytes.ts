// Passes over the bytes that nearly all of a request's head consists of, four at a time.
//
// Of four bytes in a word, one has its top bit set if it is above 0x7f; after subtracting a lower bound from each, if
// it was below; after adding 1 to each, if it was 0x7f. Borrows and carries only reach bytes above one that is found
// anyway, so a clear word is right. One that is not says only that its bytes have to be looked at one by one.

const TOP_BITS = 0x80808080 | 0
const ONES = 0x01010101
const EXCLAMATION_MARKS = 0x21212121
const HASHES = 0x23232323
const SPACES = 0x20202020
const NO_WORDS = new Int32Array(0)

export class UsualBytes {
  /** The memory in use. */
  view: DataView = new DataView(new ArrayBuffer(0))
  #bytes: Uint8Array = new Uint8Array(0)
  /** The same memory; empty where it does not begin at a word. */
  #words: Int32Array = NO_WORDS

  /** To be called before each head, whose bytes may be in other memory than those of the one before. */
  use(bytes: Uint8Array): void {
    if (bytes === this.#bytes) return
    const { buffer, byteOffset, length } = bytes
    this.#bytes = bytes
    this.view = new DataView(buffer, byteOffset, length)
    this.#words = (byteOffset & 3) === 0 ? new Int32Array(buffer, byteOffset, length >> 2) : NO_WORDS
  }

  /** From `from`, a multiple of 4, up to a place before which all bytes are 0x21 to 0x7e and none is `#`. */
  passTarget(from: number, to: number): number {
    const words = this.#words
    const end = Math.min(to >> 2, words.length)
    for (let index = from >> 2; index < end; index++) {
      const four = words[index]
      const other = four ^ HASHES
      const odd = four | (four - EXCLAMATION_MARKS) | (four + ONES) | ((other - ONES) & ~other)
      if ((odd & TOP_BITS) !== 0) return index << 2
    }
    return Math.max(from, end << 2)
  }

  /** From `from`, a multiple of 4, up to a place before which all bytes are 0x20 to 0x7e. */
  passValue(from: number, to: number): number {
    const words = this.#words
    const end = Math.min(to >> 2, words.length)
    for (let index = from >> 2; index < end; index++) {
      const four = words[index]
      if (((four | (four - SPACES) | (four + ONES)) & TOP_BITS) !== 0) return index << 2
    }
    return Math.max(from, end << 2)
  }
}
