// A client's address: the remote end of the socket, or what a trusted reverse proxy reports (protocol rules SEC-10 to
// SEC-12). A proxy's address is treated as a client's only if another proxy reports it.

import type { IncomingMessage } from 'node:http'
import { BlockList, type Socket } from 'node:net'
import { Family } from '../../domain/announce.ts'
import { IpAddress, readAddress, writeIPv4, writeIPv6 } from '../protocol/address-text.ts'
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
    this.isProxy = this.isKnown && clients.isProxy(bare, this.address)
  }
}

/** Eight groups of four digits. */
const MAX_TEXT_LENGTH = 39

const REMOTE = Symbol('remote')
interface KnownSocket extends Socket {
  [REMOTE]?: Remote
}

export class ClientAddresses {
  readonly #trusted = new BlockList()
  /** False: no address is a proxy's. */
  readonly hasProxies: boolean
  /** Reused for every proxied request: one holds the last readable address, the next is read into the other. */
  readonly #forwarded = [new IpAddress(), new IpAddress()] as const

  /** `trustedProxies`: the addresses and CIDR ranges whose `X-Forwarded-For` is trusted. */
  constructor(trustedProxies: readonly string[]) {
    this.hasProxies = trustedProxies.length > 0
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
    if (remote.isProxy) return this.readForwarded(joinedHeader(request.rawHeaders, 'x-forwarded-for'))
    return remote.isKnown ? remote.address : undefined
  }

  /** As text: the proxy's own where it does not report one, and empty where the socket has none any more. */
  textOf(request: IncomingMessage): string {
    const address = this.ofRequest(request)
    if (address === undefined) return request.socket.remoteAddress ?? ''
    const text = Buffer.alloc(MAX_TEXT_LENGTH)
    const write = address.family === Family.IPv4 ? writeIPv4 : writeIPv6
    return text.toString('latin1', 0, write(address.bytes, 0, text, 0))
  }

  /** `address` is `text`, parsed. */
  isProxy(text: string, { family, bytes }: IpAddress): boolean {
    if (!this.hasProxies) return false
    if (!text.includes(':')) return this.#trusted.check(text, 'ipv4')
    if (this.#trusted.check(text, 'ipv6')) return true
    return family === Family.IPv4 && this.#trusted.check(bytes.subarray(0, 4).join('.'), 'ipv4')
  }

  /**
   * The client's address in the values of `X-Forwarded-For`, joined by commas; valid until the next call.
   *
   * Proxies append, so the list is read from the end: anything left of the first untrusted address may be forged. If
   * all are trusted, the leftmost is the client, in the proxies' own network. An unreadable element ends the search at
   * the one to its right; empty elements are skipped (RFC 9110, section 5.6.1.2).
   */
  readForwarded(list = ''): IpAddress | undefined {
    const [one, other] = this.#forwarded
    let client: IpAddress | undefined
    for (let end = list.length; end >= 0; ) {
      const comma = end === 0 ? -1 : list.lastIndexOf(',', end - 1)
      const element = list.slice(comma + 1, end).trim()
      end = comma
      if (element === '') continue
      const text = withoutPort(element)
      const address = client === one ? other : one
      if (!readAddress(text, 0, text.length, address)) return client
      client = address
      if (!this.isProxy(text, address)) return client
    }
    return client
  }
}

const WITH_PORT = /^(?:\[([^\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/

function withoutPort(text: string): string {
  const match = WITH_PORT.exec(text)
  return match === null ? text : (match[1] ?? match[2] ?? '')
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
