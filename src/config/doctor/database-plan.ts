// How the doctor examines the database: it logs in as the tracker does, and changes nothing.

import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabasePlan, DatabaseState } from '../../adapters/cli/doctor/examined-tracker.ts'
import { examineDatabase } from '../../adapters/outbound/persistence/examine-database.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { writeBindAddress } from '../settings/bind-address.ts'
import type { DatabaseSettings } from '../settings/settings.ts'

const TIMEOUT_MS = 3000
const SQLITE_MAGIC = 'SQLite format 3\0'

export function databasePlan(database: DatabaseSettings): DatabasePlan {
  if (database.driver === 'sqlite3') {
    const { path } = database
    return { name: `sqlite3 ${path}`, examine: () => examineFile(path) }
  }
  const { driver, database: name, host, port } = database
  return {
    name: `${driver} ${name} on ${writeBindAddress({ host, port })}`,
    examine: () => examineDatabase({ ...database, poolSize: 1, timeoutMilliseconds: TIMEOUT_MS }),
  }
}

async function examineFile(path: string): Promise<DatabaseState> {
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
  if (start === '') return { kind: 'ready' }
  if (start !== SQLITE_MAGIC) return { kind: 'foreign', reason: 'the file is not an SQLite database' }
  return await examineDatabase({ driver: 'sqlite3', path, timeoutMilliseconds: TIMEOUT_MS })
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
