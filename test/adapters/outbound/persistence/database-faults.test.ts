import { describe, expect, it } from '@jest/globals'
import { DATABASE_FAULTS } from '../../../../src/adapters/outbound/persistence/database-faults.ts'

function sqlite(code: string) {
  return Object.assign(new Error(), { name: 'SqliteError', code })
}

function postgresql(code: string) {
  return Object.assign(new Error(), { severity: 'ERROR', code })
}

function mysql(errno: number) {
  return Object.assign(new Error(), { sqlState: 'HY000', errno })
}

function system(code: string) {
  return Object.assign(new Error(), { code })
}

describe('what an error of a database means', () => {
  it.each([
    ['sqlite3', sqlite('SQLITE_BUSY')],
    ['sqlite3', sqlite('SQLITE_FULL')],
    ['sqlite3', sqlite('SQLITE_READONLY_DBMOVED')],
    ['sqlite3', sqlite('SQLITE_IOERR_WRITE')],
    ['postgresql', postgresql('53100')],
    ['postgresql', postgresql('57P01')],
    ['postgresql', postgresql('57014')],
    ['postgresql', postgresql('25006')],
    ['postgresql', postgresql('40P01')],
    ['postgresql', system('ECONNREFUSED')],
    ['postgresql', system('EPIPE')],
    ['postgresql', new Error('Connection terminated unexpectedly')],
    ['mysql', mysql(1021)],
    ['mysql', mysql(1053)],
    ['mysql', mysql(1205)],
    ['mysql', mysql(1290)],
    ['mysql', system('PROTOCOL_CONNECTION_LOST')],
    ['mysql', new Error('Pool is closed.')],
  ] as const)('unavailable: %s, %o', (driver, error) => {
    expect(DATABASE_FAULTS[driver].isUnavailable(error)).toBe(true)
    expect(DATABASE_FAULTS[driver].isDuplicate(error)).toBe(false)
  })

  it.each([
    ['sqlite3', sqlite('SQLITE_ERROR')],
    ['sqlite3', sqlite('SQLITE_CONSTRAINT_NOTNULL')],
    ['sqlite3', new TypeError('our own')],
    ['postgresql', postgresql('42601')],
    ['postgresql', postgresql('23502')],
    ['postgresql', new TypeError('our own')],
    ['mysql', mysql(1064)],
    ['mysql', mysql(1406)],
    ['mysql', new RangeError('our own')],
  ] as const)('a bug of ours: %s, %o', (driver, error) => {
    const { isUnavailable, isDuplicate, isPassing } = DATABASE_FAULTS[driver]
    expect([isUnavailable(error), isDuplicate(error), isPassing(error)]).toEqual([false, false, false])
  })

  it('recognises duplicates and errors worth an immediate retry', () => {
    expect(DATABASE_FAULTS.sqlite3.isDuplicate(sqlite('SQLITE_CONSTRAINT_UNIQUE'))).toBe(true)
    expect(DATABASE_FAULTS.postgresql.isDuplicate(postgresql('23505'))).toBe(true)
    expect(DATABASE_FAULTS.mysql.isDuplicate(mysql(1062))).toBe(true)
    expect(DATABASE_FAULTS.postgresql.isPassing(postgresql('40001'))).toBe(true)
    expect(DATABASE_FAULTS.mysql.isPassing(mysql(1213))).toBe(true)
  })
})
