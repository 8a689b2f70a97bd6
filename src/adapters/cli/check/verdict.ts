// What a probe says of an endpoint, and what its endpoints say of a tracker.

import { TrackerError } from '../../client/tracker-error.ts'
import { systemCodeOf } from '../input.ts'
import type { Announced } from '../newtrackon/announce.ts'
import { ACCEPTED_INTERVAL, isAcceptedInterval } from '../newtrackon/judge-reply.ts'

/**
 * ok: newTrackon would accept the answer. rejected: clients can use the tracker, but newTrackon would not list it.
 * failing: clients cannot use it. unknown: it was not tried, because this machine cannot.
 */
export type TrackerVerdict = 'ok' | 'rejected' | 'failing' | 'unknown'

export interface Judgement {
  readonly verdict: TrackerVerdict
  /** The broken rule of newTrackon, if any. */
  readonly rule?: string
  readonly message?: string
}

/** Rules whose violation clients tolerate. */
const TOLERATED = ['NT-03', 'NT-06']
/** This machine has no route, no address of the family, or no such family. */
const NOT_FROM_HERE = /^(?:ENETUNREACH|EADDRNOTAVAIL|EAFNOSUPPORT)$/
const TOO_MANY_FILES = /^(?:EMFILE|ENFILE)$/

/** Failures of the system's calls, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on this port (connection refused)',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached (EHOSTUNREACH)',
}

export function judge(announced: Announced): Judgement {
  if ('rule' in announced) {
    const { rule, violation, error } = announced
    const fault = ownFault(error)
    if (fault !== undefined) return { verdict: 'unknown', message: fault }
    const code = causeCode(error)
    const verdict = TOLERATED.includes(rule) ? 'rejected' : 'failing'
    return { verdict, rule, message: REASONS[code] ?? violation }
  }
  const { intervalSeconds } = announced
  if (isAcceptedInterval(intervalSeconds)) return { verdict: 'ok' }
  const { min, max } = ACCEPTED_INTERVAL
  return { verdict: 'rejected', rule: 'NT-03', message: `the interval is ${intervalSeconds} s, not ${min} to ${max} s` }
}

/** Why a failure is this machine's, and says nothing of the tracker; undefined if it is the tracker's. */
export function ownFault(error: unknown): string | undefined {
  const code = causeCode(error)
  if (NOT_FROM_HERE.test(code)) return `this machine cannot reach it (${code})`
  return TOO_MANY_FILES.test(code) ? `this machine has too many open files (${code})` : undefined
}

function causeCode(error: unknown): string {
  return (error instanceof TrackerError && systemCodeOf(error.cause)) || ''
}

/** The worst of its endpoints; those that are unknown count only if all are. */
export function worstVerdict(verdicts: readonly TrackerVerdict[]): TrackerVerdict {
  return (['failing', 'rejected', 'ok'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'unknown'
}
