// Connects an import to the MySQL server of another system.

import { CommandFailure, type ForeignTables } from '../../adapters/cli/cli-environment.ts'
import { MysqlTables } from '../../adapters/outbound/persistence/mysql-tables.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { readDatabaseUrl } from '../settings/database-url.ts'
import { DATABASE_PORTS } from '../settings/options/database.ts'

/** Throws a `CommandFailure` without the URL, which has a password. */
export async function openForeignTables(url: string): Promise<ForeignTables> {
  const read = readDatabaseUrl('mysql', url)
  if ('complaint' in read) throw new CommandFailure(`The URL of the database ${read.complaint}.`)
  const { host, port = DATABASE_PORTS.mysql, user, password = '', database, tls = 'off', tls_ca_file } = read.options
  try {
    return await MysqlTables.open({
      host,
      port,
      user,
      password,
      database,
      tls: { mode: tls, ...(tls_ca_file === undefined ? {} : { caFile: tls_ca_file }) },
    })
  } catch (error) {
    throw new CommandFailure(`The database at ${host} cannot be opened: ${errorMessage(error)}.`)
  }
}
