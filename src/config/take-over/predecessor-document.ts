// The document of a take-over that names none: that of the process which is replaced. With the defaults instead, a
// closed tracker would be followed by an open one.

import { join, resolve } from 'node:path'
import { errorMessage } from '../../domain/error-message.ts'
import { PID_FILE, PidFile } from '../process/pid-file.ts'
import { ACCEPT_FLAG } from './access-change.ts'
import { type LastRun, readLastRun } from './last-run.ts'

/** The take-over has no document, and cannot find out that of the other process. The message is for the operator. */
export class UnknownDocument extends Error {}

/** The path of its document; undefined if no process is to be replaced, or it has none. Throws `UnknownDocument`. */
export function predecessorDocument(dataDirectory: string): string | undefined {
  const directory = resolve(dataDirectory)
  const pid = new PidFile(join(directory, PID_FILE)).otherPid()
  if (pid === undefined) return undefined
  const run = lastRun(directory)
  if (run?.pid !== pid) throw unknown(`process ${pid} does not tell its document`)
  const { kind, name } = run.document
  if (kind === 'variable')
    throw unknown(`process ${pid} has its document from the variable ${name}, which is not set here`)
  return kind === 'file' ? name : undefined
}

function lastRun(directory: string): LastRun | undefined {
  try {
    return readLastRun(directory)
  } catch (error) {
    throw unknown(errorMessage(error))
  }
}

function unknown(reason: string): UnknownDocument {
  const wayOut = `pass it with --config, or ${ACCEPT_FLAG} to go on with the built-in defaults`
  return new UnknownDocument(`the take-over has no document, and ${reason}: ${wayOut}`)
}
