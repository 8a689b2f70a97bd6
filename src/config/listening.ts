// Claiming the listeners' ports before threads share them, and the words in which the log says where they are.

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { claimUdpPorts } from '../adapters/inbound/udp/claim-ports.ts'
import type { Address } from './thread-orders.ts'

/** `udp://0.0.0.0:6969`, `http://[::]:7070`. */
export const listenerUrl = (scheme: 'udp' | 'http' | 'https', { address, port }: Address): string =>
  `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`

/**
 * The address with its real port. Rejects with a sentence that names the address when nobody could listen there alone: threads
 * that share a port would share it with another tracker too.
 */
export async function claimUdp(wanted: Address): Promise<Address> {
  try {
    const [claimed] = await claimUdpPorts([wanted])
    return claimed
  } catch (error) {
    throw refusal(listenerUrl('udp', wanted), error)
  }
}

/** The same for HTTP and HTTPS. */
export async function claimTcp(scheme: 'http' | 'https', wanted: Address, ipv6Only: boolean): Promise<Address> {
  const server = createServer()
  try {
    server.listen({ host: wanted.address, port: wanted.port, ipv6Only, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    throw refusal(listenerUrl(scheme, wanted), error)
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return { address: wanted.address, port }
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
