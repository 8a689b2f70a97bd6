// Checks that a running tracker answers at every address of this machine: a packet filter or a missing route shows here
// first. What is between this machine and the Internet cannot be checked from here.

import { writeHostPort } from '../../../protocol/endpoint-text.ts'
import type { Check, ListenerPlan, Machine } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeListener } from '../formatting.ts'
import { probeListener } from '../listener-states.ts'

export const reachability: Check = async ({ plan, machine, listeners }) => {
  const findings = new Findings('reachability')
  const running = listeners.filter(({ state }) => state === 'answers').map((listener) => listener.plan)
  if (running.length === 0) return findings.ok('the tracker is not running; nothing was checked').found
  const asked = running.flatMap((listener) => hostsOf(listener, machine).map((host) => ({ listener, host })))
  const outcomes = await Promise.all(
    asked.map(async ({ listener, host }) => ({ listener, host, outcome: await probeListener(listener, host) })),
  )
  for (const { listener, host, outcome } of outcomes) {
    if ('Ok' in outcome) continue
    const { kind, port } = listener
    findings.fail(
      `${writeListener(listener)} (${listener.option}) does not answer at ${writeHostPort(host, port)}: ${outcome.Err}`,
      `allow ${kind === 'udp' ? 'UDP' : 'TCP'} port ${port} in the packet filter: nft list ruleset shows what is dropped; with ufw, run ufw allow ${port}/${kind === 'udp' ? 'udp' : 'tcp'}`,
    )
  }
  const missing = plan.listeners
    .filter(({ port, isOptional }) => port !== 0 && !isOptional)
    .filter((one) => !running.includes(one))
  for (const one of missing) {
    if (listeners.some(({ plan: other, state }) => other === one && state !== 'free')) continue
    findings.warn(
      `the running tracker does not listen on ${writeListener(one)} (${one.option})`,
      'restart it with this configuration: systemctl restart muster, or docker restart',
    )
  }
  return findings.okIfNone(
    `the tracker answers at ${asked.length} ${asked.length === 1 ? 'address' : 'addresses'} of this machine`,
  ).found
}

const MAX_ADDRESSES = 16

/** The listener's own address, or all that its wildcard covers except link-local ones, which also need a zone. */
function hostsOf({ host }: ListenerPlan, machine: Machine): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const family = host === '::' ? 'IPv6' : 'IPv4'
  return machine
    .addresses()
    .filter((own) => own.family === family && !/^fe80:/i.test(own.address))
    .map(({ address }) => address)
    .slice(0, MAX_ADDRESSES)
}
