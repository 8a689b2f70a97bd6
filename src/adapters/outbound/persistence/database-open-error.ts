/** A database that cannot be opened. The message names it and says why in a sentence; it holds no password. */
export class DatabaseOpenError extends Error {
  /** True when the same attempt may succeed later: nobody answers, or not yet. False: somebody has to do something. */
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
