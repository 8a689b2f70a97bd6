// muster check: options and help. What it does is loaded when it runs.

import { type Command, Option } from 'commander'
import type { CommandRegistration } from '../api-command.ts'
import { infoHashTextArgument, wholeArgument } from '../arguments.ts'
import type { CheckCommandOptions } from './run-check.ts'

const HELP = `
A tracker is given by its URL, by a torrent file or magnet link that names it,
or by a file with a URL on each line (- for standard input). Every address of
each host is probed: an announce as newTrackon sends it, followed by a stop, and
a scrape. Without a torrent, the announced one is random.

Verdicts: ok; rejected: it works, but newTrackon would not list it; failing; and
unknown: this machine cannot reach the address, such as IPv6 without a route, or
has too many open files.

With --format torrust each endpoint gets the steps of Torrust's checker instead
of a verdict. All options count but --strict, which is refused, and a tracker
that does not answer a scrape fails.

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
      const { checkGivenTrackers } = await import('./run-check.ts')
      done(await checkGivenTrackers(sources, options, environment))
    })
}
