// [core.database]: a file or a server. The groups here tell build-database.ts which options belong to which.

import * as v from 'valibot'
import { oneOf, text, wholeNumber } from '../schema-types.ts'
import { derivedOption, fileOption, option, optionWithoutDefault } from './option.ts'

export const DATABASE_PORTS = { mysql: 3306, postgresql: 5432 } as const

export const databaseDriverOptions = {
  driver: derivedOption({
    schema: v.pipe(
      oneOf('sqlite3', 'mysql', 'mariadb', 'postgresql'),
      v.transform((driver) => (driver === 'mariadb' ? 'mysql' : driver)),
    ),
    defaultInWords: '`sqlite3`, or that of the `url`',
    meaning: '`mysql` and `mariadb` are the same',
    isTorrusts: true,
  }),
}

/** Of SQLite. With the default data directory it is where Torrust stores it. */
export const databaseFileOptions = {
  path: fileOption({
    schema: text('must be the path of a file'),
    default: 'database/sqlite3.db',
    meaning: 'file, for `sqlite3` only, which has no other option; created if missing',
    isTorrusts: true,
  }),
}

/** A server's address and account; all but the port are required, here or in the URL. */
export const databaseServerOptions = {
  host: derivedOption({
    schema: text('must be the name or address of a host'),
    defaultInWords: '',
    meaning: 'server, for `mysql` and `postgresql`',
    isTorrusts: true,
  }),
  port: derivedOption({
    schema: wholeNumber(1, 65_535),
    defaultInWords: `${DATABASE_PORTS.mysql} or ${DATABASE_PORTS.postgresql}`,
    meaning: 'its TCP port',
    isTorrusts: true,
  }),
  user: derivedOption({
    schema: text('must be the name of a user'),
    defaultInWords: '',
    meaning: 'the account on the server',
    isTorrusts: true,
  }),
  password: derivedOption({
    schema: v.string('must be text'),
    defaultInWords: '',
    meaning: 'secret',
    isTorrusts: true,
    isSecret: true,
  }),
  database: derivedOption({
    schema: text('must be the name of a database'),
    defaultInWords: '',
    meaning: 'name of the database on the server',
    isTorrusts: true,
  }),
}

/** Other sources of the above; the settings hold only what is read from them. */
export const databaseSourceOptions = {
  url: optionWithoutDefault({
    schema: text('must be a URL'),
    meaning: 'secret; `host`, `port`, `user`, `password`, `database` and TLS in one URL, see below',
    isSecret: true,
  }),
  password_file: optionWithoutDefault({
    schema: text('must be the path of a file'),
    meaning: 'file with the password as its only line, instead of `password`; read at start',
  }),
}

export const databaseTlsOptions = {
  tls: option({
    schema: oneOf('off', 'require', 'verify'),
    member: 'mode',
    default: 'off',
    meaning:
      '`require`: encrypted, but the server is not verified; `verify`: the server needs a certificate that is valid for `host`',
  }),
  tls_ca_file: optionWithoutDefault({
    schema: text('must be the path of a PEM file'),
    member: 'caFile',
    defaultInWords: "the system's authorities",
    meaning: 'PEM file of trusted authorities; only with `verify`',
  }),
}

export const databasePoolOptions = {
  pool_size: option({ schema: wholeNumber(1, 100), default: 10, meaning: 'maximum number of connections' }),
}
