// The action of muster monitor: watches the trackers that it is given until it is interrupted.

import { readInfoHashLike } from '../../client/announce-call.ts'
import { readTrackers } from '../check/tracker-sources.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { reportCommandFailure } from '../report-command-failure.ts'
import type { MetricsAddress } from './metrics-server.ts'
import { runMonitor } from './run-monitor.ts'

export interface MonitorCommandOptions {
  readonly interval: number
  readonly timeout: number
  readonly concurrency: number
  readonly count?: number
  readonly output?: string
  readonly prometheus?: MetricsAddress
  readonly infoHash?: string
  readonly ipv4?: boolean
  readonly ipv6?: boolean
}

/** Returns the exit code. */
export async function startMonitor(
  sources: readonly string[],
  options: MonitorCommandOptions,
  environment: CliEnvironment,
): Promise<number> {
  const { interval, timeout, concurrency, count, output, prometheus, infoHash, ipv4 = false, ipv6 = false } = options
  try {
    const source = await readTrackers(sources, environment)
    await runMonitor(
      source.trackers,
      {
        infoHash: readInfoHashLike(infoHash ?? source.infoHash ?? crypto.getRandomValues(new Uint8Array(20))),
        intervalMs: interval * 1000,
        timeoutMs: timeout * 1000,
        concurrency,
        family: ipv4 === ipv6 ? undefined : ipv4 ? 4 : 6,
        maxRounds: count,
        output,
        metrics: prometheus,
      },
      environment,
    )
    return 0
  } catch (error) {
    return reportCommandFailure(error, environment)
  }
}
