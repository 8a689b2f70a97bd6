// The figures and verdicts of a soak as tables.

import { fixed, type Report, type Table, thousands } from '../bench.ts'
import { answeredShare, p99OverFloorUs, type Verdict } from './bounds.ts'
import type { Outcome } from './generator.ts'
import type { Phase, Soak } from './soak.ts'

const MIB = 2 ** 20
/** Counters of what is normal; all others are shown when they move. */
const NORMAL =
  /^muster_(announces_served|downloads|process|thread|torrent_events|peer_events|udp_(datagrams|requests|replies|bytes)|http_(requests|tracker_requests|sent)|rest_requests|lock_waits|store|seeders_reverted)/
const MAX_COUNTERS = 8
const BUSY_FLOOR_US = 25_000

function share(outcome: Outcome): string {
  return fixed(100 * answeredShare(outcome), 2)
}

function ms(microseconds: number): string {
  return fixed(microseconds / 1000, 2)
}

function times({ p50Us, p99Us, p999Us }: Outcome): string {
  return [p50Us, p99Us, p999Us].map(ms).join(' / ')
}

function answers({ phases }: Soak): Table {
  return {
    title: 'Answered, % of requests',
    columns: [
      'phase',
      'with an id',
      'scrapes',
      'newcomers',
      'retries',
      'HTTP kept',
      'HTTP fresh',
      'sent, % of due',
      'attack/s',
    ],
    rows: phases.map(({ name, udp, http, attackPerSecond }) => {
      const begun = udp.announce.begun + udp.newcomer.begun + udp.scrape.begun
      return [
        name,
        share(udp.announce),
        share(udp.scrape),
        share(udp.newcomer),
        thousands(udp.newcomer.retries),
        share(http.kept),
        share(http.fresh),
        fixed((100 * begun) / Math.max(1, begun + udp.unsent), 1),
        attackPerSecond.length === 0 ? '' : thousands(attackPerSecond.reduce((sum, rate) => sum + rate, 0)),
      ]
    }),
  }
}

function latencies({ phases }: Soak): Table {
  return {
    title: 'Latency, ms: p50 / p99 / p99.9',
    columns: ['phase', 'with an id', 'floor', 'p99 over floor', 'newcomers', 'HTTP kept', 'HTTP fresh', 'reading p99'],
    rows: phases.map((phase) => [
      phase.name,
      times(phase.udp.announce),
      times(phase.udp.floor),
      ms(p99OverFloorUs(phase)),
      times(phase.udp.newcomer),
      times(phase.http.kept),
      times(phase.http.fresh),
      ms(phase.udp.readingP99Us),
    ]),
  }
}

function countersOf({ usage }: Phase): string {
  const moved = Object.entries(usage.risen).filter(([id]) => !NORMAL.test(id))
  const shown = moved.toSorted(([, a], [, b]) => b - a).slice(0, MAX_COUNTERS)
  return shown.map(([id, by]) => `${id.replace(/^muster_/, '').replaceAll('_total', '')} ${thousands(by)}`).join(', ')
}

function usages({ phases }: Soak): Table {
  return {
    title: 'The tracker',
    columns: ['phase', 'RSS MiB', 'cores', 'seeders', 'newcomers', 'in a new torrent', 'counters that moved'],
    rows: phases.map((phase) => [
      phase.name,
      thousands(phase.usage.peakResidentBytes / MIB),
      fixed(phase.usage.cores, 2),
      phase.swarm?.seedersKept ?? '',
      phase.swarm?.newcomersStored ?? '',
      phase.swarm?.storedInNewTorrent ?? '',
      countersOf(phase),
    ]),
  }
}

/** Phases in which even the echo was slow: the machine was busy with something else. */
function busyPhases({ phases }: Soak): string[] {
  return phases.filter(({ udp }) => udp.floor.p99Us > BUSY_FLOOR_US).map(({ name }) => name)
}

/** By bound: in how many phases it held, and where it did not. */
function verdictTable(verdicts: readonly Verdict[]): Table {
  const bounds = [...new Set(verdicts.map(({ bound }) => bound))]
  return {
    title: verdicts.every(({ isHeld }) => isHeld) ? 'All bounds hold' : 'Bounds are missed',
    columns: ['bound', 'result', 'phases', 'missed in'],
    rows: bounds.map((bound) => {
      const all = verdicts.filter((verdict) => verdict.bound === bound)
      const missed = all.filter(({ isHeld }) => !isHeld)
      const result = missed.length === 0 ? 'pass' : 'FAIL'
      const where = missed.map(({ phase, found }) => `${phase}: ${found}`).join('; ')
      return [bound, result, `${all.length - missed.length} of ${all.length}`, where]
    }),
  }
}

export function reportOf(result: Soak, verdicts: readonly Verdict[]): Report {
  const { announces, newcomers, scrapes, kept, fresh } = result.rates
  const busy = busyPhases(result)
  return {
    tables: [verdictTable(verdicts), answers(result), latencies(result), usages(result)],
    notes: [
      `Clients, at 60 % of what the machine could do: ${thousands(announces)} announces with an id, ${thousands(newcomers)} newcomers and ${thousands(scrapes)} scrapes per second over UDP, ${thousands(kept)} announces on kept connections and ${thousands(fresh)} on fresh ones over HTTP.`,
      'The tracker has core 0, with embedded defaults. Clients and attacks share core 1; attacks get what the clients leave of it. `sent`: the clients had no time for the rest.',
      'With an id: 4096 clients, each request sent once, lost after 1 s. Newcomers: any of 262,144 addresses, connect and announce, each sent up to four times, after 0.5, 1 and 2 s again and lost 4 s later (BEP 15 divided by 30). HTTP: a kept connection that was closed is opened again once; a fresh one has three tries of 2 s.',
      'UDP latencies end when the reply reaches the machine of the clients (timestamp of the kernel). `reading`: until the clients read it, which is their own delay. Floor: an echo on the core of the tracker, 200 requests per second, over the same network.',
      'Seeders kept, of 30 in 30 networks; newcomers stored, of 100 in 100 networks, who join the attacked torrent and a new one halfway through the attack.',
      ...(busy.length === 0
        ? []
        : [`The machine was busy: the floor's p99 is above ${ms(BUSY_FLOOR_US)} ms in ${busy.join(', ')}.`]),
      ...(result.warnings.length === 0 ? [] : [`The tracker logged: ${[...new Set(result.warnings)].join('; ')}`]),
    ],
    figures: { ...result, verdicts },
  }
}
