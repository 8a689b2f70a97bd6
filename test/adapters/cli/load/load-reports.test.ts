import { describe, expect, it } from '@jest/globals'
import { writeLineChart } from '../../../../src/adapters/cli/load/line-chart.ts'
import { writeLoadHtml } from '../../../../src/adapters/cli/load/load-report-html.ts'
import { writeLoadText } from '../../../../src/adapters/cli/load/load-report-text.ts'
import { unpainted } from '../../../../src/adapters/cli/tones.ts'
import type { LoadReport, Percentiles } from '../../../../src/adapters/load/load-report.ts'
import { aLoadPlan } from '../../load/a-plan.ts'

const LATENCY: Percentiles = { count: 9, mean: 120.5, p50: 100, p90: 200, p99: 1500, p999: 2e6, p9999: 2e6, max: 2e6 }
const NONE: Percentiles = { count: 0, mean: null, p50: null, p90: null, p99: null, p999: null, p9999: null, max: null }

function aReport(changes: Partial<LoadReport> = {}): LoadReport {
  const { path: _, ...plan } = aLoadPlan({ requestsPerSecond: 100, path: '/SECRET/announce' })
  const kind = { requests: 10, replies: 9, latency: LATENCY }
  return {
    plan,
    startedAt: '2026-11-28T10:00:00.000Z',
    seconds: 1,
    fill: {
      seconds: 1,
      peers: 5,
      confirmed: 5,
      counted: 5,
      missing: 0,
      surplus: 0,
      repeated: 0,
      refused: 0,
      isComplete: true,
    },
    requests: 10,
    replies: 9,
    requestsPerSecond: 10,
    repliesPerSecond: 9,
    failures: 1,
    firstFailure: 'no <script>\u001b[2J',
    malformed: 0,
    lost: 0,
    lostShare: 0,
    unsent: 0,
    late: 0,
    unreachable: 0,
    hostileSent: 0,
    kinds: {
      announce: kind,
      connect: { requests: 0, replies: 0, latency: NONE },
      scrape: { requests: 0, replies: 0, latency: NONE },
    },
    latency: LATENCY,
    lateness: LATENCY,
    latencyCurve: [
      [0, 1],
      [50, 100],
      [100, 2e6],
    ],
    peersPerAnnounce: 21.5,
    bytesSent: 980,
    bytesReceived: 2000,
    events: { started: 0, completed: 0, stopped: 0 },
    connections: { opened: 0, broken: 0 },
    cpuPerThread: 0.99,
    moments: [
      { atSeconds: 0.5, requestsPerSecond: 10, repliesPerSecond: 9, p50: 100, p99: 200 },
      { atSeconds: 1, requestsPerSecond: 10, repliesPerSecond: 9, p50: null, p99: null },
    ],
    ...changes,
  }
}

function textOf(changes: Partial<LoadReport>): string {
  return writeLoadText(aReport(changes), { isTerminal: false, columns: 80, paint: unpainted })
}

describe('the HTML report of a load', () => {
  it('needs no network and runs no script', () => {
    const html = writeLoadHtml(aReport())
    expect(html).toContain("default-src 'none'")
    expect(html.match(/<svg/g)).toHaveLength(3)
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|\b(src|href)=/)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//)
  })

  it('shows what a tracker has said as text', () => {
    expect(writeLoadHtml(aReport())).toContain('no &lt;script&gt;?[2J')
  })
})

describe('the text report of a load', () => {
  it('has a line for each figure in a pipe', () => {
    const lines = writeLoadText(aReport(), { isTerminal: false, columns: 80, paint: unpainted }).split('\n')
    expect(lines).toContain('Result\tevery peer is stored once')
    expect(lines).toContain('Refused\t1: no <script>?[2J')
    expect(lines).toContain('all\t9\t121 µs\t100 µs\t200 µs\t1.5 ms\t2 s\t2 s\t2 s')
  })

  it('fits the terminal', () => {
    const text = writeLoadText(aReport(), { isTerminal: true, columns: 80, paint: unpainted })
    const [tables] = text.split('The tool sent late')
    for (const line of tables.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('colours on a terminal whether the load went well', () => {
    const text = writeLoadText(aReport(), {
      isTerminal: true,
      columns: 200,
      paint: (part, tone) => `<${tone}>${part}<>`,
    })
    expect(text).toContain('<good>every peer is stored once<>')
    expect(text).toContain('<bad>1: no <script>?[2J<>')
  })

  it('warns that the tool may be the limit: in a closed loop if it was busy, in an open loop if it was late', () => {
    const closed = writeLoadText(
      { ...aReport(), plan: aLoadPlan() },
      { isTerminal: false, columns: 80, paint: unpainted },
    )
    expect(closed).toContain('the tool, not the tracker')
    expect(textOf({})).not.toContain('the tool, not the tracker')
    expect(textOf({})).toContain('The tool sent late, by 1.5 ms (p99)')
    expect(textOf({ lateness: { ...LATENCY, p99: 900 } })).not.toContain('sent late, by')
  })

  it('tells what the tool could not send apart from what was lost', () => {
    const text = textOf({ unsent: 1234, lost: 5 })
    expect(text).toContain('Not sent in time\t1,234')
    expect(text).toContain('could not send 1,234 requests in time')
    expect(writeLoadHtml(aReport({ unsent: 1234 }))).toContain('could not send 1,234 requests in time')
    expect(textOf({})).not.toContain('could not send')
  })

  it('says by how many peers a fill is wrong', () => {
    const fill = { seconds: 1, peers: 5, confirmed: 5, counted: 5, missing: 1, surplus: 1, repeated: 0, refused: 0 }
    expect(textOf({ fill: { ...fill, isComplete: false } })).toContain('lacks 1 of the peers')
  })
})

describe('a line chart', () => {
  it('shows every point, and round numbers on its axes', () => {
    const series = [
      {
        name: 'a & b',
        points: [
          [0, 10],
          [5, 1000],
        ] as const,
      },
    ]
    const chart = writeLineChart({ title: 't', xLabel: 'x', yLabel: 'y', isLogY: true, series })
    expect(chart.match(/<circle/g)).toHaveLength(2)
    expect(chart).toContain('>a &amp; b<')
    for (const tick of ['>10<', '>100<', '>1,000<', '>5<']) expect(chart).toContain(tick)
    expect(chart).not.toContain('NaN')
  })

  it('is nothing without points', () => {
    expect(writeLineChart({ title: 't', xLabel: 'x', yLabel: 'y', series: [{ name: 'a', points: [] }] })).toBe('')
  })
})
