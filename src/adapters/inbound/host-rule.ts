// Which hosts a request may name (protocol rule SEC-34). A web page can have its own name resolve to an address of this
// machine (DNS rebinding) and is then of the same origin as the listener; but its name stays in `Host`.

import { Family } from '../../domain/announce.ts'
import { IpAddress, readAddress } from '../protocol/address-text.ts'
import { valuesOf } from './raw-headers.ts'

/** What a URL would not take for a host and a port alone. */
const NOT_AN_AUTHORITY = /[\s@/?#\\%]/
/** Scheme and host, which a client may send along with the path. */
const ABSOLUTE_TARGET = /^https?:\/\/([^/?#]*)/i

export class HostRule {
  readonly #isLoopback: boolean
  readonly #names: ReadonlySet<string>

  /** `listenerHost`: the address that the listener is bound to. `allowedHosts`: names and addresses, without ports. */
  constructor(listenerHost: string, allowedHosts: readonly string[]) {
    this.#isLoopback = isLoopback(listenerHost)
    this.#names = new Set(allowedHosts.map((host) => hostOf(host.includes(':') ? `[${host}]` : host) ?? ''))
  }

  /** A request that names no host is accepted: no browser sends one. */
  accepts({
    url = '',
    rawHeaders,
  }: {
    readonly url?: string | undefined
    readonly rawHeaders: readonly string[]
  }): boolean {
    const target = ABSOLUTE_TARGET.exec(url)?.[1]
    const hosts = valuesOf(rawHeaders, 'host')
    return [...hosts, ...(target === undefined ? [] : [target])].every((host) => host === '' || this.#acceptsOne(host))
  }

  /**
   * Ports are not compared: a forwarded one (ssh -L, a published port of a container) is another. Where other machines
   * connect, through whatever translates addresses, any IP address may be the listener's: no page has one for a name.
   * Names without a dot are given by the local network (a container, a service), and not to pages of the Internet.
   */
  #acceptsOne(authority: string): boolean {
    const host = hostOf(authority)
    if (host === undefined) return false
    if (host === 'localhost' || host.endsWith('.localhost') || this.#names.has(host)) return true
    if (this.#isLoopback) return isLoopback(host)
    return !host.includes('.') || isAddress(host)
  }
}

/** The host of `host:port` as browsers write it: in lower case, addresses in one form and without brackets. */
function hostOf(authority: string): string | undefined {
  const url = `http://${authority}`
  if (NOT_AN_AUTHORITY.test(authority) || !URL.canParse(url)) return undefined
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

function isAddress(text: string): boolean {
  return readAddress(text, 0, text.length, new IpAddress())
}

function isLoopback(text: string): boolean {
  const address = new IpAddress()
  if (!readAddress(text, 0, text.length, address)) return false
  const { family, bytes } = address
  if (family === Family.IPv4) return bytes[0] === 127
  return bytes[15] === 1 && bytes.subarray(0, 15).every((byte) => byte === 0)
}
