// The addresses of a tracker's host.

import { isIP } from 'node:net'
import { errorMessage } from '../../domain/error-message.ts'
import { type LookUpLimits, LookUps } from './look-ups.ts'
import { shownHost } from './shown-host.ts'
import { TrackerError } from './tracker-error.ts'

export type IpFamily = 4 | 6

export interface HostAddress {
  /** IPv6 without brackets. */
  readonly address: string
  readonly family: IpFamily
}

export interface ResolveOptions {
  /** Only addresses of this family. */
  readonly family?: IpFamily | undefined
  /** Of the look-up, from when the system begins with it: it does only a few at a time. */
  readonly lookUpTimeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** One for all, because the system's threads are for all. */
let lookUps: LookUps | undefined

/**
 * Every address of `host`, in the order of the system, which puts those first that can probably be reached. Never
 * empty: rejects with a `TrackerError` of the stage `resolve`.
 */
export async function resolveHost(
  host: string,
  { family, lookUpTimeoutMs: timeoutMs, signal }: ResolveOptions = {},
): Promise<readonly HostAddress[]> {
  const literal = isIP(host)
  const all = literal === 0 ? await lookUp(host, { timeoutMs, signal }) : [{ address: host, family: literal }]
  const addresses = all.filter((one): one is HostAddress => family === undefined || one.family === family)
  if (addresses.length > 0) return addresses
  throw unresolved(`${host} has no IPv${family} address`)
}

async function lookUp(host: string, limits: LookUpLimits) {
  lookUps ??= LookUps.ofSystem()
  try {
    return await lookUps.addressesOf(host, limits)
  } catch (cause) {
    throw cause instanceof TrackerError
      ? cause
      : unresolved(`${host} cannot be resolved: ${errorMessage(cause)}`, cause)
  }
}

function unresolved(message: string, cause?: unknown): TrackerError {
  return new TrackerError('unreachable', shownHost(message), { stage: 'resolve', cause })
}
