// Sends the entries of an import to the tracker in batches, by the imports of REST v2. What is there already stays, so
// an import that was interrupted can be repeated.

import type { RestClient } from '../../client/rest-client.ts'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import { entryLine } from './entry-line.ts'
import type { ImportSink } from './import-sink.ts'
import type { ImportTally } from './import-tally.ts'
import { type EntryRow, type ImportTarget, targetOf } from './source-row.ts'

const BATCH = 5000

type Answer = V2Result<'importWhitelist'>

export class Upload implements ImportSink {
  readonly #client: RestClient
  readonly #tally: ImportTally
  readonly #batches = new Map<ImportTarget, EntryRow[]>()

  constructor(client: RestClient, tally: ImportTally) {
    this.#client = client
    this.#tally = tally
  }

  async add(row: EntryRow): Promise<void> {
    const target = targetOf(row)
    const batch = this.#batches.get(target) ?? []
    batch.push(row)
    this.#batches.set(target, batch)
    if (batch.length >= BATCH) await this.#send(target)
  }

  async flush(): Promise<void> {
    for (const target of this.#batches.keys()) await this.#send(target)
  }

  async #send(target: ImportTarget): Promise<void> {
    const batch = this.#batches.get(target) ?? []
    this.#batches.delete(target)
    const answer = await importLines(this.#client, target, batch)
    const counts = this.#tally.countsOf(target)
    counts.added += answer.added
    counts.present += answer.present
    for (const { line, message } of answer.problems) this.#tally.noteBad({ at: batch[line - 1].at, message })
    this.#tally.invalid += answer.invalid - answer.problems.length
  }
}

function importLines(client: RestClient, target: ImportTarget, rows: readonly EntryRow[]): Promise<Answer> {
  const body = linesOf(rows)
  if (target === 'keys') return client.call('importKeys', { body })
  const query = { update: 'false' } as const
  return target === 'whitelist'
    ? client.call('importWhitelist', { query, body })
    : client.call('importBlocklist', { query, body })
}

async function* linesOf(rows: readonly EntryRow[]): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(rows.map((row) => `${JSON.stringify(entryLine(row))}\n`).join(''))
}
