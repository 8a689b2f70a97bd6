// How the doctor examines the database: without logging in and without writing.

import { once } from 'node:events'
import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { DatabasePlan, DatabaseState } from '../../adapters/cli/doctor/examined-tracker.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { writeBindAddress } from '../settings/bind-address.ts'
import type { DatabaseSettings } from '../settings/settings.ts'

const TIMEOUT_MS = 3000
const SQLITE_MAGIC = 'SQLite format 3\0'

export function databasePlan(database: DatabaseSettings): DatabasePlan {
  if (database.driver === 'sqlite3') {
    const { path } = database
    return { name: `sqlite3 ${path}`, examine: async () => examineFile(path) }
  }
  const { driver, database: name, host, port } = database
  return { name: `${driver} ${name} on ${writeBindAddress({ host, port })}`, examine: () => examineServer(host, port) }
}

function examineFile(path: string): DatabaseState {
  try {
    if (!existsSync(path)) {
      accessSync(nearestExisting(dirname(path)), constants.W_OK)
      return { kind: 'ready' }
    }
    accessSync(path, constants.R_OK | constants.W_OK)
    // SQLite creates a journal beside it.
    accessSync(dirname(path), constants.W_OK)
  } catch (error) {
    return { kind: 'not-writable', reason: errorMessage(error) }
  }
  const start = readStart(path)
  return start === '' || start === SQLITE_MAGIC
    ? { kind: 'ready' }
    : { kind: 'foreign', reason: 'the file is not an SQLite database' }
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

function readStart(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(SQLITE_MAGIC.length)
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(file)
  }
}

async function examineServer(host: string, port: number): Promise<DatabaseState> {
  const socket = connect({ host, port })
  const tooLate = AbortSignal.timeout(TIMEOUT_MS)
  try {
    await once(socket, 'connect', { signal: tooLate })
    return { kind: 'ready' }
  } catch (error) {
    return { kind: 'unreachable', reason: tooLate.aborted ? `no answer within ${TIMEOUT_MS} ms` : errorMessage(error) }
  } finally {
    socket.destroy()
  }
}
