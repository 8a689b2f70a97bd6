// Session settings that the escaping of texts relies on.

import { expect, it } from '@jest/globals'
import { Kysely, sql } from 'kysely'
import { mysqlDialect } from '../../../../src/adapters/outbound/persistence/mysql-dialect.ts'
import { overDatabases } from '../../../databases/dialects.ts'

overDatabases('session settings', (databases) => {
  it('that are rejected make the connection unusable', async () => {
    const options = await databases.create()
    if (options.driver !== 'mysql') return
    // No server accepts it as a number.
    const db = new Kysely({ dialect: await mysqlDialect(options, Number.NaN, () => {}) })
    for (let time = 0; time < 2; time++)
      await expect(sql`select 1`.execute(db)).rejects.toThrow(/innodb_lock_wait_timeout|NaN/)
    await db.destroy()
  })
})
