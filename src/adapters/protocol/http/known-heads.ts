// Remembers what follows the request target in heads that were read lately. Most clients of a tracker are of a few
// kinds and send the same headers every time: comparing is several times faster than reading them again. What follows a
// target is read alike whatever the target, so a head that ends with the same bytes means the same.

/** A power of two. */
const ENTRIES = 64
/** Longer ones are not remembered. */
const MAX_BYTES = 384
const SPREAD = 0x9e37_79b1

/** What the rest of a head says. */
export class KnownHead {
  /** 0: nothing is remembered here. */
  length = 0
  isHttp10 = false
  isKept = false
  hasAcceptEncoding = false
  readonly bytes = new Uint8Array(new ArrayBuffer(MAX_BYTES))
  readonly words = new Int32Array(this.bytes.buffer)
}

export class KnownHeads {
  readonly #entries = Array.from({ length: ENTRIES }, () => new KnownHead())

  /** The entry that holds the bytes `from` to `to` of `view`; undefined if none does. */
  find(view: DataView, from: number, to: number): KnownHead | undefined {
    const length = to - from
    if (length > MAX_BYTES || length < 4) return undefined
    const entry = this.#entryOf(view, from, to)
    return entry.length === length && isSame(entry, view, from, to) ? entry : undefined
  }

  /**
   * An entry to be filled in for the bytes `from` to `to`, in place of what it held; undefined if they are too many.
   */
  remember(view: DataView, from: number, to: number): KnownHead | undefined {
    const length = to - from
    if (length > MAX_BYTES || length < 4) return undefined
    const entry = this.#entryOf(view, from, to)
    entry.length = length
    for (let i = 0; i < length; i++) entry.bytes[i] = view.getUint8(from + i)
    return entry
  }

  /** By the length and four bytes in the middle, where the name of the client often is. */
  #entryOf(view: DataView, from: number, to: number): KnownHead {
    const length = to - from
    const mixed = Math.imul(view.getInt32(from + ((length - 4) >> 1), true) ^ Math.imul(length, SPREAD), SPREAD)
    return this.#entries[(mixed >>> 16) & (ENTRIES - 1)]
  }
}

function isSame({ bytes, words }: KnownHead, view: DataView, from: number, to: number): boolean {
  const whole = (to - from) >> 2
  for (let i = 0; i < whole; i++) if (view.getInt32(from + 4 * i, true) !== words[i]) return false
  for (let at = from + 4 * whole; at < to; at++) if (view.getUint8(at) !== bytes[at - from]) return false
  return true
}
