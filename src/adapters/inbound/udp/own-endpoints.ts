// The addresses that this process listens on: a datagram from one of them is an echo or a forgery (UDP-06). Checked for
// every datagram, so the port is compared first, which nearly always decides.

import { networkInterfaces } from 'node:os'
import { isIPv6Text, readSocketAddress } from '../../protocol/address-text.ts'
import type { DatagramSource } from './datagram-source.ts'

/** An IP address as text and a port, as sockets report them. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

export class OwnEndpoints {
  /** Distinct. */
  readonly #ports: number[] = []
  readonly #addresses: { readonly port: number; readonly isIPv6: boolean; readonly words: Int32Array }[] = []

  /** Adds the address that a socket is bound to; a wildcard adds all addresses that the machine has now. */
  add(bound: Endpoint): void {
    const isIPv6 = isIPv6Text(bound.address)
    if (!this.#ports.includes(bound.port)) this.#ports.push(bound.port)
    for (const address of isWildcard(bound.address) ? machineAddresses(isIPv6) : [bound.address]) {
      const bytes = new Uint8Array(16)
      readSocketAddress(address, bytes, 0)
      this.#addresses.push({ port: bound.port, isIPv6, words: new Int32Array(bytes.buffer) })
    }
  }

  /** Whether a datagram came from one of these endpoints. */
  has(source: DatagramSource): boolean {
    const ports = this.#ports
    for (let index = 0; index < ports.length; index++) if (ports[index] === source.port) return this.#hasAddress(source)
    return false
  }

  #hasAddress(source: DatagramSource): boolean {
    const addresses = this.#addresses
    for (let index = 0; index < addresses.length; index++) {
      const own = addresses[index]
      if (own.port === source.port && own.isIPv6 === source.isIPv6 && source.isAt(own.words)) return true
    }
    return false
  }
}

export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** No program sends from this port: a socket connected to it, at the address below, receives nothing. */
export const DISCARD_PORT = 9
export function discardAddress(bound: string): string {
  if (!isWildcard(bound)) return bound
  return isIPv6Text(bound) ? '::1' : '127.0.0.1'
}

function machineAddresses(isIPv6: boolean): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.filter((entry) => entry.family === (isIPv6 ? 'IPv6' : 'IPv4')).map((entry) => entry.address),
  )
}
