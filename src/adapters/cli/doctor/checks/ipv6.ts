// Checks that the tracker serves IPv6 if the machine has it, and that the machine has it if the tracker serves it.

import { isIPv6 } from 'node:net'
import type { Check } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

/** 2000::/3: global unicast. */
function isGlobal(address: string): boolean {
  return /^[23][0-9a-f]{3}:/i.test(address)
}

export const ipv6: Check = ({ plan, machine }) => {
  const findings = new Findings('ipv6')
  const ipv6Addresses = machine.addresses().filter(({ family }) => family === 'IPv6')
  const hasGlobal = ipv6Addresses.some(({ address }) => isGlobal(address))
  const trackers = plan.listeners.filter(({ kind }) => kind === 'udp' || kind === 'http')
  const served = trackers.filter(({ host }) => isIPv6(host) && host !== '::1')
  if (trackers.length > 0 && served.length === 0 && hasGlobal) {
    findings.warn(
      'this machine has a public IPv6 address, but the tracker does not listen on IPv6',
      'add a listener: bind_address = "[::]:6969" under [[udp_trackers]], with network.ipv6_v6only = true',
    )
  }
  if (served.length > 0 && ipv6Addresses.length === 0) {
    findings.warn(
      'the tracker is configured to listen on IPv6, but this machine has no IPv6',
      'sysctl -w net.ipv6.conf.all.disable_ipv6=0, or remove the listeners on [::] and any AAAA record of this machine',
    )
  } else if (served.length > 0 && !hasGlobal) {
    return findings.ok('IPv6 is served, but only locally: this machine has no public IPv6 address').found
  }
  return findings.okIfNone(
    served.length > 0 ? 'IPv6 is served' : 'IPv6 is not served, and this machine has no public IPv6 address',
  ).found
}
