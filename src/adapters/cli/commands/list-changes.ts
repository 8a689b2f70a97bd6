// muster whitelist add and remove, muster blocklist add and remove.

import type { InfoHash } from '../../../domain/info-hash.ts'
import { type ApiSession, isNotThere } from '../api-command.ts'
import { count, writeJson, writeLine } from '../output.ts'
import type { TorrentList } from './torrent-lists.ts'

const MOST_PER_REQUEST = 1000

const STATUSES = ['added', 'present', 'removed', 'absent'] as const
type Status = (typeof STATUSES)[number]

const IN_WORDS: Readonly<Record<Status, string>> = {
  added: 'added',
  present: 'there before',
  removed: 'removed',
  absent: 'not there',
}

export const addToList = async (
  list: TorrentList,
  hashes: readonly InfoHash[],
  reason: string | undefined,
  session: ApiSession,
): Promise<number> => {
  const outcome = new Outcome(session)
  try {
    for (let at = 0; at < hashes.length; at += MOST_PER_REQUEST) {
      const { results } = await list.add(session.client, hashes.slice(at, at + MOST_PER_REQUEST), reason ?? '')
      for (const { info_hash, status } of results) outcome.add(info_hash, status)
    }
  } finally {
    outcome.write()
  }
  return 0
}

export const removeFromList = async (
  list: TorrentList,
  hashes: readonly InfoHash[],
  session: ApiSession,
): Promise<number> => {
  const outcome = new Outcome(session)
  try {
    for (const hash of hashes) outcome.add(hash, await removeOne(list, hash, session))
  } finally {
    outcome.write()
  }
  return outcome.numberOf('absent') === 0 ? 0 : 1
}

const removeOne = async (list: TorrentList, hash: InfoHash, { client }: ApiSession): Promise<Status> => {
  try {
    await list.remove(client, hash)
    return 'removed'
  } catch (error) {
    if (isNotThere(error)) return 'absent'
    throw error
  }
}

/** What became of each hash; it is told even when something went wrong with the rest. */
class Outcome {
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
      .map((status) => `${count(this.numberOf(status), 'torrent')} ${IN_WORDS[status]}`)
      .join(', ')
  }
}
