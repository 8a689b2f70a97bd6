import { describe, expect, it } from '@jest/globals'
import { driverOfUrl, type NetworkDriver, readDatabaseUrl } from '../../../src/config/settings/database-url.ts'

function read(url: string) {
  return readDatabaseUrl(driverOfUrl(url) ?? 'postgresql', url)
}

function tlsOf(parameters: string, driver: NetworkDriver = 'postgresql') {
  return readDatabaseUrl(driver, `${driver}://u:hunter2@h/d?${parameters}`)
}

describe('the URL of a database', () => {
  it.each([
    ['mysql://root@localhost/x', 'mysql', { host: 'localhost', user: 'root', database: 'x' }],
    ['mariadb://u:p@h:1/x', 'mysql', { host: 'h', port: 1, user: 'u', password: 'p', database: 'x' }],
    ['postgres://u:p@h/x', 'postgresql', { host: 'h', user: 'u', password: 'p', database: 'x' }],
    ['postgresql://u@%2Fvar%2Frun/x', 'postgresql', { host: '/var/run', user: 'u', database: 'x' }],
    [
      'postgresql://a%40b:p%2F%3A%23@[2001:db8::1]:5433/my%20db',
      'postgresql',
      { host: '2001:db8::1', port: 5433, user: 'a@b', password: 'p/:#', database: 'my db' },
    ],
  ])('is read as host, account and database: %s', (url, driver, options) => {
    expect(driverOfUrl(url)).toBe(driver)
    expect(read(url)).toEqual({ options })
  })

  it.each([
    '',
    'sqlite3.db',
    'http://u:p@h/x',
    'postgresql:/u:p@h/x',
    'postgresql://h/x',
    'postgresql://u:p@h',
    'postgresql://u:p@h/',
    'postgresql://u:p@/x',
    'postgresql://u:p@h:port/x',
    'postgresql://u:%zz@h/x',
    'postgresql://u:p@h/x#y',
  ])('is none: %j', (url) => {
    expect(read(url)).toEqual({
      complaint: 'must be a URL such as "postgresql://user:password@host:5432/database"',
    })
  })

  it.each([
    ['sslmode=disable', { tls: 'off' }],
    ['sslmode=require', { tls: 'require' }],
    ['sslmode=verify-ca', { tls: 'verify' }],
    ['sslmode=verify-full&sslrootcert=%2Fca%20x.pem', { tls: 'verify', tls_ca_file: '/ca x.pem' }],
  ])('says how PostgreSQL is spoken to: %s', (parameters, options) => {
    expect(tlsOf(parameters)).toMatchObject({ options })
  })

  it.each([
    ['ssl-mode=DISABLED', { tls: 'off' }],
    ['ssl-mode=required', { tls: 'require' }],
    ['ssl-mode=VERIFY_CA', { tls: 'verify' }],
    ['ssl-ca=/ca.pem&ssl-mode=VERIFY_IDENTITY', { tls: 'verify', tls_ca_file: '/ca.pem' }],
  ])('says how MySQL is spoken to: %s', (parameters, options) => {
    expect(tlsOf(parameters, 'mysql')).toMatchObject({ options })
  })

  it.each([
    ['sslmod=require', 'has the unknown parameter "sslmod", did you mean "sslmode"?'],
    ['connect_timeout=5', 'has the unknown parameter "connect_timeout"; known are sslmode and sslrootcert'],
    ['hunter2@h/d', 'has an unknown parameter; known are sslmode and sslrootcert'],
    ['sslmode=require&sslmode=disable', 'has the parameter sslmode more than once'],
    ['sslmode=prefer', 'sslmode must be disable or require or verify-ca or verify-full'],
    ['sslmode=', 'sslmode must be disable or require or verify-ca or verify-full'],
    ['sslrootcert=/ca', 'sslrootcert must be the path of a file, together with sslmode=verify-full'],
    ['sslmode=require&sslrootcert=/ca', 'sslrootcert must be the path of a file, together with sslmode=verify-full'],
    ['sslmode=verify-full&sslrootcert=', 'sslrootcert must be the path of a file, together with sslmode=verify-full'],
  ])('is refused with parameters that mean nothing: %s', (parameters, complaint) => {
    expect(tlsOf(parameters)).toEqual({ complaint })
  })

  it('does not accept the parameters of the other database', () => {
    expect(tlsOf('ssl-mode=REQUIRED')).toMatchObject({ complaint: expect.stringContaining('unknown parameter') })
    expect(tlsOf('sslmode=require', 'mysql')).toMatchObject({ complaint: expect.stringContaining('"ssl-mode"?') })
  })
})
