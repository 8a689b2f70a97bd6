// Checks that the tracker may listen on the configured addresses, and that their ports are free, or in use by itself.

import type { Check, ListenerPlan, ListenerState } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeListener } from '../formatting.ts'

export const ports: Check = async ({ plan, listeners }) => {
  const findings = new Findings('ports').failStart(await plan.addressFaults())
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
  if (state === 'silent') {
    const [sentence, remedy] = [`${at} is in use by another program`, freePort(plan, otherAddress)]
    if (plan.isOptional) findings.warn(sentence, remedy)
    else findings.fail(sentence, remedy)
  } else if (plan.isOptional) {
    // Of all others the start would say so itself.
    findings.warn(`cannot listen on ${at} (${state.code})`, `${otherAddress}, or remove the listener`)
  }
}

function freePort({ kind, port }: ListenerPlan, otherAddress: string): string {
  return `ss -Hlnp${kind === 'udp' ? 'u' : 't'} 'sport = :${port}' shows which; stop it, or ${otherAddress}`
}
