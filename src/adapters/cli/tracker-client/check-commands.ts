// muster tracker-client check, and check monitor udp: Torrust's checker, with its flags, variables, JSON and exit
// codes.

import { type Command, InvalidArgumentError } from 'commander'
import { readTrackerUrl } from '../../client/tracker-url.ts'
import type { CommandRegistration } from '../api-command.ts'
import { infoHashTextArgument, wholeArgument } from '../arguments.ts'
import { DEFAULT_INFO_HASH } from './defaults.ts'
import { formatOption } from './output.ts'
import type { CheckerOptions } from './run-checker.ts'

interface MonitorOptions {
  readonly url: string
  readonly interval: number
  readonly timeout: number
  readonly duration: number
  readonly infoHash: string
}

/** A month: timers of Node.js do not go further than 24 days. */
const MAX_SECONDS = 2_000_000
const MAX_DURATION_SECONDS = 1_000_000_000

const HELP = `
The exit code does not depend on the trackers: read the JSON. A configuration that
cannot be read is exit code 2.

Example:
  TORRUST_CHECKER_CONFIG='{"udp_trackers":["127.0.0.1:6969"],
    "http_trackers":["http://127.0.0.1:7070"],
    "health_checks":["http://127.0.0.1:1313/health_check"]}' \\
    muster tracker-client check`

/** `parent` is the command `tracker-client`. */
export function addTorrustCheck(parent: Command, { environment, done }: CommandRegistration): void {
  const check = parent
    .command('check')
    .description("check trackers and health pages of a configuration, as Torrust's checker does")
    .argument('[config]', 'the configuration itself, in JSON (default: TORRUST_CHECKER_CONFIG)')
    .option('-c, --config-path <file>', 'file with the configuration (default: TORRUST_CHECKER_CONFIG_PATH)')
    .addOption(formatOption())
    .helpCommand(false)
    .addHelpText('after', HELP)
    .action(async (config: string | undefined, options: CheckerOptions) => {
      const { runChecker } = await import('./run-checker.ts')
      done(await runChecker(config, options, environment))
    })
  check
    .command('monitor')
    .description('probe a tracker again and again')
    .helpCommand(false)
    .command('udp')
    .description('announce to a UDP tracker; an event for each on standard error, the sums on standard output')
    .requiredOption('--url <url>', 'URL of the tracker, with its port', udpUrl)
    .option('--interval <seconds>', 'time between probes', wholeArgument(1, MAX_SECONDS), 300)
    .option('--timeout <seconds>', 'time for each exchange', wholeArgument(1, MAX_SECONDS), 10)
    .option('--duration <seconds>', 'how long to go on', wholeArgument(1, MAX_DURATION_SECONDS), 86_400)
    .option('--info-hash <hash>', 'torrent to announce', infoHashTextArgument, DEFAULT_INFO_HASH)
    .addHelpText('after', '\nExample:\n  muster tracker-client check monitor udp --url udp://127.0.0.1:6969')
    .action(async ({ url, interval, timeout, duration, infoHash }: MonitorOptions) => {
      const times = { intervalMs: interval * 1000, timeoutMs: timeout * 1000, durationMs: duration * 1000 }
      const { monitorUdp } = await import('./udp-monitor.ts')
      await monitorUdp({ url: readTrackerUrl(url), text: url, infoHash, ...times }, environment)
      done(0)
    })
}

/** `tracker_client check -- --config-path FILE`: Torrust's clients are called with and without the separator. */
export function withoutSeparator(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--')
  return args[0] === 'tracker-client' && args[1] === 'check' && at > 0 ? args.toSpliced(at, 1) : args
}

function udpUrl(text: string): string {
  try {
    if (readTrackerUrl(text).scheme === 'udp') return text
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : String(error))
  }
  throw new InvalidArgumentError('URL scheme must be udp.')
}
