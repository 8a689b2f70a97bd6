// Whether IPv6 is served where it is there, and is there where it is served.

import { isIPv6 } from 'node:net'
import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

/** 2000::/3: what the world can reach. */
const isGlobal = (address: string): boolean => /^[23][0-9a-f]{3}:/i.test(address)

export const ipv6: Check = ({ plan, machine }) => {
  const findings = new Findings('ipv6')
  const ipv6Addresses = machine.addresses().filter(({ family }) => family === 'IPv6')
  const hasGlobal = ipv6Addresses.some(({ address }) => isGlobal(address))
  const trackers = plan.listeners.filter(({ kind }) => kind === 'udp' || kind === 'http')
  const served = trackers.filter(({ host }) => isIPv6(host) && host !== '::1')
  if (trackers.length > 0 && served.length === 0 && hasGlobal) {
    findings.warn(
      'this machine has an IPv6 address that the world can reach, and the tracker does not listen on IPv6',
      'add a listener: bind_address = "[::]:6969" under [[udp_trackers]], with network.ipv6_v6only = true',
    )
  }
  if (served.length > 0 && ipv6Addresses.length === 0) {
    findings.warn(
      'the tracker is to listen on IPv6, and this machine has none',
      'sysctl -w net.ipv6.conf.all.disable_ipv6=0, or take out the listeners on [::]; an AAAA record must not name this machine',
    )
  } else if (served.length > 0 && !hasGlobal) {
    return findings.ok('IPv6 is served to the neighbourhood only: no address of this machine is known to the world')
      .found
  }
  return findings.okIfNone(served.length > 0 ? 'IPv6 is served' : 'IPv6 is not served, and nobody could reach it').found
}
