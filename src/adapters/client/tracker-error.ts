// Why a request to a tracker failed.

export class TrackerError extends Error {
  /**
   * unreachable: no connection; timed-out: no answer in time; not-a-reply: the answer violates the protocol; refused:
   * the tracker's own text is in `message`.
   */
  readonly kind: 'unreachable' | 'timed-out' | 'not-a-reply' | 'refused'

  constructor(kind: TrackerError['kind'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TrackerError'
    this.kind = kind
  }
}
