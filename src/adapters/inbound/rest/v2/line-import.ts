// Imports a stream of lines, in batches as they arrive. Reading pauses while a batch is being stored.

import type { OutputOf, Schema } from '../../../protocol/rest/operation.ts'
import { readBy } from '../../../protocol/rest/read.ts'
import { readLines } from './lines.ts'
import { problemOf } from './request-problem.ts'

const BATCH = 1000
const MAX_PROBLEMS = 100

/** What is imported. */
export interface LineKind<S extends Schema, Entry> {
  readonly schema: S
  /** The field that a line without JSON stands for. */
  readonly bareField: string
  /** Several for the link of a hybrid torrent. None: the schema has let through what it should not. */
  readonly toEntries: (line: OutputOf<S>) => readonly Entry[]
  /** Resolves with the number of new ones. */
  readonly add: (entries: readonly Entry[]) => Promise<number>
}

export class LineImport<S extends Schema, Entry> {
  readonly #kind: LineKind<S, Entry>
  readonly #maxLineBytes: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  readonly #problems: { line: number; message: string }[] = []
  #batch: Entry[] = []
  #lines = 0
  /** Lines that are fully processed. */
  #doneLines = 0
  #added = 0
  #present = 0
  #invalid = 0

  constructor(kind: LineKind<S, Entry>, maxLineBytes: number) {
    this.#kind = kind
    this.#maxLineBytes = maxLineBytes
  }

  /** To be called once. When it is interrupted, throws a problem that reports its progress. */
  async run(pieces: AsyncIterable<Uint8Array>) {
    try {
      for await (const bytes of readLines(pieces, this.#maxLineBytes)) {
        this.#lines++
        const entries = this.#read(bytes)
        if (typeof entries === 'string') this.#skip(entries)
        else this.#batch.push(...entries)
        if (this.#batch.length >= BATCH) await this.#store()
      }
      await this.#store()
    } catch (error) {
      throw this.#interrupted(error)
    }
    return { added: this.#added, present: this.#present, invalid: this.#invalid, problems: this.#problems }
  }

  /** The entries of the line, none for a blank one, or what is wrong with it. */
  #read(bytes: Uint8Array | undefined): readonly Entry[] | string {
    if (bytes === undefined) return `longer than ${this.#maxLineBytes} bytes`
    const text = this.#decode(bytes)?.trim()
    if (text === undefined) return 'not UTF-8'
    if (text === '') return []
    const { schema, bareField, toEntries } = this.#kind
    const value = readLine(text, bareField)
    if (value === undefined) return 'not JSON'
    const reading = readBy(schema, value)
    if (!reading.isValid) return reading.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
    const entries = toEntries(reading.value)
    return entries.length === 0 ? 'cannot be read' : entries
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
      const added = await this.#kind.add(batch)
      this.#added += added
      this.#present += batch.length - added
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
function readLine(text: string, bareField: string): unknown {
  if (text[0] !== '{' && text[0] !== '"') return { [bareField]: text }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? { [bareField]: value } : value
  } catch {
    return undefined
  }
}
