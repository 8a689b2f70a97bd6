// The share of datagrams without a valid connection id that one socket answers: connects, and errors to wrong ids. They
// prove nothing and can be forged, but a reply costs nearly as much as an announce. While the receive buffer fills up
// faster than it is emptied, the share falls, so that the kernel does not have to drop the announces of proven clients.
// Which are answered is random: clients get through by repeating.

/** All of them. */
const WHOLE = 256
/** Never less than one in 32: a new client must get in during a flood too. */
const LEAST = 8
const RISE_PER_BATCH = 4
/** How fast the share falls, as a shift: by a quarter, and by half during an attack. */
const FALL_BITS = 2
const ATTACK_FALL_BITS = 1

export class UnprovenShare {
  /** Whether the receive buffer was filling up before the last batch, and whether it had not been emptied. */
  isBacklogged = false
  isBusy = false
  /** Of 256. */
  #share = WHOLE
  /** Of a xorshift generator; never 0. */
  #random: number

  constructor(seed = 1) {
    this.#random = seed | 1
  }

  /**
   * To be called before each batch with the bytes in the receive buffer and its size; 0 bytes if it has been emptied:
   * there is time left, and all are answered. During an attack the share falls faster, and an emptied buffer only
   * doubles it, because the flood would fill the buffer again.
   * Linux may count bytes that have been read until they are a quarter of the buffer: only more can be a backlog.
   */
  adjust(waitingBytes: number, bufferBytes: number, isUnderAttack = false): void {
    const share = this.#share
    this.isBusy = waitingBytes > 0
    this.isBacklogged = waitingBytes > (bufferBytes >> 3) * 3
    if (waitingBytes === 0) this.#share = isUnderAttack ? Math.min(WHOLE, share << 1) : WHOLE
    else if (this.isBacklogged) {
      const bits = isUnderAttack ? ATTACK_FALL_BITS : FALL_BITS
      this.#share = Math.max(LEAST, share - ((share + (1 << bits) - 1) >> bits))
    } else if (share !== WHOLE) this.#share = Math.min(WHOLE, share + RISE_PER_BATCH)
  }

  /** Whether to answer the next one. */
  admits(): boolean {
    if (this.#share === WHOLE) return true
    let random = this.#random
    random ^= random << 13
    random ^= random >>> 17
    random ^= random << 5
    this.#random = random
    return random >>> 24 < this.#share
  }
}
