// Whether newTrackon, and the lists that are made from it, would accept the running tracker (protocol rules NT-01 to NT-07).

import { isIP } from 'node:net'
import type { Check, ListenerPlan } from '../examined-tracker.ts'
import { Findings } from '../finding.ts'
import { writeListener } from '../formatting.ts'
import { type Announced, announceOverHttp, announceOverUdp } from '../newtrackon-probes.ts'

const INTERVAL = { least: 300, most: 10_800 } as const

export const newtrackon: Check = async ({ plan, listeners }) => {
  const findings = new Findings('newtrackon')
  if (!plan.isOpen) return findings.ok('a tracker with keys or a whitelist is not for public lists (NT-07)').found
  const running = listeners.filter(({ state }) => state === 'answers').map((listener) => listener.plan)
  const trackers = running.filter(({ kind }) => kind === 'udp' || kind === 'http')
  for (const listener of plan.listeners) examineUrl(findings, listener)
  if (trackers.length === 0) return findings.okIfNone('the tracker does not run; no announce was sent').found
  const answers = await Promise.all(
    trackers.map(async (listener) => ({
      listener,
      announced: await (listener.kind === 'udp' ? announceOverUdp(listener) : announceOverHttp(listener)),
    })),
  )
  for (const { listener, announced } of answers) examineAnswer(findings, listener, announced)
  return findings.okIfNone(
    `announces as newTrackon sends them are answered by ${trackers.length} listeners as it wants`,
  ).found
}

const examineAnswer = (findings: Findings, listener: ListenerPlan, announced: Announced): void => {
  const at = `${writeListener(listener)} (${listener.option})`
  if ('rule' in announced) {
    findings.fail(
      `${at} does not answer an announce as newTrackon wants it (${announced.rule}): ${announced.violation}`,
      'look into the log of the tracker; what stands between clients and tracker may change requests or answers',
    )
    return
  }
  const { intervalSeconds: seconds } = announced
  if (seconds >= INTERVAL.least && seconds <= INTERVAL.most) return
  findings.warn(
    `${at} answers with an interval of ${seconds} s; newTrackon accepts ${INTERVAL.least} to ${INTERVAL.most} s (NT-03)`,
    'core.announce_policy.interval = 1800 in the configuration',
  )
}

const examineUrl = (findings: Findings, { kind, option, publicUrl }: ListenerPlan): void => {
  if (publicUrl === undefined || !URL.canParse(publicUrl) || (kind !== 'udp' && kind !== 'http')) return
  const { hostname, pathname } = new URL(publicUrl)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    findings.warn(
      `${option}.public_url names an address; newTrackon accepts names of hosts only (NT-01)`,
      `a name in ${option}.public_url`,
    )
  }
  if (!['', '/', '/announce'].includes(pathname)) {
    findings.warn(
      `${option}.public_url has a path of its own; newTrackon always asks for /announce (NT-01)`,
      `/announce in ${option}.public_url`,
    )
  }
}
