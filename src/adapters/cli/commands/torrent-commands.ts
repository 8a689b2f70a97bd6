// muster torrents: announced torrents and their peers.

import { type Command, Option } from 'commander'
import type { InfoHash } from '../../../domain/info-hash.ts'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import { type ApiSession, addApiAction, addGroup, type CommandRegistration, isNotFound } from '../api-command.ts'
import {
  addPagingOptions,
  countOrNoneArgument,
  maxEntries,
  type PagingOptions,
  type TorrentArgument,
  torrentArgument,
} from '../arguments.ts'
import type { Cell } from '../cell.ts'
import { CommandFailure } from '../cli-environment.ts'
import { type Listing, writeFields, writeJson, writeLine, writeListing } from '../output.ts'
import { PageReader } from '../page-reader.ts'
import { writeBytes } from '../quantities.ts'
import { writeTable } from '../table.ts'
import { infoHashesOf } from '../torrent-files.ts'

const SORTS = ['info_hash', 'seeders', 'leechers', 'completed'] as const

interface ListOptions extends PagingOptions {
  readonly prefix: string
  readonly sort: (typeof SORTS)[number]
}

interface ShowOptions {
  readonly peers: number
}

type TorrentDetails = V2Result<'getTorrent'>
type TorrentSummary = V2Result<'listTorrents'>['torrents'][number]

const LISTING: Listing<TorrentSummary> = {
  head: ['Info hash', 'Seeders', 'Leechers', 'Completed'],
  row: ({ info_hash, seeders, leechers, completed }) => [info_hash, seeders, leechers, completed],
  empty: 'No torrents found.',
}

const PEER_HEAD = ['Address', 'Client', 'Left', 'Up', 'Down', 'Announced']

export function registerTorrents(program: Command, registry: CommandRegistration): void {
  const torrents = addGroup(program, 'torrents', 'inspect announced torrents', 'muster torrents list --sort seeders')
  addApiAction(
    addPagingOptions(torrents.command('list'))
      .description('list torrents with their numbers of peers')
      .option('--prefix <hex>', 'only torrents whose info hash starts with this', '')
      .addOption(
        new Option('--sort <field>', 'sort order: hashes ascending, counts descending')
          .choices([...SORTS])
          .default('info_hash'),
      ),
    'muster torrents list --sort seeders --limit 10',
    registry,
    (session, options: ListOptions) => listTorrents(options, session),
  )
  addApiAction(
    torrents
      .command('show')
      .description('print one torrent and its peers; exit code 1 if it has not been announced')
      .argument('<hash>', 'info hash, URN, magnet link or torrent file', torrentArgument)
      .option('--peers <number>', 'maximum number of peers', countOrNoneArgument, 100),
    'muster torrents show 9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d --json',
    registry,
    async (session, torrent: TorrentArgument, { peers }: ShowOptions) =>
      await showTorrent(await infoHashesOf([torrent], session), peers, session),
  )
}

async function listTorrents(options: ListOptions, session: ApiSession): Promise<number> {
  const { prefix, sort } = options
  const pages = new PageReader(maxEntries(options), async (query) => {
    const page = await session.client.call('listTorrents', { query: { prefix, sort, ...query } })
    return { entries: page.torrents, next: page.next_cursor }
  })
  await writeListing(pages, LISTING, session)
  return 0
}

/** Of a hybrid torrent the v1 swarm, or the v2 swarm if only that is there. */
async function showTorrent(hashes: readonly InfoHash[], peers: number, session: ApiSession): Promise<number> {
  const torrent = await firstAnnounced(hashes, peers, session)
  if (torrent === undefined) throw new CommandFailure('This torrent has not been announced.')
  if (session.asJson) session.out(writeJson(torrent))
  else if (session.isTerminal) session.out(writeDetails(torrent, session))
  else session.out(writeLine(LISTING.row(torrent)) + torrent.peers.map((peer) => writeLine(peerRow(peer))).join(''))
  return 0
}

async function firstAnnounced(
  hashes: readonly InfoHash[],
  peers: number,
  { client }: ApiSession,
): Promise<TorrentDetails | undefined> {
  for (const hash of hashes) {
    try {
      return await client.call('getTorrent', { params: { info_hash: hash }, query: { peers } })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }
  return undefined
}

function writeDetails(torrent: TorrentDetails, session: ApiSession): string {
  const { info_hash, seeders, leechers, completed, peers } = torrent
  const fields = { 'Info hash': info_hash, Seeders: seeders, Leechers: leechers, Completed: completed }
  const table = peers.length === 0 ? '' : writeTable(PEER_HEAD, peers.map(peerCells), session.columns)
  return writeFields(fields, session) + table
}

/** For a terminal. */
function peerCells(peer: TorrentDetails['peers'][number]): readonly Cell[] {
  const [left, up, down] = [peer.left, peer.uploaded, peer.downloaded].map((bytes) => writeBytes(Number(bytes)))
  const event = peer.event === 'none' ? '' : ` ${peer.event}`
  return [peer.address, peer.client, left, up, down, `${peer.last_announce}${event}`]
}

function peerRow(peer: TorrentDetails['peers'][number]): readonly Cell[] {
  return [peer.address, peer.client, peer.left, peer.uploaded, peer.downloaded, peer.event, peer.last_announce]
}
