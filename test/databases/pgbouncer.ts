// pgbouncer from Debian's package in front of a PostgreSQL server, with default settings.

import { chownSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accountOf, ChildServer, freePort, makeFolder, removeFolder } from './child-server.ts'
import { localServer, PASSWORD, type TestServer, USER } from './test-server.ts'

const PROGRAM = '/usr/sbin/pgbouncer'

export type PoolMode = 'session' | 'transaction'

export function isPgbouncerInstalled(): boolean {
  return existsSync(PROGRAM)
}

/** The server's databases by their own names. */
export async function startPgbouncer(server: TestServer, mode: PoolMode): Promise<TestServer> {
  const account = accountOf('postgres')
  const folder = makeFolder('pgbouncer', account)
  const { host, port: serverPort } = server.options(server.firstDatabase)
  const port = await freePort()
  const settings = [
    '[databases]',
    `* = host=${host} port=${serverPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    `auth_file = ${join(folder, 'users')}`,
    `pool_mode = ${mode}`,
  ]
  const files = { 'pgbouncer.ini': `${settings.join('\n')}\n`, users: `"${USER}" "${PASSWORD}"\n` }
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    if (account !== undefined) chownSync(path, account.uid, account.gid)
  }
  const program = { command: PROGRAM, args: ['pgbouncer.ini'], readyText: 'process up' }
  const pooler = new ChildServer(program, folder, account)
  await pooler.start()
  return {
    options: localServer('postgresql', port),
    firstDatabase: server.firstDatabase,
    process: pooler,
    stop: async () => {
      await pooler.stop()
      removeFolder(folder)
    },
  }
}
