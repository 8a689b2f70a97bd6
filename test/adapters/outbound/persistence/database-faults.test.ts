import { describe, expect, it } from '@jest/globals'
import { DATABASE_FAULTS, isNobodyThere } from '../../../../src/adapters/outbound/persistence/database-faults.ts'

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
    ['sqlite3', sqlite('SQLITE_CANTOPEN')],
    ['postgresql', postgresql('53100')],
    ['postgresql', postgresql('57P01')],
    ['postgresql', postgresql('57014')],
    ['postgresql', postgresql('25006')],
    ['postgresql', postgresql('40P01')],
    ['postgresql', postgresql('08P01')],
    ['postgresql', postgresql('42P01')],
    ['postgresql', postgresql('42703')],
    ['postgresql', postgresql('42501')],
    ['postgresql', postgresql('42P10')],
    ['postgresql', postgresql('3F000')],
    ['postgresql', postgresql('25P03')],
    ['postgresql', system('ECONNREFUSED')],
    ['postgresql', system('EPIPE')],
    ['postgresql', new Error('Connection terminated unexpectedly')],
    ['mysql', mysql(1021)],
    ['mysql', mysql(1053)],
    ['mysql', mysql(1205)],
    ['mysql', mysql(1290)],
    ['mysql', mysql(3)],
    ['mysql', mysql(28)],
    ['mysql', mysql(1036)],
    ['mysql', mysql(1054)],
    ['mysql', mysql(1142)],
    ['mysql', mysql(1146)],
    ['mysql', mysql(1932)],
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

  it.each([
    ['sqlite3', sqlite('SQLITE_ERROR'), true],
    ['sqlite3', sqlite('SQLITE_FULL'), false],
    ['postgresql', postgresql('42P01'), true],
    ['postgresql', postgresql('42501'), true],
    ['postgresql', postgresql('53100'), false],
    ['postgresql', postgresql('25006'), false],
    ['postgresql', system('42P01'), false],
    ['mysql', mysql(1146), true],
    ['mysql', mysql(1142), true],
    ['mysql', mysql(1021), false],
    ['mysql', mysql(1290), false],
  ] as const)('of tables or of the whole database: %s, %o', (driver, error, isOfTables) => {
    expect(DATABASE_FAULTS[driver].isOfTables(error)).toBe(isOfTables)
  })

  it('goes by codes alone, whatever the text says', () => {
    const texts = ['unsupported startup parameter: statement_timeout', 'not in time', 'terminated', 'timed out']
    for (const text of texts) {
      expect(isNobodyThere(Object.assign(new Error(text), { severity: 'FATAL', code: '08P01' }))).toBe(false)
      expect(isNobodyThere(new Error(text))).toBe(false)
    }
    for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', '57P03', 'PROTOCOL_CONNECTION_LOST']) {
      expect(isNobodyThere(system(code))).toBe(true)
    }
    const closed = Object.assign(new TypeError('The database connection is not open'))
    expect(DATABASE_FAULTS.sqlite3.isUnavailable(closed)).toBe(false)
  })
})
