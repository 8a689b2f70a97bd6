// Whether a running tracker answers at every address of this machine that it should: a packet filter, or a route that is missing, shows
// here first. What lies between this machine and the world cannot be seen from it.

import { writeHostPort } from '../../../protocol/endpoint-text.ts'
import { Findings } from '../finding.ts'
import { askListener } from '../listener-states.ts'
import type { Check, ListenerPlan, Machine } from '../patient.ts'
import { writeListener } from '../words.ts'

export const reachability: Check = async ({ plan, machine, listeners }) => {
  const findings = new Findings('reachability')
  const running = listeners.filter(({ state }) => state === 'answers').map((listener) => listener.plan)
  if (running.length === 0) return findings.ok('the tracker does not run; nothing was asked').found
  const asked = running.flatMap((listener) => hostsOf(listener, machine).map((host) => ({ listener, host })))
  const outcomes = await Promise.all(
    asked.map(async ({ listener, host }) => ({ listener, host, outcome: await askListener(listener, host) })),
  )
  for (const { listener, host, outcome } of outcomes) {
    if ('Ok' in outcome) continue
    const { kind, port } = listener
    findings.fail(
      `${writeListener(listener)} (${listener.option}) does not answer at ${writeHostPort(host, port)}: ${outcome.Err}`,
      `let ${kind === 'udp' ? 'UDP' : 'TCP'} port ${port} through the packet filter: nft list ruleset shows what is dropped, ufw allow ${port}/${kind === 'udp' ? 'udp' : 'tcp'} opens it where ufw is used`,
    )
  }
  const missing = plan.listeners
    .filter(({ port, isOptional }) => port !== 0 && !isOptional)
    .filter((one) => !running.includes(one))
  for (const one of missing) {
    if (listeners.some(({ plan: other, state }) => other === one && state !== 'free')) continue
    findings.warn(
      `the running tracker does not listen on ${writeListener(one)} (${one.option})`,
      'start it anew with this configuration: systemctl restart muster, or docker restart',
    )
  }
  return findings.otherwise(`the tracker answers at ${asked.length} addresses of this machine`).found
}

const MOST_ADDRESSES = 16

/** Its own, or all that its wildcard stands for. Link-local ones need more than an address. */
const hostsOf = ({ host }: ListenerPlan, machine: Machine): readonly string[] => {
  if (host !== '0.0.0.0' && host !== '::') return [host]
  const family = host === '::' ? 'IPv6' : 'IPv4'
  return machine
    .addresses()
    .filter((own) => own.family === family && !/^fe80:/i.test(own.address))
    .map(({ address }) => address)
    .slice(0, MOST_ADDRESSES)
}
