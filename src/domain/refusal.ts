// What the cold lane throws when a request cannot be carried out and the caller may know why. Anything else thrown is
// an internal error, and callers learn nothing more than that.

export type RefusalCode =
  /**
   * The store cannot be reached or is full; the same request may succeed later. A change may have been made
   * nevertheless: repeat it.
   */
  | 'store-unavailable'
  /** The tracker runs without a database, and this needs one. */
  | 'no-database'
  /** The shared table is full; the message names the setting. */
  | 'table-full'
  /** The entry already exists. */
  | 'already-there'
  /** The entry does not exist. */
  | 'not-there'
  /** The lifetime exceeds what a date can represent. */
  | 'lifetime-too-long'

export class Refusal extends Error {
  readonly code: RefusalCode

  /** `message` is a sentence for the caller and contains no secret. */
  constructor(code: RefusalCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Refusal'
    this.code = code
  }
}
