// A window: the part of a run that a reply takes. It begins anywhere in the run, wraps around, and leaves out the
// requester.

export class PeerWindow {
  /** First position of the run, and peers in it, the requester not counted. */
  #from = 0
  #count = 0
  /** The requester's position; the end of the run when it is elsewhere. */
  #skip = 0
  /** The number of the next peer, and how many are left before the window is where it began. */
  #next = 0
  left = 0

  /** Names the run, and passes over the `taken` peers from number `start` on. */
  set(from: number, count: number, skip: number, start: number, taken: number): void {
    this.#from = from
    this.#count = count
    this.#skip = skip
    this.#next = start + taken
    this.left = count - taken
  }

  /** Position of the next peer; only while some are left. */
  next(): number {
    this.left--
    const number = this.#next++
    const position = this.#from + (number < this.#count ? number : number - this.#count)
    return position < this.#skip ? position : position + 1
  }
}
