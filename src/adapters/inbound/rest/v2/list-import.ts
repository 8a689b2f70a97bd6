// Imports a stream of lines into a list, in batches as they arrive. Reading pauses while a batch is being stored.

import type { TorrentListAdmin } from '../../../../domain/ports/inbound/torrent-list-admin.ts'
import type { ListEntry } from '../../../../domain/ports/outbound/torrent-list-store.ts'
import { readInfoHashText } from '../../../protocol/rest/info-hash-text.ts'
import { readBy } from '../../../protocol/rest/read.ts'
import type { BlocklistLineSchema, WhitelistLineSchema } from '../../../protocol/rest/v2/lists.ts'
import { readLines } from './lines.ts'
import { problemOf } from './request-problem.ts'

const BATCH = 1000
const MAX_PROBLEMS = 100

type LineSchema = typeof WhitelistLineSchema | typeof BlocklistLineSchema

export class ListImport {
  readonly #admin: TorrentListAdmin
  readonly #schema: LineSchema
  readonly #maxLineBytes: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  readonly #problems: { line: number; message: string }[] = []
  #batch: ListEntry[] = []
  #lines = 0
  /** Lines that are fully processed. */
  #doneLines = 0
  #added = 0
  #present = 0
  #invalid = 0

  constructor(admin: TorrentListAdmin, schema: LineSchema, maxLineBytes: number) {
    this.#admin = admin
    this.#schema = schema
    this.#maxLineBytes = maxLineBytes
  }

  /** To be called once. When it is interrupted, throws a problem that reports its progress. */
  async run(pieces: AsyncIterable<Uint8Array>) {
    try {
      for await (const bytes of readLines(pieces, this.#maxLineBytes)) {
        this.#lines++
        const entry = this.#read(bytes)
        if (typeof entry === 'string') this.#skip(entry)
        else if (entry !== undefined) this.#batch.push(entry)
        if (this.#batch.length === BATCH) await this.#store()
      }
      await this.#store()
    } catch (error) {
      throw this.#interrupted(error)
    }
    return { added: this.#added, present: this.#present, invalid: this.#invalid, problems: this.#problems }
  }

  /** An entry, or what is wrong with the line; undefined for a blank one. */
  #read(bytes: Uint8Array | undefined): ListEntry | string | undefined {
    if (bytes === undefined) return `longer than ${this.#maxLineBytes} bytes`
    const text = this.#decode(bytes)?.trim()
    if (text === undefined) return 'not UTF-8'
    if (text === '') return undefined
    const value = readLine(text)
    if (value === undefined) return 'not JSON'
    const reading = readBy<LineSchema>(this.#schema, value)
    if (!reading.isValid) return reading.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
    const written = readInfoHashText(reading.value.info_hash)
    if (written === undefined) return 'not an info hash'
    const reason = 'reason' in reading.value ? reading.value.reason : undefined
    return reason === undefined ? { infoHash: written.infoHash } : { infoHash: written.infoHash, reason }
  }

  #decode(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes)
    } catch {
      return undefined
    }
  }

  #skip(message: string): void {
    this.#invalid++
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ line: this.#lines, message })
  }

  async #store(): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    if (batch.length > 0) {
      const added = await this.#admin.add(batch)
      this.#added += added.length
      this.#present += batch.length - added.length
    }
    this.#doneLines = this.#lines
  }

  #interrupted(error: unknown): unknown {
    const progress = {
      lines: this.#doneLines,
      added: this.#added,
      present: this.#present,
      invalid: this.#invalid,
    }
    const problem = problemOf(error)
    return problem === undefined ? error : problem.after(progress)
  }
}

/** An object, a quoted string, or the bare text; undefined when it starts like JSON but is invalid. */
function readLine(text: string): unknown {
  if (text[0] !== '{' && text[0] !== '"') return { info_hash: text }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? { info_hash: value } : value
  } catch {
    return undefined
  }
}
