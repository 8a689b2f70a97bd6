import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import Database from 'better-sqlite3'
import { databasePlan } from '../../../src/config/doctor/database-plan.ts'
import { closeServices, freePort, httpService } from '../../fixtures/answering-services.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-'))
})
afterEach(closeServices)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function examineFile(path: string) {
  return databasePlan({ driver: 'sqlite3', path }).examine()
}

function aServer(port: number) {
  return databasePlan({
    driver: 'postgresql',
    host: '127.0.0.1',
    port,
    user: 'somebody',
    password: 'secret',
    database: 'tracker',
    tls: { mode: 'off', caFile: undefined },
    poolSize: 1,
  })
}

describe('a database in a file', () => {
  it('is ready if it exists, is empty, or can be created', async () => {
    const path = join(folder, 'sqlite3.db')
    const database = new Database(path)
    database.exec('CREATE TABLE other (id INTEGER)')
    database.close()
    writeFileSync(join(folder, 'empty.db'), '')
    for (const file of [path, join(folder, 'empty.db'), join(folder, 'to', 'come.db')]) {
      expect(await examineFile(file)).toEqual({ kind: 'ready' })
    }
  })

  it('is reported if it is another kind of file, or cannot be created', async () => {
    const path = join(folder, 'letter.txt')
    writeFileSync(path, 'Dear Sir or Madam')
    expect(await examineFile(path)).toEqual({ kind: 'foreign', reason: 'the file is not an SQLite database' })
    expect(await examineFile('/proc/sys/sqlite3.db')).toMatchObject({ kind: 'not-writable' })
  })
})

describe('a database server', () => {
  it('is reported if nothing listens there, or another kind of server', async () => {
    const port = await freePort()
    expect(await aServer(port).examine()).toEqual({
      kind: 'unreachable',
      reason: `connect ECONNREFUSED 127.0.0.1:${port}`,
    })
    expect(await aServer(await httpService(() => undefined)).examine()).toMatchObject({ kind: 'unreachable' })
  })

  it('is named without user and password', () => {
    expect(aServer(5432).name).toBe('postgresql tracker on 127.0.0.1:5432')
  })
})
