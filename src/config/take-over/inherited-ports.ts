// The ports of the management API and the health API in a take-over. They are opened only once the predecessor
// has exited, so they must be free now, or its own: any other program would still have them, and nothing would serve.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { claimPorts, type PortClaim } from '../threads/listening.ts'

/** Columns of `/proc/net/tcp`, and its state of a listening socket. */
const LOCAL_ADDRESS = 1
const STATE = 3
const INODE = 9
const LISTENING = '0A'

/** Rejects like `claimPorts` for a port that the process `pid` cannot hand over. */
export async function checkInheritedPorts(claims: readonly PortClaim[], pid: number): Promise<void> {
  for (const claim of claims) {
    try {
      await claimPorts('tcp', [claim])
    } catch (error) {
      if (!isInUse(error) || !mayListenOn(pid, claim.address.port)) throw error
    }
  }
}

function isInUse(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
}

/** Also true if the system does not show the sockets of that process. */
function mayListenOn(pid: number, port: number): boolean {
  try {
    const sockets = new Set(socketsOn(pid, port).map((inode) => `socket:[${inode}]`))
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(`/proc/${pid}/fd/${fd}`)))
  } catch {
    return true
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Closed in the meantime.
    return ''
  }
}

/** Inodes of the sockets that listen on a port, of any process. */
function socketsOn(pid: number, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((row) => row[LOCAL_ADDRESS]?.endsWith(suffix) && row[STATE] === LISTENING)
      .map((row) => row[INODE] ?? ''),
  )
}
