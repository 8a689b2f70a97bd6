// SipHash-2-4 (Aumasson and Bernstein, 2012) for messages of two blocks, i.e. 8 to 15 bytes, which is all that
// connection ids need. 64-bit words are pairs of int32 halves, because BigInt would allocate.

/** A keyed hash, reused: the result is in its fields until the next call. */
export class SipHash {
  /** The low half of the last result. */
  low = 0
  /** The high half of the last result. */
  high = 0
  readonly #v0Low: number
  readonly #v0High: number
  readonly #v1Low: number
  readonly #v1High: number
  readonly #v2Low: number
  readonly #v2High: number
  readonly #v3Low: number
  readonly #v3High: number

  /** `keyBytes`: 16 bytes. */
  constructor(keyBytes: Uint8Array) {
    const key = new DataView(keyBytes.buffer, keyBytes.byteOffset, 16)
    // The constants are "somepseudorandomlygeneratedbytes".
    this.#v0Low = key.getInt32(0, true) ^ 0x70736575
    this.#v0High = key.getInt32(4, true) ^ 0x736f6d65
    this.#v1Low = key.getInt32(8, true) ^ 0x6e646f6d
    this.#v1High = key.getInt32(12, true) ^ 0x646f7261
    this.#v2Low = key.getInt32(0, true) ^ 0x6e657261
    this.#v2High = key.getInt32(4, true) ^ 0x6c796765
    this.#v3Low = key.getInt32(8, true) ^ 0x79746573
    this.#v3High = key.getInt32(12, true) ^ 0x74656462
  }

  /** Hashes two blocks in little-endian order; the second is padded, with the message's length in its last byte. */
  hash(firstLow: number, firstHigh: number, lastLow: number, lastHigh: number): void {
    let v0Low = this.#v0Low
    let v0High = this.#v0High
    let v1Low = this.#v1Low
    let v1High = this.#v1High
    let v2Low = this.#v2Low
    let v2High = this.#v2High
    let v3Low = this.#v3Low ^ firstLow
    let v3High = this.#v3High ^ firstHigh
    let low = 0
    // Two rounds per block and four to finish. Carries are computed without branches: they are practically random, and
    // mispredicted branches would take half of the time.
    for (let round = 0; round < 8; round++) {
      if (round === 2) {
        v0Low ^= firstLow
        v0High ^= firstHigh
        v3Low ^= lastLow
        v3High ^= lastHigh
      } else if (round === 4) {
        v0Low ^= lastLow
        v0High ^= lastHigh
        v2Low ^= 0xff
      }
      // v0 += v1, v1 <<<= 13, v1 ^= v0, v0 <<<= 32
      low = (v0Low + v1Low) | 0
      v0High = (v0High + v1High + Number(low >>> 0 < v1Low >>> 0)) | 0
      v0Low = v0High
      v0High = low
      low = (v1Low << 13) | (v1High >>> 19)
      v1High = ((v1High << 13) | (v1Low >>> 19)) ^ v0Low
      v1Low = low ^ v0High
      // v2 += v3, v3 <<<= 16, v3 ^= v2
      low = (v2Low + v3Low) | 0
      v2High = (v2High + v3High + Number(low >>> 0 < v3Low >>> 0)) | 0
      v2Low = low
      low = (v3Low << 16) | (v3High >>> 16)
      v3High = ((v3High << 16) | (v3Low >>> 16)) ^ v2High
      v3Low = low ^ v2Low
      // v0 += v3, v3 <<<= 21, v3 ^= v0
      low = (v0Low + v3Low) | 0
      v0High = (v0High + v3High + Number(low >>> 0 < v3Low >>> 0)) | 0
      v0Low = low
      low = (v3Low << 21) | (v3High >>> 11)
      v3High = ((v3High << 21) | (v3Low >>> 11)) ^ v0High
      v3Low = low ^ v0Low
      // v2 += v1, v1 <<<= 17, v1 ^= v2, v2 <<<= 32
      low = (v2Low + v1Low) | 0
      v2High = (v2High + v1High + Number(low >>> 0 < v1Low >>> 0)) | 0
      v2Low = v2High
      v2High = low
      low = (v1Low << 17) | (v1High >>> 15)
      v1High = ((v1High << 17) | (v1Low >>> 15)) ^ v2Low
      v1Low = low ^ v2High
    }
    this.low = v0Low ^ v1Low ^ v2Low ^ v3Low
    this.high = v0High ^ v1High ^ v2High ^ v3High
  }
}
