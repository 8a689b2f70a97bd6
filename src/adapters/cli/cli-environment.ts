// What a command has of the world: handed in, so that tests need no terminal, no file and no environment.

export interface CliEnvironment {
  /** Standard output. */
  readonly out: (text: string) => void
  /** Standard error. */
  readonly err: (text: string) => void
  /** Whether people read standard output as it comes; else programs do. */
  readonly isTerminal: boolean
  /** The same for standard error. */
  readonly isErrTerminal: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Rejects when there is no such file, or when it may not be read. */
  readonly readFile: (path: string) => Promise<string>
  /** A file's bytes as they are needed, or those of standard input for `-`. */
  readonly openInput: (path: string) => AsyncIterable<Uint8Array>
}

/** What is thrown to end a command with a sentence on standard error. */
export class CommandFailure extends Error {
  readonly exitCode: number

  constructor(sentence: string, exitCode = 1) {
    super(sentence)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
  }
}

/** Whoever wrote the command line has to read it again. */
export const USAGE_ERROR = 2
