// The ports, or sockets, of the management API and the health API in a take-over. They are opened only once the
// predecessor has exited, so they must be free now, or its own: any other program would still have them, and nothing
// would serve.

import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import { claimPorts, type PortClaim } from '../threads/listening.ts'
import { listeningFiles, listeningSockets, openFiles } from '../threads/process-sockets.ts'
import type { Address } from '../threads/thread-options.ts'

/** Rejects like `claimPorts` for a port that the process `pid` cannot hand over. */
export async function checkInheritedPorts(claims: readonly PortClaim[], pid: number): Promise<void> {
  for (const claim of claims) {
    try {
      await claimPorts('tcp', [claim])
    } catch (error) {
      if (!isInUse(error) || !mayListenOn(pid, claim.address)) throw error
    }
  }
}

function isInUse(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
}

/** Also true if the system does not show the sockets of that process. */
function mayListenOn(pid: number, { address, port }: Address): boolean {
  try {
    const path = socketPathOf(address)
    const sockets = path === undefined ? listeningSockets(pid, 'tcp', port) : listeningFiles(pid, path)
    return openFiles(pid).some((file) => sockets.has(file))
  } catch {
    return true
  }
}
