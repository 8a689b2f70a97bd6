// While the tracker is under attack a request must arrive in half the time. Connections that have sent one, and those
// that wait for another, are not affected.

import type { Server } from 'node:http'
import type { AttackMode } from '../../../domain/attack-mode.ts'
import type { ConnectionLimits } from './connection-guard.ts'

type RequestTimeouts = Pick<ConnectionLimits, 'headersTimeoutMs' | 'requestTimeoutMs'>

/** Looks at the mode with each new connection: without any there is nothing to shorten. */
export function shortenUnderAttack(server: Server, timeouts: RequestTimeouts, attack: AttackMode): void {
  let isShort = false
  server.on('connection', () => {
    if (attack.isOn === isShort) return
    isShort = !isShort
    const part = isShort ? 2 : 1
    // node:http reads both each time it checks its connections.
    server.headersTimeout = Math.ceil(timeouts.headersTimeoutMs / part)
    server.requestTimeout = Math.ceil(timeouts.requestTimeoutMs / part)
  })
}
