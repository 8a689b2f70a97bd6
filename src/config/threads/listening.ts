// Claims the listeners' ports before threads share them, and writes their URLs for the log.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import { claimUdpPorts } from '../../adapters/inbound/udp/claim-ports.ts'
import { ListenError } from '../../adapters/inbound/udp/listener.ts'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { writeBindAddress } from '../settings/bind-address.ts'
import { describeHolder, holderOf, holderOfPath } from './port-holder.ts'
import { checkSocketPath, SocketPathError } from './socket-files.ts'
import type { Address } from './thread-options.ts'
import type { Transport } from './transport.ts'

export type Scheme = Service['scheme']

/** A port that a listener wants. */
export interface PortClaim {
  readonly scheme: Scheme
  readonly address: Address
  /** Whether a TCP socket on `::` rejects IPv4; a UDP socket always does. */
  readonly ipv6Only: boolean
}

/** `udp://0.0.0.0:6969`, `http://[::]:7070`. */
export function listenerUrl(scheme: Scheme, { address, port }: Address): string {
  return `${scheme}://${writeBindAddress({ host: address, port })}`
}

/**
 * The log lines of a service that has started. Tools look for the first one, so the public URL has a line of its own.
 */
export function startLines({ scheme, host, port, publicUrl }: Omit<Service, 'type'>): readonly string[] {
  const url = listenerUrl(scheme, { address: host, port })
  const started = `Started on: ${url}`
  return publicUrl === undefined ? [started] : [started, `Public URL of ${url}: ${publicUrl}`]
}

/**
 * The addresses with their real ports. Rejects with a message that names the first address that is not available for
 * exclusive use: threads that share a port would share it with another tracker too. All are held at once, so that they
 * cannot clash with each other.
 */
export function claimPorts(transport: Transport, wanted: readonly PortClaim[]): Promise<readonly Address[]> {
  return transport === 'udp' ? claimUdp(wanted) : claimTcp(wanted)
}

async function claimUdp(wanted: readonly PortClaim[]): Promise<readonly Address[]> {
  try {
    return await claimUdpPorts(wanted.map(({ address }) => address))
  } catch (error) {
    throw error instanceof ListenError ? listenError('udp', error.url, error) : error
  }
}

async function claimTcp(wanted: readonly PortClaim[]): Promise<readonly Address[]> {
  const servers: Server[] = []
  const addresses: Address[] = []
  try {
    for (const { scheme, address, ipv6Only } of wanted) {
      const url = listenerUrl(scheme, address)
      const path = socketPathOf(address.address)
      if (path !== undefined) {
        await claimPath(url, path)
        addresses.push(address)
        continue
      }
      const server = createServer()
      server.listen({ host: address.address, port: address.port, ipv6Only, exclusive: true })
      await once(server, 'listening').catch((error: unknown) => {
        throw listenError('tcp', url, error)
      })
      servers.push(server)
      addresses.push({ ...address, port: (server.address() as AddressInfo).port })
    }
    return addresses
  } finally {
    for (const server of servers) await new Promise((resolve) => server.close(resolve))
  }
}

/** Holds nothing: the socket of a listener takes the place of whatever is there. */
async function claimPath(url: string, path: string): Promise<void> {
  try {
    await checkSocketPath(path)
  } catch (error) {
    const isInUse = error instanceof SocketPathError && error.code === 'EADDRINUSE'
    const holder = isInUse ? `the address is in use by ${describeHolder(holderOfPath(path))} (EADDRINUSE)` : undefined
    throw new Error(`cannot listen on ${url}: ${holder ?? errorMessage(error)}`, { cause: error })
  }
}

const LISTEN_ERROR_REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied (ports below 1024 need CAP_NET_BIND_SERVICE)',
}

/** In words, for an error of the system. */
export function listenError(transport: Transport, url: string, error: unknown): Error {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? '')
  const holder = () => describeHolder(holderOf(transport, Number(/\d+$/.exec(url)?.[0])))
  const reason =
    code === 'EADDRINUSE' ? `the address is in use by ${holder()}` : (LISTEN_ERROR_REASONS[code] ?? errorMessage(error))
  return new Error(`cannot listen on ${url}: ${reason}${code === '' ? '' : ` (${code})`}`, { cause: error })
}
