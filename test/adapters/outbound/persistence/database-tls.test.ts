import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import type { TlsOptions } from '../../../../src/adapters/outbound/persistence/database-options.ts'
import { openDatabase } from '../../../../src/adapters/outbound/persistence/open-database.ts'
import { makeCertificates } from '../../../databases/certificates.ts'
import { makeFolder, removeFolder } from '../../../databases/child-server.ts'
import { overServers } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'
import { IGNORED_OUTAGES } from '../../../fakes/ignored-outages.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'

const folder = makeFolder('certificates', undefined)
const { authority, ...tls } = makeCertificates(folder, 'DNS:localhost')
afterAll(() => removeFolder(folder))

overServers(
  'TLS towards a database',
  () => ({ tls }),
  (server) => {
    const NAME = 'encrypted'
    const open = async (host: string, tlsOptions: TlsOptions): Promise<void> => {
      const options = { ...server().options(NAME), host, tls: tlsOptions }
      const database = await openDatabase(options, { clock: new StoppedClock(0), ...IGNORED_OUTAGES })
      await database.ping()
      await database.close()
    }

    it('checks the certificate and the host name in mode verify', async () => {
      const plain = server().options(server().firstDatabase)
      await runSql(plain, `create database ${NAME}`, `create database other`)
      // From here on TLS is required.
      await runSql(plain, ...demandingTls(plain.driver))
      await open('localhost', { mode: 'verify', caFile: authority })
      await expect(open('localhost', { mode: 'verify' })).rejects.toThrow(/certificate/)
      await expect(open('127.0.0.1', { mode: 'verify', caFile: authority })).rejects.toThrow(/cert|name|IP/i)
    })

    it('accepts any certificate in mode require', async () => {
      await open('127.0.0.1', { mode: 'require' })
      await expect(open('127.0.0.1', { mode: 'off' })).rejects.toMatchObject({ name: 'CannotOpen' })
    })

    it('names an authority file that cannot be read', async () => {
      const caFile = '/nowhere/ca.pem'
      await expect(open('localhost', { mode: 'verify', caFile })).rejects.toThrow(/\/nowhere\/ca\.pem/)
    })

    it('rejects an empty authority file, instead of trusting the authorities of Node', async () => {
      const caFile = join(folder, 'empty.pem')
      writeFileSync(caFile, '')
      await expect(open('localhost', { mode: 'verify', caFile })).rejects.toThrow(`${caFile} is empty`)
    })
  },
)

function demandingTls(driver: string): string[] {
  return driver === 'mysql'
    ? ['set global require_secure_transport = on']
    : [
        `do $$ begin
          execute format('copy (select ''hostssl all all 127.0.0.1/32 scram-sha-256'') to %L', current_setting('hba_file'));
          perform pg_reload_conf();
        end $$`,
      ]
}
