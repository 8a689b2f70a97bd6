// A lock that belongs to a process and ends with it, however it ends: the kernel holds it on a file (fcntl, LockFileEx
// on Windows), for every process that opens the file, by any path and from any container. SQLite takes it, as the right
// to write a database that nothing is ever written to: the file stays empty, and a full disk does not matter.

import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { errorMessage } from '../../../domain/error-message.ts'
import { makeFolders } from '../make-folders.ts'

/** A user who can open the file for reading can lock it. */
const PRIVATE = 0o600

/** `taken`: another process has the lock. */
export type LockAttempt =
  | { readonly kind: 'locked'; readonly lock: FileLock }
  | { readonly kind: 'taken' }
  | { readonly kind: 'impossible'; readonly reason: string }

/** Held until it is released. Keep a reference: a lock that is garbage-collected is released. */
export class FileLock {
  readonly #database: Sqlite.Database

  private constructor(database: Sqlite.Database) {
    this.#database = database
  }

  /** Does not wait. Creates the file and its folders if they are missing. */
  static attempt(path: string): LockAttempt {
    let database: Sqlite.Database | undefined
    try {
      makeFile(path)
      database = new Sqlite(path, { timeout: 0 })
      // SQLite opens a read-only file for reading, and then two processes could lock it.
      accessSync(path, constants.W_OK)
      // A transaction on an empty file creates its first page: a journal on disk would need room there.
      database.pragma('journal_mode = memory')
      database.exec('begin exclusive')
      return { kind: 'locked', lock: new FileLock(database) }
    } catch (error) {
      database?.close()
      if ((error as { readonly code?: unknown } | null)?.code === 'SQLITE_BUSY') return { kind: 'taken' }
      return { kind: 'impossible', reason: errorMessage(error) }
    }
  }

  release(): void {
    this.#database.close()
  }
}

/** An existing file is left alone: closing it would release a lock that this process has on it. */
function makeFile(path: string): void {
  if (existsSync(path)) return
  makeFolders(dirname(path))
  closeSync(openSync(path, 'a', PRIVATE))
}
