// The address of a listener as written in the document: `0.0.0.0:6969`, `[::]:6969`.

import { isIPv4, isIPv6 } from 'node:net'

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
  if (Number(port) > 65_535 || !(isIPv6(v6) || isIPv4(v4))) return undefined
  return { host: v6 || v4, port: Number(port) }
}

export function writeBindAddress({ host, port }: BindAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
