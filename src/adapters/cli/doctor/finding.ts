// What a check has found.

export interface Finding {
  /** The check: `kernel-buffers`, `certificates`. */
  readonly check: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  /** A sentence: what is so. */
  readonly message: string
  /** What to change and how: the setting, or the command. Not with `ok`. */
  readonly remedy?: string
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

  /** When nothing was found to complain about. */
  okIfNone(message: string): this {
    return this.found.length === 0 ? this.ok(message) : this
  }
}
