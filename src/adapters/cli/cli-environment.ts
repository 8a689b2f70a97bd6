// What a command uses of the outside world. It is passed in, so that tests need no terminal, files or variables.

import type { Paint } from './tones.ts'

export interface ApiAddress {
  readonly url: string
  /** Secret; undefined: see `tokenFile`. */
  readonly token: string | undefined
  readonly tokenFile: string | undefined
}

/** Tables that are only read. */
export interface ForeignTables {
  /** Names of the columns of a table; none if it does not exist. */
  readonly columnsOf: (table: string) => Promise<readonly string[]>
  /** The values of these columns, row by row, one character a byte; null for NULL. */
  readonly rows: (table: string, columns: readonly string[]) => AsyncIterable<readonly (string | null)[]>
  readonly close: () => Promise<void>
}

export interface CliEnvironment {
  /** Standard output. */
  readonly out: (text: string) => void
  /** Standard error. */
  readonly err: (text: string) => void
  /** Whether standard output is a terminal, not a pipe or a file. */
  readonly isTerminal: boolean
  /** How wide the terminal is. */
  readonly columns: number
  /** Colours text for standard output, if that is a terminal that shows colours. */
  readonly paint: Paint
  /** Whether standard error is a terminal. */
  readonly isErrTerminal: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Rejects when the file does not exist or cannot be read. */
  readonly readFile: (path: string) => Promise<string>
  /** Streams a file, or standard input for `-`. */
  readonly openInput: (path: string) => AsyncIterable<Uint8Array>
  /** Paths of the files in a folder and in the folders below it, or of the file itself. */
  readonly filesUnder: (path: string) => AsyncIterable<string>
  /** Tables of another system on a MySQL server. Rejects with a `CommandFailure`, which never shows the URL. */
  readonly openTables: (url: string) => Promise<ForeignTables>
  /** Where the API of the tracker with this document is. Rejects with a `CommandFailure`. */
  readonly locateApi: (configFile: string) => Promise<ApiAddress>
  /** Yields now and then every so many seconds. */
  readonly ticks: (seconds: number) => AsyncIterable<unknown>
  /** Resolves after a while, or at once when the signal is aborted. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** From now on Ctrl-C does not end the process but aborts this signal; a second one ends it. */
  readonly interruption: () => AbortSignal
}

/** Ends a command with a sentence on standard error. */
export class CommandFailure extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode = 1) {
    super(sentence)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
  }
}

/** The exit code for a command line that makes no sense. */
export const USAGE_ERROR = 2
