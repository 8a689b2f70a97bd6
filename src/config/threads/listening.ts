// Claiming the listeners' ports before threads share them, and the words in which the log says where they are.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { claimUdpPorts } from '../../adapters/inbound/udp/claim-ports.ts'
import { ListenError } from '../../adapters/inbound/udp/listener.ts'
import { writeBindAddress } from '../settings/bind-address.ts'
import type { Address } from './thread-orders.ts'

/** `udp://0.0.0.0:6969`, `http://[::]:7070`. */
export const listenerUrl = (scheme: 'udp' | 'http' | 'https', { address, port }: Address): string =>
  `${scheme}://${writeBindAddress({ host: address, port })}`

/**
 * The addresses with their real ports. Rejects with a sentence that names the address that nobody could listen on alone: threads
 * that share a port would share it with another tracker too. All are held at once, so that they cannot clash with each other.
 */
export async function claimUdp(wanted: readonly Address[]): Promise<readonly Address[]> {
  try {
    return await claimUdpPorts(wanted)
  } catch (error) {
    throw error instanceof ListenError ? refusal(error.url, error) : error
  }
}

/** What it takes to claim a TCP port. */
export interface TcpClaim {
  readonly scheme: 'http' | 'https'
  readonly address: Address
  readonly ipv6Only: boolean
}

/** The same for HTTP and HTTPS. */
export async function claimTcp(wanted: readonly TcpClaim[]): Promise<readonly Address[]> {
  const servers: Server[] = []
  try {
    for (const { scheme, address, ipv6Only } of wanted) {
      const server = createServer()
      server.listen({ host: address.address, port: address.port, ipv6Only, exclusive: true })
      await once(server, 'listening').catch((error: unknown) => {
        throw refusal(listenerUrl(scheme, address), error)
      })
      servers.push(server)
    }
    return servers.map((server, index) => ({
      address: wanted[index].address.address,
      port: (server.address() as AddressInfo).port,
    }))
  } finally {
    for (const server of servers) await new Promise((resolve) => server.close(resolve))
  }
}

/** Whether a socket can listen on `::` at all. */
export async function hasIPv6(): Promise<boolean> {
  try {
    await claimUdpPorts([{ address: '::', port: 0 }])
    return true
  } catch {
    return false
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use by another program',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied (ports below 1024 need CAP_NET_BIND_SERVICE)',
}

function refusal(url: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error))
  return new Error(`cannot listen on ${url}: ${reason}${code === '' ? '' : ` (${code})`}`, { cause: error })
}
