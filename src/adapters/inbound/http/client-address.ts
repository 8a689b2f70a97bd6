// A client's address: the remote end of the socket, or what a trusted reverse proxy reports (protocol rules SEC-10 to
// SEC-12). A proxy's address is treated as a client's only if another proxy reports it.

import type { IncomingMessage } from 'node:http'
import { BlockList, type Socket } from 'node:net'
import { Family } from '../../../domain/announce.ts'
import { IpAddress, readAddress } from '../../protocol/address-text.ts'
import { joinedHeader } from './raw-headers.ts'

/** The remote end of a socket; created once per connection. */
export class Remote {
  readonly address = new IpAddress()
  /** False if the socket was closed before its address was read. */
  readonly isKnown: boolean
  readonly isProxy: boolean

  constructor(text: string, clients: ClientAddresses) {
    // A link-local address names its interface: `fe80::1%eth0`.
    const zoneAt = text.indexOf('%')
    const bare = zoneAt < 0 ? text : text.slice(0, zoneAt)
    this.isKnown = readAddress(bare, 0, bare.length, this.address)
    this.isProxy = this.isKnown && clients.isProxy(bare)
  }
}

const REMOTE = Symbol('remote')
interface KnownSocket extends Socket {
  [REMOTE]?: Remote
}

export class ClientAddresses {
  readonly #trusted = new BlockList()
  readonly #hasTrusted: boolean
  /** Reused for every proxied request. */
  readonly #forwarded = new IpAddress()

  /** `trustedProxies`: the addresses and CIDR ranges whose `X-Forwarded-For` is trusted. */
  constructor(trustedProxies: readonly string[]) {
    this.#hasTrusted = trustedProxies.length > 0
    for (const range of trustedProxies) trust(this.#trusted, range)
  }

  remoteOf(socket: Socket): Remote {
    const known: KnownSocket = socket
    known[REMOTE] ??= new Remote(socket.remoteAddress ?? '', this)
    return known[REMOTE]
  }

  /** The client's address, valid until the next call; undefined if it is unknown. */
  ofRequest(request: IncomingMessage): IpAddress | undefined {
    const remote = this.remoteOf(request.socket)
    if (remote.isProxy) return this.#readForwarded(joinedHeader(request.rawHeaders, 'x-forwarded-for'), remote.address)
    return remote.isKnown ? remote.address : undefined
  }

  isProxy(text: string): boolean {
    return this.#hasTrusted && this.#trusted.check(text, text.includes(':') ? 'ipv6' : 'ipv4')
  }

  /**
   * Proxies append, so the list is read from the end: anything left of the first untrusted address may be forged. If
   * all are trusted, the leftmost is the client, in the proxies' own network; but never the proxy of this connection.
   */
  #readForwarded(list: string | undefined, proxy: IpAddress): IpAddress | undefined {
    if (list === undefined) return undefined
    for (let end = list.length; ; ) {
      const comma = end === 0 ? -1 : list.lastIndexOf(',', end - 1)
      const text = withoutPort(list.slice(comma + 1, end).trim())
      if (!readAddress(text, 0, text.length, this.#forwarded)) return undefined
      if (!this.isProxy(text)) return this.#forwarded
      if (comma < 0) return isSame(this.#forwarded, proxy) ? undefined : this.#forwarded
      end = comma
    }
  }
}

const WITH_PORT = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/

function withoutPort(text: string): string {
  const match = WITH_PORT.exec(text)
  return match === null ? text : (match[1] ?? match[2] ?? '')
}

function isSame(one: IpAddress, other: IpAddress): boolean {
  const length = one.family === Family.IPv4 ? 4 : 16
  return one.family === other.family && one.bytes.subarray(0, length).every((byte, i) => byte === other.bytes[i])
}

function trust(trusted: BlockList, range: string): void {
  const slash = range.indexOf('/')
  const text = slash < 0 ? range : range.slice(0, slash)
  const address = new IpAddress()
  if (!readAddress(text, 0, text.length, address)) throw new Error(`not an address or CIDR range: ${range}`)
  const type = text.includes(':') ? 'ipv6' : 'ipv4'
  if (slash < 0) trusted.addAddress(text, type)
  else trusted.addSubnet(text, Number(range.slice(slash + 1)), type)
}
