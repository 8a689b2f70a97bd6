// Makes a folder and those above it, one at a time. Node's own `mkdir` with `recursive` must not be used: where the
// system reports a missing parent that is there (below /proc, or in a working directory that was removed), it tries
// again without end, and no signal is handled meanwhile (Node 26.10).

import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { errorMessage } from '../../domain/error-message.ts'

const DEFAULT_MODE = 0o777

/** Does nothing if the folder exists. Throws an error with the system's code, and in words what is in the way. */
export function makeFolders(path: string, mode: number = DEFAULT_MODE): void {
  try {
    makeLevel(path, mode)
  } catch (cause) {
    throw Object.assign(new Error(reasonOf(cause, path), { cause }), { code: codeOf(cause) })
  }
}

/** A missing parent is made first. If the parent is there, the same answer of the system is final. */
function makeLevel(path: string, mode: number): void {
  try {
    makeOne(path, mode)
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) !== 'ENOENT' || existsSync(parent)) throw error
    makeLevel(parent, mode)
    makeOne(path, mode)
  }
}

/** Another process may make it at the same time. */
function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function reasonOf(error: unknown, path: string): string {
  const reason = `the folder ${path} cannot be made: ${errorMessage(error)}`
  // What `cwd` returned at first; the system only knows that it is gone.
  const isAdrift = !isAbsolute(path) && !existsSync(process.cwd())
  return isAdrift ? `${reason}; the working directory, ${process.cwd()}, has been removed` : reason
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code
}
