// Checks that newTrackon, and lists derived from it, would accept the running tracker (protocol rules NT-01 to NT-07).

import { isIPv6 } from 'node:net'
import { pluralize } from '../../../../domain/pluralize.ts'
import { loopbackFor } from '../../../client/service-probe.ts'
import { type Announced, announceAsNewtrackon, NEWTRACKON_TIMEOUT_MS } from '../../newtrackon/announce.ts'
import { ACCEPTED_INTERVAL, isAcceptedInterval } from '../../newtrackon/judge-reply.ts'
import { urlFlaws } from '../../newtrackon/judge-url.ts'
import type { Check, ListenerPlan } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeListener } from '../formatting.ts'

/** A documentation address (RFC 5737). */
const FORWARDED_FOR = '198.51.100.1'

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
    trackers.map(async (listener) => ({ listener, announced: await announceTo(listener) })),
  )
  for (const { listener, announced } of answers) examineAnswer(findings, listener, announced)
  return findings.okIfNone(`${pluralize(trackers.length, 'listener')} would be accepted by newTrackon`).found
}

/** By address, which a certificate need not name. */
function announceTo({ kind, host, port, tls, isBehindProxy }: ListenerPlan): Promise<Announced> {
  const address = loopbackFor(host)
  const scheme = kind === 'udp' ? 'udp' : tls === undefined ? 'http' : 'https'
  return announceAsNewtrackon(
    {
      url: { scheme, host: address, port, target: '/announce' },
      address: { address, family: isIPv6(address) ? 6 : 4 },
      trusts: 'anyone',
      ...(isBehindProxy ? { forwardedFor: FORWARDED_FOR } : {}),
    },
    { timeoutMs: NEWTRACKON_TIMEOUT_MS },
  )
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
  if (isAcceptedInterval(seconds)) return
  findings.warn(
    `${at} answers with an interval of ${seconds} s; newTrackon accepts ${ACCEPTED_INTERVAL.min} to ${ACCEPTED_INTERVAL.max} s (NT-03)`,
    'set core.announce_policy.interval = 1800',
  )
}

function examineUrl(findings: Findings, { kind, option, publicUrl }: ListenerPlan): void {
  if (publicUrl === undefined || !URL.canParse(publicUrl) || (kind !== 'udp' && kind !== 'http')) return
  const { hostname, pathname } = new URL(publicUrl)
  const flaws = urlFlaws(hostname.replace(/^\[|\]$/g, ''), pathname)
  if (flaws.includes('address')) {
    findings.warn(
      `${option}.public_url is an IP address; newTrackon accepts host names only (NT-01)`,
      `use a host name in ${option}.public_url`,
    )
  }
  if (flaws.includes('path')) {
    findings.warn(
      `${option}.public_url has another path; newTrackon always requests /announce (NT-01)`,
      `use the path /announce in ${option}.public_url`,
    )
  }
}
