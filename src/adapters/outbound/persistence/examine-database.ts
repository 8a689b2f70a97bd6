// Tells, before anything is opened for use, what a start would find: logs in and reads, and changes nothing.

import { Kysely } from 'kysely'
import { findAdoptionProblem } from './adopt-database.ts'
import { isLoginDenied } from './database-faults.ts'
import type { DatabaseOptions } from './database-options.ts'
import { driverReason } from './driver-reason.ts'
import { connect, disconnect } from './open-database.ts'
import { SQL_DIALECTS } from './sql-dialect.ts'
import type { KyselyDatabase, Tables } from './tables.ts'

export type DatabaseExamination =
  | { readonly kind: 'ready' }
  /** `denied`: the server refuses the login; `foreign`: it cannot be adopted. Never with the password. */
  | { readonly kind: 'unreachable' | 'denied' | 'foreign'; readonly reason: string }

/** Never rejects. The file of an SQLite database must exist. */
export async function examineDatabase(options: DatabaseOptions): Promise<DatabaseExamination> {
  try {
    const connectionLost = (): void => {}
    const db: KyselyDatabase = new Kysely<Tables>({ dialect: await connect(options, 'examining', { connectionLost }) })
    try {
      const problem = await findAdoptionProblem(db, SQL_DIALECTS[options.driver])
      return problem === undefined ? { kind: 'ready' } : { kind: 'foreign', reason: problem }
    } finally {
      await disconnect(db, options)
    }
  } catch (error) {
    return { kind: isLoginDenied(error) ? 'denied' : 'unreachable', reason: driverReason(error, options) }
  }
}
