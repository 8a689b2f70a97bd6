// Follows the DELIMITER commands of a dump. Between them are procedures and triggers, whose statements are not those of
// the dump, although they look the same.

import type { SqlTokenKind } from './sql-tokens.ts'

export class DumpDelimiter {
  /** What stands in the line of the command after it; undefined outside of such a line. */
  #argument: string | undefined
  #line = 0
  #lastLine = 0
  #isOther = false

  /** Whether statements end with something else than a semicolon, which takes all tokens. */
  get isOther(): boolean {
    return this.#isOther
  }

  /** Whether a dump that ends here has been cut off. */
  get isOpen(): boolean {
    return this.#isOther && this.#argument !== ';'
  }

  /** Whether the token is of no statement of the dump. */
  takes(kind: SqlTokenKind, text: string, line: number, isStart: boolean): boolean {
    if (this.#argument !== undefined && line === this.#line) {
      // More is not needed to tell it from a semicolon.
      if (this.#argument.length < 2) this.#argument += text
      return true
    }
    if (this.#argument !== undefined) {
      this.#isOther = this.#argument !== ';'
      this.#argument = undefined
    }
    const mayBegin = this.#isOther ? line > this.#lastLine : isStart
    this.#lastLine = line
    if (mayBegin && kind === 'word' && text.toUpperCase() === 'DELIMITER') {
      this.#argument = ''
      this.#line = line
      // Until the end of the line is seen, nothing is a statement.
      this.#isOther = true
      return true
    }
    return this.#isOther
  }
}
