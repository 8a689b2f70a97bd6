// What is given where a dump, a list or the URL of a database is expected, and has a password in it.

import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER } from '../../inbound/rest/rest-fixture.ts'
import { apiLine, runLine } from '../a-command-line.ts'

afterEach(closeAll)

const CREDENTIALS = 'u:s3cr3t@127.0.0.1:1/db'

describe('the URL of a database', () => {
  it.each(['postgresql', 'postgres', 'mysqls', 'mysql+ssl', 'sqlite3', 'MYSQLX', 'jdbc:mysql'])(
    'of scheme %s is refused, and not shown',
    async (scheme) => {
      const { url } = await listen()
      for (const result of [
        await apiLine(url, MANAGER)(`import unit3d ${scheme}://${CREDENTIALS}`),
        await runLine(['import', 'unit3d'], {
          env: {
            MUSTER_API_URL: url,
            MUSTER_API_TOKEN: MANAGER,
            MUSTER_IMPORT_DATABASE_URL: `${scheme}://${CREDENTIALS}`,
          },
        }),
      ]) {
        expect(result).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining('mysql://') })
        expect(result.err).not.toContain('s3cr3t')
      }
    },
  )

  it.each(['MySQL', 'MARIADB', 'mysql'])('of scheme %s is opened', async (scheme) => {
    const { url } = await listen()
    const { err } = await apiLine(url, MANAGER)(`import unit3d ${scheme}://${CREDENTIALS}`)
    expect(err).toContain('The database at 127.0.0.1 cannot be opened')
    expect(err).not.toContain('s3cr3t')
  })

  it.each(['import list', 'import opentracker', 'import torrents', 'whitelist import'])(
    'is not shown by %s either',
    async (command) => {
      const { url } = await listen()
      const target = command.startsWith('import') ? ' --to whitelist' : ''
      const { exitCode, err } = await apiLine(url, MANAGER)(`${command} mysql://${CREDENTIALS}${target}`)
      expect(exitCode).toBe(1)
      expect(err).toContain('cannot be read (ENOENT)')
      expect(err).not.toContain('s3cr3t')
    },
  )

  it('is not shown by the import of a configuration of chihaya', async () => {
    const { url } = await listen()
    const { err } = await apiLine(url, MANAGER)(`import chihaya mysql://${CREDENTIALS}`)
    expect(err).toContain('cannot be read (ENOENT)')
    expect(err).not.toContain('s3cr3t')
  })
})
