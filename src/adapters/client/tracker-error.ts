// Why a request to a tracker failed.

/** How far a request came. */
export type TrackerStage = 'resolve' | 'connect' | 'send' | 'receive' | 'parse'

export interface TrackerErrorDetails {
  readonly stage?: TrackerStage
  readonly cause?: unknown
  /** What strict decoding found. */
  readonly deviations?: readonly string[]
}

/** Of a message, which may be what a tracker sent. */
const MAX_MESSAGE_LENGTH = 1000

/** Its message may contain text of the tracker, unescaped, but never the path or query of the URL, where keys are. */
export class TrackerError extends Error {
  /**
   * unreachable: the host has no address, or the connection failed; timed-out: no answer in time; aborted: the caller's
   * signal; not-a-reply: the answer violates the protocol; refused: the tracker's own text is in `failureReason`.
   */
  readonly kind: 'unreachable' | 'timed-out' | 'aborted' | 'not-a-reply' | 'refused'
  /**
   * Where it failed: resolve is the look-up of the host; connect the TCP and TLS handshake, or the exchange of a
   * connection id over UDP. Of a refusal: connect if a UDP tracker refused a connection id, else undefined.
   */
  readonly stage: TrackerStage | undefined
  /** With not-a-reply in strict decoding; else empty. */
  readonly deviations: readonly string[]

  constructor(kind: TrackerError['kind'], message: string, { stage, cause, deviations }: TrackerErrorDetails = {}) {
    super(message.slice(0, MAX_MESSAGE_LENGTH), cause === undefined ? undefined : { cause })
    this.name = 'TrackerError'
    this.kind = kind
    this.stage = stage
    this.deviations = deviations ?? []
  }

  /** For an aborted signal: `reason` tells a timeout from a caller who changed his mind. */
  static stopped(stage: TrackerStage, reason: unknown): TrackerError {
    const isTimeout =
      typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError'
    return isTimeout
      ? new TrackerError('timed-out', 'no answer in time', { stage, cause: reason })
      : new TrackerError('aborted', 'the request was aborted', { stage, cause: reason })
  }

  /** What the tracker itself said. */
  get failureReason(): string | undefined {
    return this.kind === 'refused' ? this.message : undefined
  }
}
