// MariaDB from Debian's packages, with its files in a temporary folder.

import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { ChildServer, freePort, makeFolder, removeFolder } from './child-server.ts'
import { localServer, PASSWORD, type TestServer, type TestServerOptions, USER } from './test-server.ts'

const SERVER = '/usr/sbin/mariadbd'

export function isMariadbInstalled(): boolean {
  return existsSync(SERVER)
}

export async function startMariadb({ tls, isDurable = false }: TestServerOptions = {}): Promise<TestServer> {
  const folder = makeFolder('mariadb', undefined)
  const user = `--user=${userInfo().username}`
  const dataFolder = `--datadir=${join(folder, 'data')}`
  const ways = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db']
  execFileSync('/usr/bin/mariadb-install-db', [...ways, user, dataFolder], { stdio: 'pipe' })
  const accounts = join(folder, 'accounts.sql')
  writeFileSync(
    accounts,
    `create user if not exists ${USER}@'%' identified by '${PASSWORD}';\ngrant all on *.* to ${USER}@'%' with grant option;\n`,
  )
  const port = await freePort()
  const args = [
    '--no-defaults',
    user,
    dataFolder,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--init-file=${accounts}`,
    ...(isDurable ? [] : ['--innodb-flush-log-at-trx-commit=2', '--innodb-flush-method=nosync', '--sync-frm=off']),
    '--innodb-log-file-size=64M',
    ...(tls === undefined ? [] : [`--ssl-cert=${tls.certificate}`, `--ssl-key=${tls.key}`]),
  ]
  const server = new ChildServer({ command: SERVER, args, readyText: 'ready for connections' }, folder, undefined)
  await server.start()
  return {
    options: localServer('mysql', port),
    firstDatabase: 'mysql',
    process: server,
    stop: async () => {
      await server.kill()
      removeFolder(folder)
    },
  }
}
