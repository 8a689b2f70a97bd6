/** A database that cannot be opened. The message names it and gives the reason in a sentence, without passwords. */
export class DatabaseOpenError extends Error {
  /** True when a retry may succeed: the server does not answer (yet). False: the operator has to fix something. */
  readonly isTransient: boolean

  constructor(
    database: string,
    reason: string,
    { isTransient = false, cause }: { isTransient?: boolean; cause?: unknown } = {},
  ) {
    super(`cannot open ${database}: ${reason}`, cause === undefined ? undefined : { cause })
    this.name = 'CannotOpen'
    this.isTransient = isTransient
  }
}
