// What the tracker must hold in every phase of the soak, and which of it a phase has missed.

import type { Outcome } from './generator.ts'
import type { Phase, Soak } from './soak.ts'
import { NEWCOMERS, SEEDERS } from './swarm-watch.ts'

const MIB = 2 ** 20
const MIN_SHARE_OF_KNOWN = 0.995
const MIN_SHARE_OF_NEW = 0.95
const MAX_P99_US = 50_000
const MAX_OVER_BUDGET_BYTES = 150 * MIB

export interface Verdict {
  readonly phase: string
  readonly bound: string
  readonly found: string
  readonly isHeld: boolean
}

/** Of the requests that came to an end, those with a good reply; none, if there were no requests. */
export function answeredShare({ answered, lost, failed }: Outcome): number {
  const ended = answered + lost + failed
  return ended === 0 ? 0 : answered / ended
}

/** The p99 of clients with an id, less what an echo beside the tracker takes. */
export function p99OverFloorUs({ udp }: Phase): number {
  return Math.max(0, udp.announce.p99Us - udp.floor.p99Us)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(2)} ms`
}

function shareVerdict(phase: Phase, who: string, outcome: Outcome, least: number): Verdict {
  const share = answeredShare(outcome)
  const bound = `${percent(least)} of ${who} answered`
  return { phase: phase.name, bound, found: percent(share), isHeld: share >= least }
}

function p99Verdict(phase: Phase, who: string, p99Us: number): Verdict {
  const bound = `p99 of ${who} under ${milliseconds(MAX_P99_US)}`
  return { phase: phase.name, bound, found: milliseconds(p99Us), isHeld: p99Us < MAX_P99_US }
}

function timedVerdicts(phase: Phase): Verdict[] {
  return [
    shareVerdict(phase, 'announces with an id', phase.udp.announce, MIN_SHARE_OF_KNOWN),
    shareVerdict(phase, 'newcomers over UDP', phase.udp.newcomer, MIN_SHARE_OF_NEW),
    shareVerdict(phase, 'announces on kept connections', phase.http.kept, MIN_SHARE_OF_KNOWN),
    shareVerdict(phase, 'announces on fresh connections', phase.http.fresh, MIN_SHARE_OF_NEW),
    p99Verdict(phase, 'announces with an id, over the floor', p99OverFloorUs(phase)),
    p99Verdict(phase, 'announces on kept connections', phase.http.kept.p99Us),
  ]
}

function memoryVerdict({ name, usage }: Phase, budgetBytes: number): Verdict {
  const most = budgetBytes + MAX_OVER_BUDGET_BYTES
  const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`
  const bound = `resident memory up to ${mib(most)}`
  return { phase: name, bound, found: mib(usage.peakResidentBytes), isHeld: usage.peakResidentBytes <= most }
}

function swarmVerdicts({ name, swarm }: Phase): Verdict[] {
  if (swarm === undefined) return []
  const verdict = (what: string, found: number, of: number): Verdict => {
    return { phase: name, bound: `${of} ${what}`, found: String(found), isHeld: found === of }
  }
  return [
    verdict('seeders kept', swarm.seedersKept, SEEDERS),
    verdict('newcomers stored', swarm.newcomersStored, NEWCOMERS),
    verdict('newcomers stored in a new torrent', swarm.storedInNewTorrent, NEWCOMERS),
  ]
}

/** `isTimed`: also the bounds that depend on the machine being quiet. */
export function judge({ phases, budgetBytes }: Pick<Soak, 'phases' | 'budgetBytes'>, isTimed: boolean): Verdict[] {
  return phases.flatMap((phase) => [
    ...(isTimed ? timedVerdicts(phase) : []),
    memoryVerdict(phase, budgetBytes),
    ...swarmVerdicts(phase),
  ])
}
