// `muster announce` and `muster scrape`: options and help. What they do is loaded when they run.

import { type Command, Option } from 'commander'
import type { CommandRegistration } from '../api-command.ts'
import { countOrNoneArgument, type TorrentArgument, torrentArgument, torrentArguments } from '../arguments.ts'
import { USAGE_ERROR } from '../cli-environment.ts'
import { helpHint } from '../help-command.ts'
import { bytesArgument, keyArgument, peerIdArgument, portArgument } from './announce-arguments.ts'
import type { AnnounceOptions, QueryOptions } from './options.ts'

const URL_HELP = 'udp://host:port, http://host/announce or https://host/announce; path and query may hold a key'
const HASH_HELP = 'hex digits (v1: 40, v2: 64), a magnet link, or a torrent file'

const ANNOUNCE_EXAMPLES = `
An announce makes the sender a peer of the swarm, until the tracker has not
heard of it for a while, or is told with --event stopped.

Examples (HASH is an info hash, a magnet link or a file):
  muster announce udp://tracker.example.org:6969 HASH
  muster announce https://tracker.example.org/KEY/announce HASH --left 0
  muster announce udp://tracker.example.org:6969 HASH --event stopped`

const SCRAPE_EXAMPLES = `
Examples (HASH is an info hash, a magnet link or a file):
  muster scrape udp://tracker.example.org:6969 HASH
  muster scrape http://tracker.example.org/announce HASH HASH --format json`

export function registerTrackerQueries(program: Command, { environment, done }: CommandRegistration): void {
  const announce = addQueryOptions(
    program
      .command('announce')
      .description('announce to any tracker, and print its answer')
      .argument('<url>', URL_HELP)
      .argument('<hash>', HASH_HELP, torrentArgument)
      .addOption(
        new Option('--event <name>', 'what has happened')
          .choices(['started', 'completed', 'stopped', 'paused', 'none'])
          .default('started'),
      )
      .option('--port <number>', 'port on which the peer accepts connections', portArgument, 6881)
      .addOption(amountOption('--uploaded <bytes>', 'bytes uploaded so far', 0n))
      .addOption(amountOption('--downloaded <bytes>', 'bytes downloaded so far', 0n))
      .addOption(amountOption('--left <bytes>', 'bytes that are still missing; 0 announces a seeder', 1n))
      .option('--numwant <number>', 'how many peers to ask for (default: up to the tracker)', countOrNoneArgument)
      .option('--peer-id <text>', 'id of the peer, 20 characters (default: random)', peerIdArgument)
      .option('--key <number>', '32 bits that prove the identity of the peer (default: random)', keyArgument)
      .option('--ip <address>', 'another address than that of this machine; most trackers ignore it')
      .addOption(
        new Option('--compact <0|1>', 'HTTP: 0 asks for a list of peers with their ids')
          .choices(['0', '1'])
          .default('1'),
      ),
  ).addHelpText('after', ANNOUNCE_EXAMPLES)
  announce.action(async (url: string, torrent: TorrentArgument, options: AnnounceOptions) => {
    const { announceTo } = await import('./announce.ts')
    finish(announce, await announceTo(url, torrent, options, environment))
  })

  const scrape = addQueryOptions(
    program
      .command('scrape')
      .description('ask any tracker for the counts of torrents')
      .argument('<url>', URL_HELP)
      .argument('<hash...>', HASH_HELP, torrentArguments),
  ).addHelpText('after', SCRAPE_EXAMPLES)
  scrape.action(async (url: string, torrents: readonly TorrentArgument[], options: QueryOptions) => {
    const { scrapeFrom } = await import('./scrape.ts')
    finish(scrape, await scrapeFrom(url, torrents, options, environment))
  })

  function finish(command: Command, exitCode: number): void {
    if (exitCode === USAGE_ERROR) environment.err(`${helpHint(command)}\n`)
    done(exitCode)
  }
}

function amountOption(flags: string, description: string, amount: bigint): Option {
  return new Option(flags, description).argParser(bytesArgument).default(amount, String(amount))
}

function addQueryOptions(command: Command): Command {
  return command
    .addOption(new Option('--family <4|6>', 'use only addresses of this family').choices(['4', '6']))
    .option('--timeout <seconds>', 'time for the whole request; over UDP it is sent again after a third of it', '15')
    .option('--strict', 'fail if the answer deviates from the protocol, and say how')
    .option('--insecure', 'accept any certificate')
    .addOption(
      new Option('--format <format>', 'text or json (default: text on a terminal, else json)').choices([
        'text',
        'json',
      ]),
    )
}
