// Compares the entries of an import with what the tracker has, and changes nothing. The hashes and keys of the tracker
// are read once, when the first entry for a list comes.

import type { RestClient } from '../../client/rest-client.ts'
import { readInfoHashes } from '../../protocol/rest/info-hash-text.ts'
import { visible } from '../cell.ts'
import type { ImportSink } from './import-sink.ts'
import type { ImportTally } from './import-tally.ts'
import { type EntryRow, type ImportTarget, targetOf } from './source-row.ts'

const MAX_EXAMPLES = 5
/** Of a key, as `muster keys list` shows it. */
const HINT_LENGTH = 4

export class DryRun implements ImportSink {
  readonly #client: RestClient
  readonly #tally: ImportTally
  /** What the tracker has, and what the import has added to it. */
  readonly #known = new Map<ImportTarget, Set<string>>()

  constructor(client: RestClient, tally: ImportTally) {
    this.#client = client
    this.#tally = tally
  }

  async add(row: EntryRow): Promise<void> {
    const target = targetOf(row)
    const known = this.#known.get(target) ?? (await this.#read(target))
    const counts = this.#tally.countsOf(target)
    for (const name of namesOf(row)) {
      if (known.has(name)) {
        counts.present++
        continue
      }
      known.add(name)
      counts.added++
      if (counts.examples.length < MAX_EXAMPLES) counts.examples.push(exampleOf(row, name))
    }
  }

  async flush(): Promise<void> {}

  async #read(target: ImportTarget): Promise<Set<string>> {
    const names = new Set<string>()
    this.#known.set(target, names)
    if (target === 'keys') for await (const { key } of await this.#client.call('exportKeys')) names.add(key)
    else {
      const call = target === 'whitelist' ? 'exportWhitelist' : 'exportBlocklist'
      for await (const { info_hash } of await this.#client.call(call)) names.add(info_hash)
    }
    return names
  }
}

function namesOf(row: EntryRow): readonly string[] {
  return row.kind === 'key' ? [row.key] : readInfoHashes(row.infoHash).map(({ infoHash }) => infoHash)
}

/** Never a whole key. */
function exampleOf(row: EntryRow, name: string): string {
  if (row.kind === 'torrent') return row.reason === undefined ? name : `${name} ${visible(row.reason)}`
  const label = row.label === null ? '' : `, ${visible(row.label)}`
  return `${name.slice(0, HINT_LENGTH)}..., valid until ${row.validUntil ?? 'forever'}${label}`
}
