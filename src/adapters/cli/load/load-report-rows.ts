// The figures of a load report as rows, for the terminal and for HTML.

import type { LoadPlan } from '../../load/load-plan.ts'
import type { FillReport, LoadReport, Percentiles } from '../../load/load-report.ts'
import { visible } from '../cell.ts'
import { writeBytes, writeCount, writeRate } from '../quantities.ts'

export type FigureRow = readonly [name: string, value: string]

/** Above this a thread may have had no time to do what it should. */
const BUSY = 0.95
/** In an open loop: sent later than this, requests are not those that were asked for. */
const LATE_MICROSECONDS = 1000

export function summaryRows(report: LoadReport): readonly FigureRow[] {
  const { plan } = report
  const rows: FigureRow[] = [
    ['Target', plan.targets.map((target) => `${plan.transport}://${endpoint(target)}`).join(', ')],
    ['Load', `${modeOf(plan)}, ${plan.threads === 1 ? '1 thread' : `${plan.threads} threads`}, ${socketsOf(plan)}`],
    [
      'Requests',
      `${writeCount(report.requests)} in ${report.seconds.toFixed(1)} s (${writeRate(report.requestsPerSecond)})`,
    ],
    ['Replies', `${writeCount(report.replies)} (${writeRate(report.repliesPerSecond)})`],
    ['Lost', `${writeCount(report.lost)} (${percent(report.lostShare)})`],
  ]
  if (report.unsent > 0) rows.push(['Not sent in time', writeCount(report.unsent)])
  if (report.failures > 0)
    rows.push(['Refused', `${writeCount(report.failures)}: ${visible(report.firstFailure ?? '')}`])
  if (report.malformed > 0) rows.push(['Malformed', writeCount(report.malformed)])
  if (report.late > 0) rows.push(['Late or unexpected', writeCount(report.late)])
  if (report.unreachable > 0) rows.push(['Nothing listened', `${writeCount(report.unreachable)} times`])
  if (report.hostileSent > 0) rows.push(['Hostile requests', writeCount(report.hostileSent)])
  if (report.peersPerAnnounce !== null) rows.push(['Peers a reply', report.peersPerAnnounce.toFixed(2)])
  if (plan.hasLifecycle) {
    const { started, completed, stopped } = report.events
    rows.push([
      'Events',
      `${writeCount(started)} started, ${writeCount(completed)} completed, ${writeCount(stopped)} stopped`,
    ])
  }
  if (plan.transport === 'http') {
    const { opened, broken } = report.connections
    rows.push(['Connections', `${writeCount(opened)} opened, ${writeCount(broken)} broken`])
  }
  rows.push(['Sent, received', `${writeBytes(report.bytesSent)}, ${writeBytes(report.bytesReceived)}`])
  if (plan.requestsPerSecond !== undefined) {
    rows.push(['Sent late by', `${duration(report.lateness.p50)} in the middle, p99 ${duration(report.lateness.p99)}`])
  }
  rows.push(['CPU of the tool', `${percent(report.cpuPerThread)} of a core for each thread`])
  return rows
}

export function fillRows({ fill }: LoadReport): readonly FigureRow[] {
  if (fill === null) return []
  return [
    ['Peers', `${writeCount(fill.peers)} in ${fill.seconds.toFixed(1)} s`],
    ['Confirmed', writeCount(fill.confirmed)],
    ['Counted by replies', writeCount(fill.counted)],
    ['Announced again', writeCount(fill.repeated)],
    ['Refused', writeCount(fill.refused)],
    ['Result', fillResult(fill)],
  ]
}

function fillResult({ isComplete, confirmed, missing, peers }: FillReport): string {
  if (isComplete) return 'every peer is stored once'
  if (confirmed < peers) return 'not every peer is stored'
  if (missing > 0) return `the tracker lacks ${writeCount(missing)} of the peers that it was told of`
  return 'the tracker knew other peers of these torrents: use an empty one, or another --seed'
}

export const LATENCY_HEAD = ['Latency', 'Replies', 'Mean', 'p50', 'p90', 'p99', 'p99.9', 'p99.99', 'Max'] as const

export function latencyRows({ kinds, latency }: LoadReport): readonly (readonly string[])[] {
  const row = (name: string, { count, mean, p50, p90, p99, p999, p9999, max }: Percentiles): readonly string[] => [
    name,
    writeCount(count),
    ...[mean, p50, p90, p99, p999, p9999, max].map(duration),
  ]
  const used = (['connect', 'announce', 'scrape'] as const).filter((kind) => kinds[kind].replies > 0)
  return [...used.map((kind) => row(kind, kinds[kind].latency)), row('all', latency)]
}

/** What a reader must know before trusting the figures. */
export function notesOf(report: LoadReport): readonly string[] {
  const notes: string[] = []
  const { plan } = report
  const offered = plan.requestsPerSecond
  const remedy = plan.transport === 'http' ? 'Use more --connections, or --threads.' : 'Use --threads.'
  if (offered === undefined && report.cpuPerThread > BUSY) {
    notes.push(
      'The threads of the tool were busy all the time: the tool, not the tracker, may be the limit. Use --threads.',
    )
  }
  if (report.unsent > 0) {
    notes.push(`The tool could not send ${writeCount(report.unsent)} requests in time: they are not counted. ${remedy}`)
  }
  // An open loop may look at the clock all the time; it is too slow only if it sends late.
  if ((report.lateness.p99 ?? 0) > LATE_MICROSECONDS) {
    notes.push(
      `The tool sent late, by ${duration(report.lateness.p99)} (p99): that is part of the latencies. ${remedy}`,
    )
  }
  // What nobody answers takes its turn too, and is counted apart.
  if (offered !== undefined && report.hostileSent === 0 && report.requestsPerSecond < 0.98 * offered) {
    notes.push(
      `The tool sent ${writeRate(report.requestsPerSecond)} of the ${writeRate(offered)} that it should have sent.`,
    )
  }
  if (offered === undefined && report.replies > 0) {
    notes.push(
      'Closed loop: a slow reply delays the next request, so latencies leave out what a stall costs. See --rate.',
    )
  }
  return notes
}

function modeOf({ requestsPerSecond, inFlight, transport }: LoadReport['plan']): string {
  if (requestsPerSecond !== undefined) return `open loop, ${writeRate(requestsPerSecond)}`
  return transport === 'udp' ? `closed loop, ${inFlight} requests in flight on each socket` : 'closed loop'
}

function socketsOf({ sockets, transport, isFresh }: LoadReport['plan']): string {
  if (transport === 'udp') return `${writeCount(sockets)} sockets each`
  return `${writeCount(sockets)} ${isFresh ? 'fresh' : 'kept'} connections each`
}

function endpoint({ address, port }: LoadPlan['targets'][number]): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.01 ? 3 : 1)} %`
}

/** Three digits and a unit. */
function duration(microseconds: number | null): string {
  if (microseconds === null) return '-'
  if (microseconds < 1000) return `${Number(microseconds.toPrecision(3))} µs`
  if (microseconds < 1_000_000) return `${Number((microseconds / 1000).toPrecision(3))} ms`
  return `${Number((microseconds / 1_000_000).toPrecision(3))} s`
}
