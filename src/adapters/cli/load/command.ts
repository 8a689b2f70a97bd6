// `muster load`: options and help of the load generator, and its reports.

import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isFlood, type LoadPlan } from '../../load/load-plan.ts'
import type { LoadReport } from '../../load/load-report.ts'
import type { CommandRegistration } from '../api-command.ts'
import { countArgument, countOrNoneArgument } from '../arguments.ts'
import { type CliEnvironment, CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { helpHint } from '../help-command.ts'
import { writeJson } from '../output.ts'
import { reportCommandFailure } from '../report-command-failure.ts'
import { addHostile, HOSTILE_FORMS, MIX_FORMS, NOTHING_HOSTILE, readMix } from './load-mix.ts'
import { type LoadCommandOptions, planOf } from './load-plan-options.ts'
import { LoadProgressLine } from './load-progress.ts'
import { writeLoadText } from './load-report-text.ts'

interface OutputOptions {
  readonly format: 'text' | 'json'
  readonly json?: string
  readonly html?: string
}

interface HashOptions {
  readonly torrents: number
  readonly seed: number
}

const EXAMPLES = `
Examples:
  muster load udp udp://127.0.0.1:6969
      as fast as the tracker answers, with the mix of the published comparisons
  muster load udp udp://127.0.0.1:6969 --fill --rate 50000 --html load.html
      store two million peers, then 50,000 requests a second, whatever happens
  muster load udp udp://localhost:6969 --mix real --lifecycle --ipv6-share 0.21
      like a public tracker
  muster load udp udp://127.0.0.1:6969 --hostile garbage=0.5
      every second datagram is no request
  muster load http http://127.0.0.1:7070/announce --fresh --connections 64
      a new connection for each announce

With --rate requests are sent when they are due, and latency counts from that
moment. Without it each socket waits for replies, and a stall goes unnoticed.

Only this machine is loaded: loopback addresses, and addresses of its own
interfaces in this network namespace. Loading a tracker that is not yours is an
attack. If it is yours, name its host with --i-own-this-tracker.

The exit code is 0 if the tracker answered, or was sent nothing to answer, and
the fill, if any, stored every peer once; otherwise 1. An invalid command line
ends with 2.`

export function registerLoad(program: Command, { environment, done }: CommandRegistration): void {
  const load = program
    .command('load')
    .description('load a tracker of your own, and measure it')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
  const run = async (
    command: Command,
    transport: LoadPlan['transport'],
    urls: readonly string[],
    options: LoadCommandOptions & OutputOptions,
  ): Promise<void> => {
    const exitCode = await loadAndReport(transport, urls, options, environment)
    if (exitCode === USAGE_ERROR) environment.err(`${helpHint(command)}\n`)
    done(exitCode)
  }
  const udp = addSharedOptions(load.command('udp').description('load a UDP tracker (BEP 15)'), 'udp://HOST:PORT')
    .option(
      '--sockets <number>',
      'sockets of each thread, each with a loopback address of its own (default: 16)',
      countArgument,
    )
    .option('--in-flight <number>', 'closed loop: requests in flight on each socket (default: 8)', countArgument)
    .option('--scrape-hashes <number>', 'scrapes ask for 1 up to this many torrents (default: 10)', countArgument)
    .option('--ipv6-share <share>', 'share of the sockets that use the IPv6 address of the host', shareArgument)
    .option('--url-data', "send the URL's path with announces (BEP 41), even if it is the usual one")
    .addHelpText('after', EXAMPLES)
  udp.action((urls: readonly string[], options) => run(udp, 'udp', urls, options))
  const http = addSharedOptions(
    load.command('http').description('load an HTTP tracker (BEP 3)'),
    'http://HOST:PORT/announce',
  )
    .option('--connections <number>', 'connections of each thread (default: 64)', countArgument)
    .option('--fresh', 'a new connection for each request; otherwise connections are kept')
    .option(
      '--slow-heads <number>',
      'this many more connections that send the head of a request very slowly',
      countArgument,
    )
    .addHelpText('after', EXAMPLES)
  http.action((urls: readonly string[], options) => run(http, 'http', urls, options))
  load
    .command('hashes')
    .description('print the info hashes of the torrents of a load, for the whitelist of a tracker')
    .option('--torrents <number>', 'torrents', countArgument, 1_000_000)
    .option('--seed <number>', 'as for the load', countOrNoneArgument, 1)
    .action(async (options: HashOptions) => done(await printHashes(options, environment)))
}

function addSharedOptions(command: Command, example: string): Command {
  return command
    .argument('<url...>', `${example}; two URLs are the IPv4 and the IPv6 address of one tracker`)
    .option('--rate <number>', 'open loop: this many requests a second; default: closed loop', countArgument)
    .option('--threads <number>', 'threads', countArgument, 1)
    .option('--duration <seconds>', 'length of the measurement', secondsArgument, 10)
    .option('--warm-up <seconds>', 'load before the measurement', secondsArgument, 2)
    .option('--timeout <seconds>', 'a request without a reply for this long is lost', secondsArgument, 2)
    .option('--fill', 'first announce every peer once, and check by the replies that each is stored')
    .addOption(new Option('--mix <mix>', MIX_FORMS).argParser(mixArgument).default(readMix('published'), 'published'))
    .option('--torrents <number>', 'torrents', countArgument, 1_000_000)
    .option(
      '--peers <number>',
      'peers, each in one torrent, with an id and a port of its own',
      countArgument,
      2_000_000,
    )
    .option('--even', 'all torrents equally popular; otherwise a few have most of the peers')
    .option('--seed <number>', 'another seed is another population of the same kind', countOrNoneArgument, 1)
    .option(
      '--seeders <share>',
      'share of seeders: of all announces, or with --lifecycle of the peers that start',
      shareArgument,
      0.75,
    )
    .option('--lifecycle', 'peers start, announce, complete and stop; otherwise each announce is drawn anew')
    .option('--numwant <number>', 'peers wanted in a reply', countOrNoneArgument, 30)
    .addOption(
      new Option('--hostile <kind=share>', HOSTILE_FORMS)
        .argParser(hostileArgument)
        .default(NOTHING_HOSTILE, 'nothing'),
    )
    .addOption(
      new Option(
        '--i-own-this-tracker <host>',
        'this host of a URL, which is not this machine, is yours to load; may be repeated',
      ).argParser((host: string, before: readonly string[] = []) => [...before, host]),
    )
    .addOption(new Option('--format <format>', 'what is printed').choices(['text', 'json']).default('text'))
    .option('--json <file>', 'also write the report to this file, as JSON')
    .option('--html <file>', 'also write the report to this file, with charts')
}

async function loadAndReport(
  transport: LoadPlan['transport'],
  urls: readonly string[],
  options: LoadCommandOptions & OutputOptions,
  environment: CliEnvironment,
): Promise<number> {
  // Imported here so that other commands start without it.
  const { runLoad } = await import('../../load/run-load.ts')
  const { TargetError, THIS_NETWORK } = await import('../../load/target.ts')
  const progress = new LoadProgressLine(environment)
  try {
    const plan = await planOf(transport, urls, options, THIS_NETWORK)
    const report = await runLoad(plan, { onProgress: (step) => progress.show(step) })
    progress.end()
    await publish(report, options, environment)
    return isGoodLoad(report) ? 0 : 1
  } catch (error) {
    const failure = error instanceof TargetError ? new CommandFailure(error.message) : error
    if (failure instanceof CommandFailure) progress.end()
    return reportCommandFailure(failure, environment)
  }
}

/** Whether the tracker answered, unless nothing was asked, and the fill stored every peer. */
export function isGoodLoad(report: Pick<LoadReport, 'fill' | 'plan' | 'replies'>): boolean {
  return (report.replies > 0 || isFlood(report.plan)) && report.fill?.isComplete !== false
}

async function publish(
  report: LoadReport,
  { format, json, html }: OutputOptions,
  environment: CliEnvironment,
): Promise<void> {
  environment.out(format === 'json' ? writeJson(report) : writeLoadText(report, environment))
  if (json !== undefined) await save(json, '--json', writeJson(report))
  if (html === undefined) return
  const { writeLoadHtml } = await import('./load-report-html.ts')
  await save(html, '--html', writeLoadHtml(report))
}

async function save(file: string, option: string, content: string): Promise<void> {
  try {
    await writeFile(file, content)
  } catch (error) {
    throw new CommandFailure(`${option} ${file} cannot be written: ${error instanceof Error ? error.message : error}`)
  }
}

async function printHashes({ torrents, seed }: HashOptions, { out }: CliEnvironment): Promise<number> {
  const { infoHashTexts } = await import('../../load/identities.ts')
  for (const text of infoHashTexts(torrents, seed)) out(text)
  return 0
}

function secondsArgument(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds >= 0 && seconds <= 86_400) return seconds
  throw new InvalidArgumentError('It must be a number of seconds, such as 10 or 0.5.')
}

function shareArgument(text: string): number {
  const share = Number(text)
  if (text.trim() !== '' && share >= 0 && share <= 1) return share
  throw new InvalidArgumentError('It must be a share from 0 to 1, such as 0.75.')
}

function mixArgument(text: string) {
  const mix = readMix(text)
  if (mix === undefined) throw new InvalidArgumentError(`It must be ${MIX_FORMS}.`)
  return mix
}

function hostileArgument(text: string, before: LoadCommandOptions['hostile']) {
  const shares = addHostile(text, before)
  if (shares === undefined) throw new InvalidArgumentError(`It must be ${HOSTILE_FORMS}; all together at most 1.`)
  return shares
}
