// The action of muster check: whether trackers work, and whether newTrackon would list them.

import { readInfoHashLike } from '../../client/announce-call.ts'
import { type CliEnvironment, CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { CountProgress } from '../count-progress.ts'
import { writeJson } from '../output.ts'
import { reportCommandFailure } from '../report-command-failure.ts'
import { writeCheckJson, writeCheckText } from './check-report.ts'
import { checkTrackers } from './check-trackers.ts'
import type { ProbeLimits } from './endpoints.ts'
import { checkAsTorrust } from './torrust-report.ts'
import { readTrackers, type TrackerSource } from './tracker-sources.ts'

export interface CheckCommandOptions {
  readonly format?: 'text' | 'json' | 'torrust'
  readonly infoHash?: string
  readonly timeout: number
  readonly concurrency: number
  readonly ipv4?: boolean
  readonly ipv6?: boolean
  readonly strict?: boolean
}

/** Returns the exit code. */
export async function checkGivenTrackers(
  sources: readonly string[],
  options: CheckCommandOptions,
  environment: CliEnvironment,
): Promise<number> {
  try {
    if (options.format === 'torrust' && options.strict) {
      const sentence = '--strict judges by the rules of newTrackon, which --format torrust does not know.'
      throw new CommandFailure(sentence, USAGE_ERROR)
    }
    return await check(await readTrackers(sources, environment), options, environment)
  } catch (error) {
    return reportCommandFailure(error, environment)
  }
}

async function check(
  source: TrackerSource,
  options: CheckCommandOptions,
  environment: CliEnvironment,
): Promise<number> {
  const { out, isTerminal } = environment
  const { format = isTerminal ? 'text' : 'json', strict = false } = options
  const progress = new CountProgress(environment, 'endpoint', 'probed')
  const infoHash = readInfoHashLike(options.infoHash ?? source.infoHash ?? crypto.getRandomValues(new Uint8Array(20)))
  const checkOptions = { ...limitsOf(options), infoHash, onProbe: (count: number) => progress.show(count) }
  if (format === 'torrust') {
    const { checks, isWell } = await checkAsTorrust(source.trackers, checkOptions).finally(() => progress.end())
    out(writeJson(checks))
    return isWell ? 0 : 1
  }
  const checks = await checkTrackers(source.trackers, checkOptions).finally(() => progress.end())
  out(format === 'json' ? writeCheckJson(checks) : writeCheckText(checks, environment))
  const isWell = checks.every(({ verdict }) => verdict === 'ok' || (verdict === 'rejected' && !strict))
  return isWell ? 0 : 1
}

function limitsOf({ timeout, concurrency, ipv4 = false, ipv6 = false }: CheckCommandOptions): ProbeLimits {
  const family = ipv4 === ipv6 ? undefined : ipv4 ? 4 : 6
  return { timeoutMs: timeout * 1000, concurrency, family }
}
