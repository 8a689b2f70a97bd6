// Checks that newTrackon, and lists derived from it, would accept the running tracker (protocol rules NT-01 to NT-07).

import { isIP } from 'node:net'
import { pluralize } from '../../../../domain/pluralize.ts'
import type { Check, ListenerPlan } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeListener } from '../formatting.ts'
import { type Announced, announceOverHttp, announceOverUdp } from '../newtrackon-probes.ts'

const INTERVAL = { min: 300, max: 10_800 } as const

export const newtrackon: Check = async ({ plan, listeners }) => {
  const findings = new Findings('newtrackon')
  if (!plan.isOpen)
    return findings.ok('a tracker with keys or a whitelist does not belong on public lists (NT-07)').found
  const running = listeners.filter(({ state }) => state === 'answers').map((listener) => listener.plan)
  // Where a PROXY header is expected, only the proxy can announce as a client.
  const trackers = running.filter(({ kind, proxyProtocol }) => kind === 'udp' || (kind === 'http' && !proxyProtocol))
  for (const listener of plan.listeners) examineUrl(findings, listener)
  if (trackers.length === 0) return findings.okIfNone('the tracker is not running; no announce was sent').found
  const answers = await Promise.all(
    trackers.map(async (listener) => ({
      listener,
      announced: await (listener.kind === 'udp' ? announceOverUdp(listener) : announceOverHttp(listener)),
    })),
  )
  for (const { listener, announced } of answers) examineAnswer(findings, listener, announced)
  return findings.okIfNone(`${pluralize(trackers.length, 'listener')} would be accepted by newTrackon`).found
}

function examineAnswer(findings: Findings, listener: ListenerPlan, announced: Announced): void {
  const at = `${writeListener(listener)} (${listener.option})`
  if ('rule' in announced) {
    findings.fail(
      `${at} would be rejected by newTrackon (${announced.rule}): ${announced.violation}`,
      'see the log of the tracker; a proxy in front of it may change requests or answers',
    )
    return
  }
  const { intervalSeconds: seconds } = announced
  if (seconds >= INTERVAL.min && seconds <= INTERVAL.max) return
  findings.warn(
    `${at} answers with an interval of ${seconds} s; newTrackon accepts ${INTERVAL.min} to ${INTERVAL.max} s (NT-03)`,
    'set core.announce_policy.interval = 1800',
  )
}

function examineUrl(findings: Findings, { kind, option, publicUrl }: ListenerPlan): void {
  if (publicUrl === undefined || !URL.canParse(publicUrl) || (kind !== 'udp' && kind !== 'http')) return
  const { hostname, pathname } = new URL(publicUrl)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    findings.warn(
      `${option}.public_url is an IP address; newTrackon accepts host names only (NT-01)`,
      `use a host name in ${option}.public_url`,
    )
  }
  if (!['', '/', '/announce'].includes(pathname)) {
    findings.warn(
      `${option}.public_url has another path; newTrackon always requests /announce (NT-01)`,
      `use the path /announce in ${option}.public_url`,
    )
  }
}
