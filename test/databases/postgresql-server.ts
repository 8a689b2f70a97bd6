// PostgreSQL from Debian's packages, with its files in a temporary folder.

import { execFileSync } from 'node:child_process'
import { chownSync, copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withSmallDisk } from '../fixtures/small-disk.ts'
import { type Account, accountOf, ChildServer, freePort, makeFolder, removeFolder } from './child-server.ts'
import { localServer, PASSWORD, type TestServer, type TestServerOptions, USER } from './test-server.ts'

const PACKAGES = '/usr/lib/postgresql'

/** The newest server's program folder; undefined when none is installed. */
export function postgresqlPrograms(): string | undefined {
  if (!existsSync(PACKAGES)) return undefined
  const versions = readdirSync(PACKAGES).toSorted((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(PACKAGES, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'postgres')))
}

export async function startPostgresql({
  tls,
  isDurable = false,
  smallDiskAt,
}: TestServerOptions = {}): Promise<TestServer> {
  const programs = postgresqlPrograms()
  if (programs === undefined) throw new Error('PostgreSQL is not installed')
  const account = accountOf('postgres')
  const folder = makeFolder('postgresql', account)
  const dataFolder = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, PASSWORD)
  const shape = ['-D', dataFolder, '-U', USER, '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(programs, 'initdb'), [...shape, `--pwfile=${passwordFile}`], {
    cwd: folder,
    stdio: 'pipe',
    ...account,
  })
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'lc_messages=C',
    // Longer than a statement may take: whatever deadlocks fails, instead of being slow by a second each time.
    'deadlock_timeout=1min',
    ...(isDurable ? [] : ['fsync=off', 'full_page_writes=off']),
    ...(tls === undefined ? [] : tlsSettings(tls, folder, account)),
  ]
  const args = ['-D', dataFolder, ...settings.flatMap((setting) => ['-c', setting])]
  const readyText = 'ready to accept connections'
  const command = join(programs, 'postgres')
  const server =
    smallDiskAt === undefined
      ? new ChildServer({ command, args, readyText }, folder, account)
      : new ChildServer({ ...onSmallDisk(smallDiskAt, [command, ...args], account), readyText }, folder, undefined)
  await server.start()
  return {
    options: localServer('postgresql', port),
    firstDatabase: 'postgres',
    process: server,
    stop: async () => {
      await server.stop()
      removeFolder(folder)
    },
  }
}

/** The mount needs root, which the server then gives up. */
function onSmallDisk(path: string, program: readonly string[], account: Account | undefined) {
  if (account === undefined) throw new Error('only root can mount a disk')
  const { uid, gid } = account
  const [command, ...args] = withSmallDisk(path, `size=1m,uid=${uid},gid=${gid},mode=700`)
  return { command, args: [...args, 'setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...program] }
}

/** The server must own its key file. */
function tlsSettings(
  tls: NonNullable<TestServerOptions['tls']>,
  folder: string,
  account: Account | undefined,
): string[] {
  const key = join(folder, 'server.key')
  copyFileSync(tls.key, key)
  if (account !== undefined) chownSync(key, account.uid, account.gid)
  return ['ssl=on', `ssl_cert_file=${tls.certificate}`, `ssl_key_file=${key}`]
}
