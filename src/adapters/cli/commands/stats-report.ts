// Statistics for a terminal: grouped, with units, and with rates since the last look.

import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import { visible } from '../cell.ts'
import { writeBytes, writeCount, writeDuration, writeRate } from '../quantities.ts'

type Statistics = V2Result<'getStatistics'>

export interface Look {
  readonly statistics: Statistics
  /** By a clock that only runs forward. */
  readonly atMs: number
}

/** A counter belongs to the first group whose prefix it has. */
const GROUPS = [
  ['UDP', 'udp'],
  ['HTTP', 'http'],
  ['Management API', 'rest'],
  ['Certificates', 'tls'],
  ['Tracker', ''],
] as const

const NAME_WIDTH = 36
const VALUE_WIDTH = 18
const RATE_WIDTH = 16

/** `earlier`: the look since which rates are; undefined: since the start of the tracker. */
export function writeStatistics(look: Look, earlier: Look | undefined): string {
  const { statistics } = look
  // After a restart all counters have begun anew.
  const base = earlier?.statistics.started_at === statistics.started_at ? earlier : undefined
  const seconds = base === undefined ? statistics.uptime_seconds : (look.atMs - base.atMs) / 1000
  const since = base === undefined ? 'since the start' : `over the last ${writeDuration(Math.round(seconds))}`
  const groups = GROUPS.map(([title, prefix]) => {
    const names = Object.keys(statistics.counters).filter((name) => groupOf(name) === prefix)
    const rows = names
      .filter((name) => statistics.counters[name] > 0)
      .map((name) => {
        const total = statistics.counters[name]
        const more = Math.max(0, total - (base?.statistics.counters[name] ?? 0))
        return counterRow(name, total, seconds > 0 ? more / seconds : 0)
      })
    return rows.length === 0 ? '' : `\n${title}\n${rows.join('')}`
  })
  const silent = Object.values(statistics.counters).filter((total) => total === 0).length
  return [
    `Muster ${visible(statistics.version)}, up ${writeDuration(statistics.uptime_seconds)}\n`,
    statistics.under_attack ? 'Under attack: the log has the rates\n' : '',
    `\nSwarms\n${swarmRows(statistics)}`,
    ...groups,
    `\nRates are ${since}.${silent === 0 ? '' : ` Counters at 0 are left out (${silent}); --json has all.`}\n`,
  ].join('')
}

function groupOf(name: string): string {
  return GROUPS.find(([, prefix]) => name.startsWith(prefix))?.[1] ?? ''
}

function swarmRows(statistics: Statistics): string {
  const { torrents, seeders, leechers, ipv4_peers, ipv6_peers, completed, swarm_memory } = statistics
  const { used_bytes, budget_bytes } = swarm_memory
  const counts = { torrents, seeders, leechers, ipv4_peers, ipv6_peers, downloads_completed: completed }
  const rows = Object.entries(counts).map(([name, count]) => row(name, writeCount(count)))
  return `${rows.join('')}${row('memory', `${writeBytes(used_bytes)} of ${writeBytes(budget_bytes)}`)}`
}

function counterRow(name: string, total: number, perSecond: number): string {
  if (name.endsWith('_nanoseconds')) {
    return row(name.replace(/_nanoseconds$/, '_time'), writeDuration(total / 1e9), `${writeLoad(perSecond / 1e9)}`)
  }
  if (name.includes('bytes')) return row(name, writeBytes(total), `${writeBytes(perSecond)}/s`)
  return row(name, writeCount(total), writeRate(perSecond))
}

/** Of one processor. */
function writeLoad(share: number): string {
  return `${(share * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`
}

function row(name: string, value: string, rate = ''): string {
  const text = visible(name).replaceAll('_', ' ').padEnd(NAME_WIDTH)
  return `${`  ${text}${value.padStart(VALUE_WIDTH)}${rate.padStart(RATE_WIDTH)}`.trimEnd()}\n`
}
