// A file or folder that the tracker may not use: the system's code, the user, the path, and what to do.

import { accessSync, constants, existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { errorMessage } from '../../domain/error-message.ts'

const DENIED: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
}

/** Undefined if this process can write to the directory, or create it. */
export function unwritableReason(directory: string): string | undefined {
  const path = resolve(directory)
  try {
    accessSync(nearestExisting(path), constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return `${describeDenial(error)}: ${remedyFor(path)}`
  }
}

/** What keeps the tracker from its file, and what to do about the folder that it is in. */
export function fileDenial(error: unknown, file: string): string {
  const isDenied = codeOf(error) in DENIED
  return isDenied ? `${describeDenial(error)}: ${remedyFor(dirname(resolve(file)))}` : errorMessage(error)
}

function describeDenial(error: unknown): string {
  const code = codeOf(error)
  return `${DENIED[code] ?? errorMessage(error)} for user ${userName()} (${code})`
}

function remedyFor(directory: string): string {
  return `install -d -m 0750 -o ${userName()} '${directory}', or set another process.data_directory`
}

/** A container may run as a number without a name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.())
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
