// How a command that has failed ends: a sentence on standard error, and its exit code.

import { visible } from './cell.ts'
import { type CliEnvironment, CommandFailure } from './cli-environment.ts'

/** Returns the exit code. Anything but a `CommandFailure` is a fault of the program, and thrown on. */
export function reportCommandFailure(error: unknown, { err }: Pick<CliEnvironment, 'err'>): number {
  if (!(error instanceof CommandFailure)) throw error
  // May contain text of a tracker.
  err(`${visible(error.message)}\n`)
  return error.exitCode
}
