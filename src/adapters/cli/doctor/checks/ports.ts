// Whether the tracker can have the ports that it is to listen on, or has them already.

import { Findings } from '../finding.ts'
import type { Check, ListenerState } from '../patient.ts'
import { writeListener } from '../words.ts'

export const ports: Check = ({ listeners }) => {
  const findings = new Findings('ports')
  for (const listener of listeners) report(findings, listener)
  const running = listeners.filter(({ state }) => state === 'answers').length
  return findings.otherwise(
    running === 0
      ? 'all configured ports are free'
      : `${running} of ${listeners.length} configured ports are held by a running tracker`,
  ).found
}

const report = (findings: Findings, { plan, state }: ListenerState): void => {
  const { option, port, kind, isOptional } = plan
  const at = `${writeListener(plan)} (${option})`
  const otherAddress = `another bind_address for ${option}`
  if (state === 'silent') {
    const listing = `ss -Hlnp${kind === 'udp' ? 'u' : 't'} 'sport = :${port}' tells which`
    const sentence = `${at} is held by a program that does not answer as a tracker does`
    if (isOptional) findings.warn(sentence, `${listing}; ${otherAddress}`)
    else findings.fail(sentence, `${listing}; stop it, or choose ${otherAddress}`)
  } else if (typeof state === 'object') {
    if (state.code === 'EACCES') {
      findings.fail(
        `${at} needs a privilege that this user lacks`,
        `AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, or sysctl -w net.ipv4.ip_unprivileged_port_start=${port}; or a port above 1023`,
      )
    } else if (state.code === 'EADDRNOTAVAIL') {
      findings.fail(`${at}: this machine has no such address`, `${otherAddress}; ip address tells which there are`)
    } else if (state.code === 'EAFNOSUPPORT') {
      findings.fail(`${at}: this machine has no IPv6`, `${otherAddress}, or none`)
    } else {
      findings.fail(`nobody can listen on ${at} (${state.code})`, otherAddress)
    }
  }
}
