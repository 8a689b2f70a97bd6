// muster trace: follows one client in the tracker's log for a while.

import { type Command, InvalidArgumentError } from 'commander'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import { type ApiSession, addApiAction, type CommandRegistration, isNotFound } from '../api-command.ts'
import { countArgument } from '../arguments.ts'
import { CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { readDuration } from '../duration.ts'
import { writeFields, writeJson } from '../output.ts'

/** The tracker checks them, like the address and the number of lines. */
const MAX_SECONDS = 3600

interface TraceOptions {
  readonly for?: number
  readonly lines?: number
  readonly stop?: boolean
}

const EXAMPLE = `muster trace 192.0.2.1 --for 10m
muster trace 2001:db8::/64 --lines 5000
muster trace --stop`

export function registerTrace(program: Command, registry: CommandRegistration): void {
  addApiAction(
    program
      .command('trace')
      .description(
        "log every request of one client for a while, in the tracker's log; without an address, show the trace",
      )
      .argument('[address]', 'IPv4 address, IPv6 address, or IPv6 /64 of the client; replaces a running trace')
      .option('--for <duration>', 'end after this time: 30s, 5m, up to 1h (default: 5m)', secondsArgument)
      .option('--lines <number>', 'end after this many lines, up to 10000 (default: 1000)', countArgument)
      .option('--stop', 'end the running trace'),
    EXAMPLE,
    registry,
    trace,
  )
}

function secondsArgument(text: string): number {
  const seconds = readDuration(text) ?? Number.POSITIVE_INFINITY
  if (seconds <= MAX_SECONDS) return seconds
  throw new InvalidArgumentError('It must be a duration such as 30s, 5m or 1h, and no longer than an hour.')
}

async function trace(session: ApiSession, address: string | undefined, options: TraceOptions): Promise<number> {
  const { client, asJson, out } = session
  const hasLimits = options.for !== undefined || options.lines !== undefined
  if (options.stop ? address !== undefined || hasLimits : address === undefined && hasLimits) {
    throw new CommandFailure('Give the address of a client, or --stop, or neither.', USAGE_ERROR)
  }
  if (address !== undefined) {
    const body = { address, seconds: options.for, max_lines: options.lines }
    show(await client.call('startTrace', { body }), session)
    return 0
  }
  return await failIfNoTrace(async () => {
    if (!options.stop) show(await client.call('getTrace'), session)
    else {
      await client.call('stopTrace')
      out(asJson ? writeJson({ status: 'stopped' }) : 'the trace has ended\n')
    }
    return 0
  })
}

function show(running: V2Result<'getTrace'>, session: ApiSession): void {
  const { asJson, out } = session
  if (asJson) {
    out(writeJson(running))
    return
  }
  const { address, started_at, ends_at, max_lines, lines, dropped_lines } = running
  const fields = { Address: address, Since: started_at, Until: ends_at }
  out(writeFields({ ...fields, Lines: lines, 'Maximum of lines': max_lines, 'Dropped lines': dropped_lines }, session))
}

async function failIfNoTrace(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    throw isNotFound(error) ? new CommandFailure('No client is being traced.') : error
  }
}
