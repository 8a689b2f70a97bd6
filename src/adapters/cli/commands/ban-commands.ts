// muster bans: addresses and networks that get no answer.

import { type Command, InvalidArgumentError } from 'commander'
import { readBanRange } from '../../protocol/ban-range-text.ts'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import { type ApiSession, addApiAction, addGroup, type CommandRegistration, isNotFound } from '../api-command.ts'
import { addPagingOptions, type Lifetime, lifetimeArgument, maxEntries, type PagingOptions } from '../arguments.ts'
import { importFile } from '../import-file.ts'
import { importLines } from '../import-lines.ts'
import { type Listing, writeJson, writeJsonLine, writeLine, writeListing } from '../output.ts'
import { PageReader } from '../page-reader.ts'

type BanEntry = V2Result<'listBans'>['bans'][number]

interface BanOptions {
  readonly reason?: string
  readonly for?: Lifetime
}

/** Of one request. */
const MAX_PER_REQUEST = 1000
/** After the address comes a reason, behind spaces, tabs or a semicolon, as public lists have it. */
const ADDRESS = /^[^\s;]+/

const LISTING: Listing<BanEntry> = {
  head: ['Address', 'Added', 'Ends', 'Reason'],
  row: ({ address, added_at, expires_at, reason }) => [address, added_at, expires_at, reason],
  empty: 'No address is banned.',
}

export function registerBans(program: Command, registry: CommandRegistration): void {
  const bans = addGroup(
    program,
    'bans',
    'ban addresses and networks, which get no answer then',
    'muster bans add 192.0.2.0/24 --for 12h',
  )
  addApiAction(
    addPagingOptions(bans.command('list')).description('print the bans in order of addition'),
    'muster bans list --all --json',
    registry,
    (session, options: PagingOptions) => list(maxEntries(options), session),
  )
  addApiAction(
    bans
      .command('show')
      .description('print the bans that cover an address; exit code 1 if there are none')
      .argument('<address>', 'IPv4 or IPv6 address', addressArgument),
    'muster bans show 192.0.2.1',
    registry,
    show,
  )
  addApiAction(
    bans
      .command('add')
      .description('ban addresses and networks; an existing ban gets the new reason and end')
      .argument('<address...>', 'addresses, and networks such as 192.0.2.0/24', rangeArguments)
      .option('--reason <text>', 'why, for other operators')
      .option('--for <duration>', '30m, 12h, 7d, 4w or forever (default: forever)', lifetimeArgument),
    'muster bans add 192.0.2.1 2001:db8::/48 --for 7d \\\n  --reason "floods"',
    registry,
    add,
  )
  addApiAction(
    bans
      .command('lift')
      .description('lift the bans of exactly these addresses and networks; exit code 1 if one was not banned')
      .argument('<address...>', 'as they are listed', rangeArguments),
    'muster bans lift 192.0.2.0/24',
    registry,
    lift,
  )
  addApiAction(
    bans
      .command('import')
      .description('ban the addresses of a file; exit code 1 if a line is invalid')
      .argument('<file>', 'NDJSON, or lines of "ADDRESS [REASON]" with # or ; for comments; - for standard input')
      .option('--reason <text>', 'reason for plain-text lines without one'),
    'muster bans import blocked.txt --reason "list of 2026-12"',
    registry,
    (session, path: string, options: Pick<BanOptions, 'reason'>) => importBans(path, options, session),
  )
  addApiAction(
    bans.command('export').description('print all bans as NDJSON that can be imported again'),
    'muster bans export > bans.ndjson',
    registry,
    exportBans,
  )
}

function rangeArguments(text: string, before: readonly string[] | undefined): readonly string[] {
  const reading = readBanRange(text)
  if ('problem' in reading) throw new InvalidArgumentError(asSentence(reading.problem))
  return [...(before ?? []), reading.range.text]
}

/** `must be ...` is said of the argument. */
function asSentence(problem: string): string {
  return problem.startsWith('must ') ? `It ${problem}.` : `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`
}

function addressArgument(text: string): string {
  const [range = ''] = rangeArguments(text, undefined)
  if (text.includes('/')) throw new InvalidArgumentError('It must be one address, without a prefix.')
  return range
}

async function list(limit: number | undefined, session: ApiSession): Promise<number> {
  const pages = new PageReader(limit, async (query) => {
    const { bans, next_cursor: next } = await session.client.call('listBans', { query })
    return { entries: bans, next }
  })
  await writeListing(pages, LISTING, session)
  return 0
}

async function show(session: ApiSession, address: string): Promise<number> {
  const { bans } = await session.client.call('listBans', { query: { address } })
  const pages = new PageReader(undefined, async () => ({ entries: bans, next: null }))
  await writeListing(pages, { ...LISTING, empty: `${address} is not banned.` }, session)
  return bans.length > 0 ? 0 : 1
}

async function add(session: ApiSession, addresses: readonly string[], options: BanOptions): Promise<number> {
  const seconds = options.for?.seconds ?? undefined
  for (let at = 0; at < addresses.length; at += MAX_PER_REQUEST) {
    const body = {
      addresses: addresses.slice(at, at + MAX_PER_REQUEST),
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(seconds === undefined ? {} : { seconds }),
    }
    const { bans } = await session.client.call('ban', { body })
    if (session.asJson) session.out(writeJson({ bans }))
    else for (const { address, expires_at } of bans) session.out(writeLine([address, endText(expires_at)]))
  }
  return 0
}

function endText(expiresAt: string | null): string {
  return expiresAt === null ? 'banned until it is lifted' : `banned until ${expiresAt}`
}

async function lift(session: ApiSession, addresses: readonly string[]): Promise<number> {
  const results: { address: string; status: 'lifted' | 'absent' }[] = []
  try {
    for (const address of addresses) results.push({ address, status: await liftOne(address, session) })
  } finally {
    if (session.asJson) session.out(writeJson({ results }))
    else {
      for (const { address, status } of results) {
        session.out(writeLine([address, status === 'lifted' ? 'lifted' : 'not banned']))
      }
    }
  }
  return results.every(({ status }) => status === 'lifted') ? 0 : 1
}

async function liftOne(address: string, { client }: ApiSession): Promise<'lifted' | 'absent'> {
  try {
    await client.call('liftBan', { query: { address } })
    return 'lifted'
  } catch (error) {
    if (isNotFound(error)) return 'absent'
    throw error
  }
}

function importBans(path: string, { reason: general }: Pick<BanOptions, 'reason'>, session: ApiSession) {
  const convert = (text: string): object => {
    const [address = ''] = ADDRESS.exec(text) ?? []
    const own = text.slice(address.length).trim().replace(/^;\s*/, '') || undefined
    const reason = own ?? general
    return { address, ...(reason === undefined ? {} : { reason }) }
  }
  return importFile(
    path,
    {
      noun: 'ban',
      convert: (input, progress) => importLines(input, convert, progress),
      send: (body) => session.client.call('importBans', { body }),
    },
    session,
  )
}

async function exportBans({ client, out }: ApiSession): Promise<number> {
  for await (const line of await client.call('exportBans')) out(writeJsonLine(line))
  return 0
}
