// muster whitelist add and remove, muster blocklist add and remove.

import type { InfoHash } from '../../../domain/info-hash.ts'
import { pluralize } from '../../../domain/pluralize.ts'
import { type ApiSession, isNotFound } from '../api-command.ts'
import { writeJson, writeLine } from '../output.ts'
import type { TorrentAddition, TorrentList } from './torrent-lists.ts'

const MAX_PER_REQUEST = 1000

const STATUSES = ['added', 'updated', 'present', 'removed', 'absent'] as const
type Status = (typeof STATUSES)[number]

const STATUS_TEXTS: Readonly<Record<Status, string>> = {
  added: 'added',
  updated: 'updated',
  present: 'already listed',
  removed: 'removed',
  absent: 'not listed',
}

export async function addToList(list: TorrentList, addition: TorrentAddition, session: ApiSession): Promise<number> {
  const { hashes } = addition
  const report = new ChangeReport(session)
  try {
    for (let at = 0; at < hashes.length; at += MAX_PER_REQUEST) {
      const some = { ...addition, hashes: hashes.slice(at, at + MAX_PER_REQUEST) }
      const { results } = await list.add(session.client, some)
      for (const { info_hash, status } of results) report.add(info_hash, status)
    }
  } finally {
    report.write()
  }
  return 0
}

export async function removeFromList(
  list: TorrentList,
  hashes: readonly InfoHash[],
  session: ApiSession,
): Promise<number> {
  const report = new ChangeReport(session)
  try {
    for (const hash of hashes) report.add(hash, await removeOne(list, hash, session))
  } finally {
    report.write()
  }
  return report.numberOf('absent') === 0 ? 0 : 1
}

async function removeOne(list: TorrentList, hash: InfoHash, { client }: ApiSession): Promise<Status> {
  try {
    await list.remove(client, hash)
    return 'removed'
  } catch (error) {
    if (isNotFound(error)) return 'absent'
    throw error
  }
}

/** The result for each hash. It is written even if a later request fails. */
class ChangeReport {
  readonly #session: ApiSession
  readonly #results: { readonly info_hash: string; readonly status: Status }[] = []

  constructor(session: ApiSession) {
    this.#session = session
  }

  add(infoHash: string, status: Status): void {
    this.#results.push({ info_hash: infoHash, status })
  }

  numberOf(status: Status): number {
    return this.#results.filter((result) => result.status === status).length
  }

  write(): void {
    if (this.#results.length === 0) return
    const { asJson, isTerminal, out } = this.#session
    if (asJson) out(writeJson({ results: this.#results }))
    else if (isTerminal) out(`${this.#summary()}\n`)
    else for (const { info_hash, status } of this.#results) out(writeLine([info_hash, status]))
  }

  #summary(): string {
    return STATUSES.filter((status) => this.numberOf(status) > 0)
      .map((status) => `${pluralize(this.numberOf(status), 'torrent')} ${STATUS_TEXTS[status]}`)
      .join(', ')
  }
}
