// Checks that the connection tracking table of the kernel has room: it holds every UDP client for half a minute, and
// datagrams are dropped when it is full.

import type { Check, ExaminedTracker } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'

const ENOUGH = 1_000_000
const BUSY = 0.5

export const connectionTracking: Check = ({ plan, machine }) => {
  const findings = new Findings('connection-tracking')
  const ports = [...new Set(plan.listeners.filter(({ kind }) => kind === 'udp').map(({ port }) => port))]
  const max = readNumber(machine, 'nf_conntrack_max')
  if (ports.length === 0 || max === undefined)
    return findings.ok('connection tracking does not apply to UDP clients').found
  const count = readNumber(machine, 'nf_conntrack_count') ?? 0
  const remedy = `exempt the tracker: ${ports.map(exemption).join('; ')}; or raise the limit: sysctl -w net.netfilter.nf_conntrack_max=${ENOUGH * 2}`
  const usage = `${count} of ${max} entries are in use`
  if (count > max * BUSY) findings.warn(`connection tracking is filling up: ${usage}`, remedy)
  else if (max < ENOUGH)
    findings.warn(`connection tracking is on, and every UDP client takes an entry: ${usage}`, remedy)
  return findings.okIfNone(`connection tracking has room: ${usage}`).found
}

function readNumber(machine: ExaminedTracker['machine'], name: string): number | undefined {
  const value = Number.parseInt(machine.read(`/proc/sys/net/netfilter/${name}`) ?? '', 10)
  return Number.isNaN(value) ? undefined : value
}

function exemption(port: number): string {
  return `iptables -t raw -A PREROUTING -p udp --dport ${port} -j NOTRACK && iptables -t raw -A OUTPUT -p udp --sport ${port} -j NOTRACK (and the same with ip6tables)`
}
