// Settings of a session on which the escaping of texts relies.

import { expect, it } from '@jest/globals'
import { Kysely, sql } from 'kysely'
import { mysqlDialect } from '../../../../src/adapters/outbound/persistence/mysql-dialect.ts'
import { overDatabases } from '../../../databases/dialects.ts'

overDatabases('settings of a session', (databases) => {
  it('that are refused make the connection one that nobody uses', async () => {
    const options = await databases.create()
    if (options.driver !== 'mysql') return
    // No server takes it for a number.
    const db = new Kysely({ dialect: await mysqlDialect(options, Number.NaN, () => {}) })
    for (let time = 0; time < 2; time++)
      await expect(sql`select 1`.execute(db)).rejects.toThrow(/innodb_lock_wait_timeout|NaN/)
    await db.destroy()
  })
})
