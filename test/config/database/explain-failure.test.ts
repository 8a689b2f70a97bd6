// Settings that send the tracker to a server that cannot serve it: each message says what to write instead.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import type { NetworkOptions } from '../../../src/adapters/outbound/persistence/database-options.ts'
import { openOrExplain } from '../../../src/config/database/explain-failure.ts'
import { overServers } from '../../databases/dialects.ts'
import type { TestServer } from '../../databases/test-server.ts'
import { IGNORED_OUTAGES } from '../../fakes/ignored-outages.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'

const TIMEOUT_MILLISECONDS = 1000
const PORTS = {
  postgresql: 'the port of a PostgreSQL server, usually 5432',
  mysql: 'the port of a MySQL or MariaDB server, usually 3306',
}
const OTHERS = {
  postgresql: `a PostgreSQL server answers there, not MySQL or MariaDB: write driver = "postgresql" (postgresql:// in a url), or ${PORTS.mysql}`,
  mysql: `a MySQL or MariaDB server answers there, not PostgreSQL: write driver = "mysql" (mysql:// in a url), or ${PORTS.postgresql}`,
}

async function failure(options: NetworkOptions) {
  const dependencies = { clock: new StoppedClock(0), ...IGNORED_OUTAGES }
  const timeoutMilliseconds = TIMEOUT_MILLISECONDS
  const error: unknown = await openOrExplain({ ...options, timeoutMilliseconds }, dependencies).catch(
    (reason) => reason,
  )
  if (!(error instanceof Error) || !('isTransient' in error)) throw new Error('it did not fail')
  return {
    sentence: error.message.replace(/^cannot open the \S+ database \S+ at \S+: /, ''),
    isTransient: error.isTransient,
  }
}

function optionsOf(server: TestServer): NetworkOptions {
  return server.options(server.firstDatabase)
}

overServers(
  'a mistaken setting for a database server',
  () => ({}),
  (server) => {
    it('is explained: no password', async () => {
      expect(await failure({ ...optionsOf(server()), password: '' })).toEqual({
        sentence:
          'the server asks user muster for a password, and none is set: write core.database.password or password_file, or the password in the url',
        isTransient: false,
      })
    })

    it('is explained: the port of the other database', async () => {
      const options = optionsOf(server())
      const other = options.driver === 'mysql' ? 'postgresql' : 'mysql'
      expect(await failure({ ...options, driver: other })).toEqual({
        sentence: OTHERS[options.driver],
        isTransient: false,
      })
    })

    it('is explained: the port of an HTTP server', async () => {
      const http = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
      await once(http, 'listening')
      const { port } = http.address() as AddressInfo
      const { driver } = optionsOf(server())
      const names = { mysql: 'MySQL or MariaDB', postgresql: 'PostgreSQL' }
      expect(await failure({ ...optionsOf(server()), port })).toEqual({
        sentence: `an HTTP server answers there, not ${names[driver]}: write ${PORTS[driver]}`,
        isTransient: false,
      })
      http.closeAllConnections()
      http.close()
    })

    it('is not the reason when the server refuses the password, or does not answer', async () => {
      const wrong = await failure({ ...optionsOf(server()), password: 'wrong' })
      expect(wrong.sentence).not.toContain('none is set')
      server().process?.freeze()
      const frozen = await failure(optionsOf(server()))
      server().process?.thaw()
      expect(frozen).toEqual({ sentence: expect.not.stringContaining('answers there'), isTransient: true })
    })
  },
)
