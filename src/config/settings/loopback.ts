// Whether a listener is reachable from this machine only.

import { BlockList, isIPv6 } from 'node:net'
import { socketPathOf } from '../../adapters/protocol/endpoint-text.ts'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** For an IP address in any notation, IPv4 in IPv6 included, or a Unix domain socket. */
export function isLoopback(host: string): boolean {
  if (socketPathOf(host) !== undefined) return true
  return LOOPBACK.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}
