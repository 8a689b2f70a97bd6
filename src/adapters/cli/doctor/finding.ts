// The result of a check.

export interface Finding {
  /** The name of the check: `kernel-buffers`, `certificates`. */
  readonly check: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  /** What was found, as a sentence. */
  readonly message: string
  /** The setting or command that fixes it. Absent with `ok`. */
  readonly remedy?: string
}

/** What would keep the tracker from starting, in the words of the start. */
export interface StartFault {
  /** Dotted: `http_trackers.0.bind_address`. */
  readonly option: string
  readonly message: string
  readonly remedy: string
}

/** The findings of one check. */
export class Findings {
  readonly found: Finding[] = []
  readonly #check: string

  constructor(check: string) {
    this.#check = check
  }

  ok(message: string): this {
    this.found.push({ check: this.#check, verdict: 'ok', message })
    return this
  }

  warn(message: string, remedy: string): this {
    this.found.push({ check: this.#check, verdict: 'warn', message, remedy })
    return this
  }

  fail(message: string, remedy: string): this {
    this.found.push({ check: this.#check, verdict: 'fail', message, remedy })
    return this
  }

  /** Adds what would keep the tracker from starting. */
  failStart(faults: readonly StartFault[]): this {
    for (const { option, message, remedy } of faults) this.fail(`${option}: ${message}`, remedy)
    return this
  }

  /** Adds an `ok` unless there is a finding already. */
  okIfNone(message: string): this {
    return this.found.length === 0 ? this.ok(message) : this
  }
}
