// muster monitor: options and help. What it does is loaded when it runs.

import { type Command, InvalidArgumentError } from 'commander'
import type { CommandRegistration } from '../api-command.ts'
import { infoHashTextArgument, wholeArgument } from '../arguments.ts'
import { readDuration } from '../duration.ts'
import type { MetricsAddress } from './metrics-server.ts'
import type { MonitorCommandOptions } from './start-monitor.ts'

const DEFAULT_INTERVAL_SECONDS = 300
/** Timers of Node.js do not go much further than that. */
const MAX_INTERVAL_SECONDS = 7 * 86_400
const LOOPBACK = '127.0.0.1'

const HELP = `
Trackers are given as for muster check, and probed as it does. On a terminal a
table shows uptime, altogether and of the last 24 hours, and percentiles of the
latency; in a pipe each probe is a line of JSON. With --output the lines go to a
file, which a later run continues. Ctrl-C ends it with a summary.

Examples:
  muster monitor udp://tracker.example.org:6969 --output tracker.ndjson
  muster monitor trackers.txt --interval 10m --prometheus 9710`

export function addMonitorCommand(program: Command, { environment, done }: CommandRegistration): void {
  program
    .command('monitor')
    .description('watch trackers for days: uptime and latency')
    .argument('<tracker...>', 'URLs, torrent files, magnet links, or files with URLs')
    .option(
      '--interval <duration>',
      'time between probes, such as 90s or 10m',
      intervalArgument,
      DEFAULT_INTERVAL_SECONDS,
    )
    .option('--timeout <seconds>', 'time for each exchange with a tracker', wholeArgument(1, 600), 10)
    .option('--concurrency <number>', 'how many endpoints are probed at the same time', wholeArgument(1, 1000), 256)
    .option('--count <number>', 'stop after so many probes of each tracker', wholeArgument(1))
    .option('--output <file>', 'append a line of JSON for each probe, and continue what is there')
    .option('--prometheus <address>', 'serve metrics at PORT of this machine, or at HOST:PORT', metricsAddress)
    .option(
      '--info-hash <hash>',
      'torrent to announce (default: that of the file or link, else a random one)',
      infoHashTextArgument,
    )
    .option('-4, --ipv4', 'only IPv4 addresses')
    .option('-6, --ipv6', 'only IPv6 addresses')
    .addHelpText('after', HELP)
    .action(async (sources: readonly string[], options: MonitorCommandOptions) => {
      const { startMonitor } = await import('./start-monitor.ts')
      done(await startMonitor(sources, options, environment))
    })
}

function intervalArgument(text: string): number {
  const seconds = readDuration(text)
  if (typeof seconds === 'number' && seconds <= MAX_INTERVAL_SECONDS) return seconds
  throw new InvalidArgumentError('It must be a time such as 90s, 10m or 1h, and at most 7d.')
}

function metricsAddress(text: string): MetricsAddress {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:]+):)?(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits !== undefined && port <= 65_535) return { host: bracketed ?? plain ?? LOOPBACK, port }
  throw new InvalidArgumentError('It must be a port, or an address and a port such as 127.0.0.1:9710.')
}
