// The address of a listener as written in the document: `0.0.0.0:6969`, `[::]:6969`.

import { isIPv4, isIPv6 } from 'node:net'

const MAX_PORT = 65_535

/** Port 0 means any free port. */
export interface BindAddress {
  /** An IP address, IPv6 without brackets. */
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

export function writeBindAddress({ host, port }: BindAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

export const BIND_ADDRESS_FORM = 'must be an IP address and a port, such as "0.0.0.0:6969" or "[::]:6969"'

/** What is wrong with an address that cannot be read, and what to write. */
export function explainBindAddress(address: string): string {
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
