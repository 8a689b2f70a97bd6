// muster check: whether trackers work, and whether newTrackon would list them.

import { type Command, Option } from 'commander'
import { readInfoHashLike } from '../../client/announce-call.ts'
import type { CommandRegistration } from '../api-command.ts'
import { infoHashTextArgument, wholeArgument } from '../arguments.ts'
import { visible } from '../cell.ts'
import { type CliEnvironment, CommandFailure } from '../cli-environment.ts'
import { CountProgress } from '../count-progress.ts'
import { writeJson } from '../output.ts'
import { writeCheckJson, writeCheckText } from './check-report.ts'
import { checkTrackers } from './check-trackers.ts'
import type { ProbeLimits } from './endpoints.ts'
import { checkAsTorrust } from './torrust-report.ts'
import { readTrackers, type TrackerSource } from './tracker-sources.ts'

interface CheckCommandOptions {
  readonly format?: 'text' | 'json' | 'torrust'
  readonly infoHash?: string
  readonly timeout: number
  readonly concurrency: number
  readonly ipv4?: boolean
  readonly ipv6?: boolean
  readonly strict?: boolean
}

const HELP = `
A tracker is given by its URL, by a torrent file or magnet link that names it,
or by a file with a URL on each line (- for standard input). Every address of
each host is probed: an announce as newTrackon sends it, followed by a stop, and
a scrape. Without a torrent, the announced one is random.

Verdicts: ok; rejected: it works, but newTrackon would not list it; failing; and
unknown: this machine cannot reach the address, such as IPv6 without a route.

Exit code: 0 all trackers work, 1 one is failing or cannot be reached (with
--strict also if one is rejected), 2 the command line makes no sense.

Examples:
  muster check udp://tracker.example.org:6969
  muster check debian.torrent
  muster check trackers.txt --format json | jq .summary`

export function addCheckCommand(program: Command, { environment, done }: CommandRegistration): void {
  program
    .command('check')
    .description('check trackers: every address of each, by the rules of newTrackon')
    .argument('<tracker...>', 'URLs, torrent files, magnet links, or files with URLs')
    .addOption(
      new Option('--format <format>', 'output (default: text on a terminal, else json)').choices([
        'text',
        'json',
        'torrust',
      ]),
    )
    .option(
      '--info-hash <hash>',
      'torrent to announce (default: that of the file or link, else a random one)',
      infoHashTextArgument,
    )
    .option('--timeout <seconds>', 'time for each exchange with a tracker', wholeArgument(1, 600), 10)
    .option('--concurrency <number>', 'how many endpoints are probed at the same time', wholeArgument(1, 1000), 64)
    .option('-4, --ipv4', 'only IPv4 addresses')
    .option('-6, --ipv6', 'only IPv6 addresses')
    .option('--strict', 'exit code 1 also if newTrackon would reject a tracker')
    .addHelpText('after', HELP)
    .action(async (sources: readonly string[], options: CheckCommandOptions) => {
      done(await runCheck(sources, options, environment))
    })
}

async function runCheck(
  sources: readonly string[],
  options: CheckCommandOptions,
  environment: CliEnvironment,
): Promise<number> {
  try {
    return await check(await readTrackers(sources, environment), options, environment)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    environment.err(`${visible(error.message)}\n`)
    return error.exitCode
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
  const limits = { ...limitsOf(options), onProbe: (count: number) => progress.show(count) }
  if (format === 'torrust') {
    const { checks, isWell } = await checkAsTorrust(source.trackers, limits).finally(() => progress.end())
    out(writeJson(checks))
    return isWell ? 0 : 1
  }
  const infoHash = readInfoHashLike(options.infoHash ?? source.infoHash ?? crypto.getRandomValues(new Uint8Array(20)))
  const checks = await checkTrackers(source.trackers, { ...limits, infoHash }).finally(() => progress.end())
  out(format === 'json' ? writeCheckJson(checks) : writeCheckText(checks, environment))
  const isWell = checks.every(({ verdict }) => verdict === 'ok' || (verdict === 'rejected' && !strict))
  return isWell ? 0 : 1
}

function limitsOf({ timeout, concurrency, ipv4 = false, ipv6 = false }: CheckCommandOptions): ProbeLimits {
  const family = ipv4 === ipv6 ? undefined : ipv4 ? 4 : 6
  return { timeoutMs: timeout * 1000, concurrency, family }
}
