// Why asking a tracker came to nothing.

export class TrackerError extends Error {
  /**
   * unreachable: nobody is there, or the way there is barred; timed-out: no answer in time; not-a-reply: an answer that is none by the
   * protocol; refused: the tracker's own words, in `message`.
   */
  readonly kind: 'unreachable' | 'timed-out' | 'not-a-reply' | 'refused'

  constructor(kind: TrackerError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TrackerError'
    this.kind = kind
  }
}
