// The addresses of a tracker's host.

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { errorMessage } from '../../domain/error-message.ts'
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
  readonly signal?: AbortSignal | undefined
}

/**
 * Every address of `host`, in the order of the system, which puts those first that can probably be reached. Never
 * empty: rejects with a `TrackerError` of the stage `resolve`.
 */
export async function resolveHost(
  host: string,
  { family, signal }: ResolveOptions = {},
): Promise<readonly HostAddress[]> {
  const literal = isIP(host)
  const all = literal === 0 ? await lookUp(host, signal) : [{ address: host, family: literal }]
  const addresses = all.filter((one): one is HostAddress => family === undefined || one.family === family)
  if (addresses.length > 0) return addresses
  throw unresolved(`${host} has no IPv${family} address`)
}

/** The system's look-up cannot be stopped, only left alone. */
async function lookUp(host: string, signal: AbortSignal | undefined) {
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(TrackerError.stopped('resolve', signal?.reason))
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  try {
    return await Promise.race([aborted.promise, lookup(host, { all: true, order: 'verbatim' })])
  } catch (cause) {
    throw cause instanceof TrackerError
      ? cause
      : unresolved(`${host} cannot be resolved: ${errorMessage(cause)}`, cause)
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function unresolved(message: string, cause?: unknown): TrackerError {
  return new TrackerError('unreachable', shownHost(message), { stage: 'resolve', cause })
}
