// A client's address: the remote end of the socket, or what a trusted proxy reports in `X-Forwarded-For` or a PROXY
// header (protocol rules SEC-10 to SEC-12). A proxy's address is treated as a client's only if another proxy reports
// it.

import type { IncomingMessage } from 'node:http'
import { BlockList, type Socket } from 'node:net'
import { Family } from '../../domain/announce.ts'
import { IpAddress, readAddress } from '../protocol/address-text.ts'
import { writeAddress } from '../protocol/client-range-text.ts'
import type { ConnectionEnd } from '../protocol/proxy/proxied-connection.ts'
import type { RemoteEnd } from './connection-table.ts'
import { joinedHeader } from './raw-headers.ts'

/** The remote end of a connection, as far as its listener believes it; created once per connection. */
interface Remote extends RemoteEnd {
  /** Undefined with a client that has none, or on a closed socket. */
  readonly port: number | undefined
  /** Whether a proxy has named it in a PROXY header. */
  readonly isNamed: boolean
}

/** Clients of a Unix domain socket have no address; who may connect is decided by the mode of its file. */
const LOCAL_PROXY: Remote = {
  address: new IpAddress(),
  isKnown: false,
  isProxy: true,
  port: undefined,
  isNamed: false,
}

export interface ClientAddressOptions {
  /** `X-Forwarded-For` is not read: proxies only pass it on. */
  readonly ignoresForwarded?: boolean | undefined
  /** All that connects is a proxy, and has no address. */
  readonly isUnixSocket?: boolean
}

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

  readonly #ignoresForwarded: boolean
  readonly #isUnixSocket: boolean

  /** `trustedProxies`: addresses and CIDR ranges. */
  constructor(
    trustedProxies: readonly string[],
    { ignoresForwarded = false, isUnixSocket = false }: ClientAddressOptions = {},
  ) {
    this.hasProxies = trustedProxies.length > 0
    this.#ignoresForwarded = ignoresForwarded
    this.#isUnixSocket = isUnixSocket
    for (const range of trustedProxies) trust(this.#trusted, range)
  }

  remoteOf(socket: Socket): Remote {
    const known: KnownSocket = socket
    known[REMOTE] ??= this.#isUnixSocket ? LOCAL_PROXY : this.#ownEnd(socket)
    return known[REMOTE]
  }

  /** The client that a PROXY header names becomes the remote end. */
  nameRemote(socket: Socket, { address, port }: ConnectionEnd): void {
    const known: KnownSocket = socket
    const isProxy = this.isProxy(writeAddress(address), address)
    known[REMOTE] = { address, isKnown: true, isProxy, port, isNamed: true }
  }

  /** Of a TLS connection, whose socket is on top of the one that was accepted. */
  inheritRemote(secure: Socket, accepted: Socket): void {
    const known: KnownSocket = secure
    known[REMOTE] = this.remoteOf(accepted)
  }

  /**
   * The client's address, valid until the next call; undefined if it is unknown. A proxy that another one has named is
   * the client where it forwards for no other.
   */
  ofRequest(request: IncomingMessage): IpAddress | undefined {
    const remote = this.remoteOf(request.socket)
    if (!remote.isProxy) return remote.isKnown ? remote.address : undefined
    const list = this.#ignoresForwarded ? undefined : joinedHeader(request.rawHeaders, 'x-forwarded-for')
    return this.readForwarded(list) ?? (remote.isNamed ? remote.address : undefined)
  }

  /** As text: the proxy's own where it does not report one, and empty where the socket has none any more. */
  textOf(request: IncomingMessage): string {
    const address = this.ofRequest(request)
    return address === undefined ? (request.socket.remoteAddress ?? '') : writeAddress(address)
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

  #ownEnd({ remoteAddress = '', remotePort }: Socket): Remote {
    // A link-local address names its interface: `fe80::1%eth0`.
    const zoneAt = remoteAddress.indexOf('%')
    const text = zoneAt < 0 ? remoteAddress : remoteAddress.slice(0, zoneAt)
    const address = new IpAddress()
    const isKnown = readAddress(text, 0, text.length, address)
    return { address, isKnown, isProxy: isKnown && this.isProxy(text, address), port: remotePort, isNamed: false }
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
