// Tells the operator at once about what should not wait until somebody reads the log.

import { port } from '../port.ts'

export interface Alert {
  readonly event: 'attack_began' | 'attack_ended'
  /** Seconds since 1970. */
  readonly atSeconds: number
  /** How long the attack lasted, once it has ended. */
  readonly durationSeconds?: number
  /** Events a second, by signal. Nothing personal: no address, hash or key. */
  readonly rates: Readonly<Record<string, number>>
}

/** An implementation counts what it sends, and what it cannot send. */
export interface AlertChannel {
  /** Never waits and never throws. The latest alert replaces one that has not been delivered yet. */
  raise(alert: Alert): void
}
export const AlertChannel = port<AlertChannel>('AlertChannel')
