// What announce and scrape have in common: the client, its limits, and a sentence on failure.

import { CallError } from '../../client/call-error.ts'
import { openTracker } from '../../client/open-tracker.ts'
import { shownHost } from '../../client/shown-host.ts'
import type { TrackerClient } from '../../client/tracker-client.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import { readTrackerUrl, type TrackerUrl } from '../../client/tracker-url.ts'
import { bep15Waits } from '../../client/udp-tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { type CliEnvironment, CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { reportCommandFailure } from '../report-command-failure.ts'
import type { QueryOptions } from './options.ts'

export interface TrackerQuery extends CliEnvironment {
  readonly client: TrackerClient
  readonly isText: boolean
  readonly signal: AbortSignal
}

const MAX_TIMEOUT_SECONDS = 86_400
const UDP_TRANSMISSIONS = 2

/** Returns the exit code of `work`, or that of its failure. */
export async function queryTracker(
  url: string,
  options: QueryOptions,
  environment: CliEnvironment,
  work: (query: TrackerQuery) => Promise<number>,
): Promise<number> {
  try {
    return await attempt(url, options, environment, work)
  } catch (error) {
    return reportCommandFailure(error, environment)
  }
}

async function attempt(
  text: string,
  options: QueryOptions,
  environment: CliEnvironment,
  work: (query: TrackerQuery) => Promise<number>,
): Promise<number> {
  const timeoutMs = readTimeout(options.timeout)
  const url = readUrl(text)
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    using client = await openTracker(url, {
      family: options.family === undefined ? undefined : options.family === '4' ? 4 : 6,
      decoding: options.strict ? 'strict' : 'lenient',
      trusts: options.insecure ? 'anyone' : 'authorities',
      // A third of the time, then two thirds.
      waitsMs: bep15Waits(timeoutMs / 3, UDP_TRANSMISSIONS),
      timeoutMs,
      signal,
    })
    const isText = (options.format ?? (environment.isTerminal ? 'text' : 'json')) === 'text'
    return await work({ ...environment, client, isText, signal })
  } catch (error) {
    if (error instanceof CallError)
      throw new CommandFailure(`The tracker cannot be asked: ${error.message}.`, USAGE_ERROR)
    if (error instanceof TrackerError) throw new CommandFailure(explain(error, url, options.timeout))
    throw error
  }
}

function readTimeout(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1000
  throw new CommandFailure('--timeout must be a number of seconds, such as 15.', USAGE_ERROR)
}

/** Without the URL in the message: it may hold a key. */
function readUrl(text: string): TrackerUrl {
  try {
    return readTrackerUrl(text)
  } catch (error) {
    if (error instanceof CallError) throw new CommandFailure(`Not the URL of a tracker: ${error.message}.`, USAGE_ERROR)
    throw error
  }
}

function explain({ kind, stage, message }: TrackerError, url: TrackerUrl, timeout: string): string {
  const tracker = `${url.scheme}://${writeHostPort(shownHost(url.host), url.port)}`
  switch (kind) {
    case 'refused':
      return `${tracker} refuses: ${message}`
    case 'not-a-reply':
      return `${tracker} does not answer as a tracker: ${message}.`
    case 'timed-out':
      return `${tracker} has not answered within ${timeout} seconds (${stage}).`
    default:
      return stage === 'resolve' ? `${message}.` : `${tracker} cannot be reached: ${message} (${stage}).`
  }
}

/** Where the answer came from, without what may hold a key. */
export function endpointText({ client }: TrackerQuery): string {
  const { scheme, address, port } = client.endpoint
  return `${scheme}://${writeHostPort(address, port)}`
}

export function noteDeviations(deviations: readonly string[], { err }: TrackerQuery): void {
  for (const deviation of deviations) err(`The answer deviates from the protocol: ${deviation}.\n`)
}
