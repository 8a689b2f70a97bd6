// Checks that the configured ports are free, or in use by the running tracker.

import type { Check, ListenerPlan, ListenerState } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeListener } from '../formatting.ts'

export const ports: Check = ({ listeners }) => {
  const findings = new Findings('ports')
  for (const listener of listeners) addFinding(findings, listener)
  const running = listeners.filter(({ state }) => state === 'answers').length
  return findings.okIfNone(
    running === 0
      ? 'all configured ports are free'
      : `${running} of ${listeners.length} configured ports are in use by a running tracker`,
  ).found
}

function addFinding(findings: Findings, { plan, state }: ListenerState): void {
  if (state === 'free' || state === 'answers') return
  const at = `${writeListener(plan)} (${plan.option})`
  const otherAddress = `set another bind_address for ${plan.option}`
  const [sentence, remedy] =
    state === 'silent'
      ? [`${at} is in use by another program`, freePort(plan, otherAddress)]
      : bindFailure(at, state.code, plan.port, otherAddress)
  if (plan.isOptional) findings.warn(sentence, remedy)
  else findings.fail(sentence, remedy)
}

function freePort({ kind, port }: ListenerPlan, otherAddress: string): string {
  return `ss -Hlnp${kind === 'udp' ? 'u' : 't'} 'sport = :${port}' shows which; stop it, or ${otherAddress}`
}

/** The problem and its remedy. */
function bindFailure(at: string, code: string, port: number, otherAddress: string): readonly [string, string] {
  if (code === 'EACCES') {
    return [
      `${at} needs a privilege that this user lacks`,
      `set AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit, or sysctl -w net.ipv4.ip_unprivileged_port_start=${port}; or use a port above 1023`,
    ]
  }
  if (code === 'EADDRNOTAVAIL') {
    return [`${at}: this machine has no such address`, `${otherAddress}; ip address lists the available ones`]
  }
  if (code === 'EAFNOSUPPORT') return [`${at}: this machine has no IPv6`, `${otherAddress}, or remove the listener`]
  return [`cannot listen on ${at} (${code})`, otherAddress]
}
