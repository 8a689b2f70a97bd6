// Tells long work that its result is no longer wanted. An `AbortSignal` is one; domain code has no such type.

export interface Cancellation {
  readonly aborted: boolean
}

export const NEVER_CANCELLED: Cancellation = { aborted: false }
