// The action of tracker-client check: all checks of a configuration, and their results as one JSON array.

import { probeMany } from '../../client/probe-many.ts'
import { shownUrl } from '../check/shown-url.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { readCheckerConfig } from './checker-config.ts'
import { type OutputFormat, writeResult } from './output.ts'
import { checkHealth, checkHttpTracker, checkUdpTracker, type TorrustCheck } from './torrust-checks.ts'
import { TorrustFailure } from './torrust-failure.ts'

export interface CheckerOptions {
  readonly configPath?: string
  readonly format: OutputFormat
}

/** Returns the exit code, which does not depend on the trackers. */
export async function runChecker(
  content: string | undefined,
  { configPath, format }: CheckerOptions,
  environment: CliEnvironment,
): Promise<number> {
  try {
    const { udpTrackers, httpTrackers, healthChecks } = await readCheckerConfig(configPath, content, environment)
    const checks = await inOrder([
      ...udpTrackers.map((url) => async () => (await checkUdpTracker(url)).check),
      ...healthChecks.map((url) => () => checkHealth(url)),
      ...httpTrackers.map(
        ([url, text]) =>
          async () =>
            (await checkHttpTracker(url, shownUrl(new URL(text).href))).check,
      ),
    ])
    environment.out(writeResult(checks, format))
    return 0
  } catch (error) {
    if (!(error instanceof TorrustFailure)) throw error
    environment.err(error.toLine())
    return error.exitCode
  }
}

/** Many at the same time, but not all. */
async function inOrder(checks: readonly (() => Promise<TorrustCheck>)[]): Promise<readonly TorrustCheck[]> {
  const found = new Map<object, TorrustCheck>()
  for await (const probed of probeMany(checks, (check) => check())) {
    if ('result' in probed) found.set(probed.target, probed.result)
  }
  return checks.flatMap((check) => found.get(check) ?? [])
}
