// What the cold lane throws when a request cannot be done and the caller may be told why. Anything else that is thrown
// is a fault of ours, and nobody outside is told more than that.

export type RefusalCode =
  /**
   * The store cannot be reached or is full; the same request may succeed later. A change may have been made all the
   * same: repeat it.
   */
  | 'store-unavailable'
  /** The tracker runs without a database, and this needs one. */
  | 'no-database'
  /** The shared table has no room for more; the message names the setting. */
  | 'table-full'
  /** There is such an entry already. */
  | 'already-there'
  /** There is no such entry. */
  | 'not-there'
  /** The lifetime reaches beyond what a date can say. */
  | 'lifetime-too-long'

export class Refusal extends Error {
  readonly code: RefusalCode

  /** `message` is a sentence for the caller and holds no secret. */
  constructor(code: RefusalCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Refusal'
    this.code = code
  }
}
