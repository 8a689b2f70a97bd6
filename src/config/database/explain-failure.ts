// What to write when a database server cannot be used because of a setting, and the driver's error does not say so.

import { codeOf } from '../../adapters/outbound/persistence/database-faults.ts'
import { DatabaseOpenError } from '../../adapters/outbound/persistence/database-open-error.ts'
import {
  type DatabaseDependencies,
  type DatabaseOptions,
  describeDatabase,
  type NetworkOptions,
} from '../../adapters/outbound/persistence/database-options.ts'
import { type Database, openDatabase } from '../../adapters/outbound/persistence/open-database.ts'
import { identifyOther, type ServerKind } from './identify-server.ts'

const NAMES = { mysql: 'MySQL or MariaDB', postgresql: 'PostgreSQL', http: 'HTTP' } as const
const USUAL_PORTS = { mysql: 3306, postgresql: 5432 } as const

/** Nothing was reached that could be of the wrong kind. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND', 'ENOENT'])
const WRONG_PASSWORD = new Set(['28P01', 'ER_ACCESS_DENIED_ERROR'])
/** The client's own words when the server asks for a password and it has none; they have no code. */
const CLIENT_WITHOUT_PASSWORD = /^SASL: .*client password/

/** As `openDatabase`, but its error says what to write where a setting is to blame. Then waiting does not help. */
export async function openOrExplain(options: DatabaseOptions, dependencies: DatabaseDependencies): Promise<Database> {
  try {
    return await openDatabase(options, dependencies)
  } catch (error) {
    if (!(error instanceof DatabaseOpenError) || options.driver === 'sqlite3') throw error
    const remedy = error.cause === undefined ? undefined : await explainFailure(error.cause, options)
    throw remedy === undefined ? error : new DatabaseOpenError(describeDatabase(options), remedy, { cause: error })
  }
}

/** A sentence for the operator; undefined if the driver's own is all there is. */
async function explainFailure(error: unknown, options: NetworkOptions): Promise<string | undefined> {
  if (options.password === '' && wantsPassword(error)) {
    return `the server asks user ${options.user} for a password, and none is set: write core.database.password or password_file, or the password in the url`
  }
  if (isFromServer(error) || UNREACHABLE.has(codeOf(error))) return undefined
  const kind = await identifyOther(options.driver, options)
  return kind === undefined ? undefined : otherKind(kind, options)
}

function otherKind(kind: ServerKind, { driver }: NetworkOptions): string {
  const port = `the port of a ${NAMES[driver]} server, usually ${USUAL_PORTS[driver]}`
  const article = kind === 'http' ? 'an' : 'a'
  const remedy = kind === 'http' ? `write ${port}` : `write driver = "${kind}" (${kind}:// in a url), or ${port}`
  return `${article} ${NAMES[kind]} server answers there, not ${NAMES[driver]}: ${remedy}`
}

function wantsPassword(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return [error, cause].some(
    (each) => WRONG_PASSWORD.has(codeOf(each)) || (each instanceof Error && CLIENT_WITHOUT_PASSWORD.test(each.message)),
  )
}

/** An error that a server of the right kind sent. */
function isFromServer(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  return ('severity' in error && error.severity !== undefined) || ('sqlState' in error && error.sqlState !== undefined)
}
