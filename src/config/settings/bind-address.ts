// The address of a listener as written in the document: `0.0.0.0:6969`, `[::]:6969`, `unix:/run/muster/http.sock`.

import { isIPv4, isIPv6 } from 'node:net'
import { socketPathOf, writeHostPort } from '../../adapters/protocol/endpoint-text.ts'

const MAX_PORT = 65_535

/** Absolute, of a file; in URLs a colon ends it. */
const SOCKET_PATH = /^\/[^\s:\0]*[^\s:\0/]$/
/** The system has room for 107; one is bound under a longer name at first. */
const MAX_PATH_BYTES = 96
const SOCKET_FORM = `must be "unix:" and an absolute path of at most ${MAX_PATH_BYTES} bytes, without spaces and colons, such as "unix:/run/muster/http.sock"`

/** Port 0 means any free port. */
export interface BindAddress {
  /** An IP address, IPv6 without brackets; or a Unix domain socket, `unix:` and its path, with port 0. */
  readonly host: string
  readonly port: number
}

export function readBindAddress(address: string): BindAddress | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(address)
  if (match === null) return undefined
  const [, v6 = '', v4 = '', port] = match
  if (Number(port) > MAX_PORT || !(isIPv6(v6) || isIPv4(v4))) return undefined
  return { host: v6 || v4, port: Number(port) }
}

/** The same where the address may be that of a Unix domain socket. */
export function readListenAddress(address: string): BindAddress | undefined {
  const path = socketPathOf(address)
  if (path === undefined) return readBindAddress(address)
  return SOCKET_PATH.test(path) && Buffer.byteLength(path) <= MAX_PATH_BYTES ? { host: address, port: 0 } : undefined
}

export function writeBindAddress({ host, port }: BindAddress): string {
  return writeHostPort(host, port)
}

export const BIND_ADDRESS_FORM = 'must be an IP address and a port, such as "0.0.0.0:6969" or "[::]:6969"'

/** What is wrong with an address that may be a Unix domain socket, and what to write. */
export function explainListenAddress(address: string): string {
  return socketPathOf(address) === undefined ? explainBindAddress(address) : SOCKET_FORM
}

/** What is wrong with an address that cannot be read, and what to write. */
export function explainBindAddress(address: string): string {
  if (socketPathOf(address) !== undefined) return `cannot be a Unix domain socket here: ${BIND_ADDRESS_FORM}`
  const [, scheme, bare = address] = /^([a-z]+:\/\/)(.*?)\/?$/.exec(address) ?? []
  if (scheme !== undefined && readBindAddress(bare) !== undefined) return `must have no scheme: write "${bare}"`
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? []
  if (host !== undefined && isIPv6(host)) return `needs brackets around an IPv6 address: write "[${host}]:${port}"`
  if (isIPv6(address)) return `needs brackets around an IPv6 address, and a port, such as "[${address}]:6969"`
  if (isIPv4(address)) return `needs a port, such as "${address}:6969"`
  if (/^\d{1,5}$/.test(address)) return needsAddress(address)
  if (host === undefined) return BIND_ADDRESS_FORM
  if (Number(port) > MAX_PORT) return `has a port above ${MAX_PORT}: write one from 0 to ${MAX_PORT}`
  if (host === '' || host === '*') return needsAddress(port)
  if (!/^[a-z][\w.-]*$/i.test(host)) return BIND_ADDRESS_FORM
  const whereto = host.toLowerCase() === 'localhost' ? `"127.0.0.1:${port}" for this machine only` : everywhere(port)
  return `must be an IP address and not a name: write ${whereto}`
}

function everywhere(port: string): string {
  return `"0.0.0.0:${port}" for every IPv4 address or "[::]:${port}" for IPv6`
}

function needsAddress(port: string): string {
  return `needs an IP address before the port: write ${everywhere(port)}`
}
