// A failure of a command under Torrust's names: one JSON object on standard error, and its exit code.

import { writeJsonLine } from '../output.ts'

export interface TorrustErrorText {
  /** `invalid_configuration`, `runtime_failure`. */
  readonly kind: string
  readonly source: string
  readonly message: string
}

export class TorrustFailure extends Error {
  readonly text: TorrustErrorText
  /** 1: it failed while it ran; 2: what it was given makes no sense. */
  readonly exitCode: 1 | 2

  constructor(text: TorrustErrorText, exitCode: 1 | 2) {
    super(text.message)
    this.name = 'TorrustFailure'
    this.text = text
    this.exitCode = exitCode
  }

  toLine(): string {
    return writeJsonLine({ error: this.text })
  }
}
