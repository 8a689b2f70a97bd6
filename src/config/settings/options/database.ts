// [core.database]: a file or a server. Which options belong to which, build-database.ts knows from the groups here.

import * as v from 'valibot'
import { oneOf, text, wholeNumber } from '../schema-types.ts'
import { derivedOption, fileOption, option, optionWithoutDefault } from './option.ts'

export const DATABASE_PORTS = { mysql: 3306, postgresql: 5432 } as const

export const databaseDriverOptions = {
  driver: derivedOption({
    schema: oneOf('sqlite3', 'mysql', 'postgresql'),
    defaultInWords: '`sqlite3`, or that of the `url`',
    meaning: '`mysql` is for MariaDB as well',
    isTorrusts: true,
  }),
}

/** Of SQLite. With the default data directory it is where Torrust has it. */
export const databaseFileOptions = {
  path: fileOption({
    schema: text('must be the path of a file'),
    default: 'database/sqlite3.db',
    meaning: 'file, for `sqlite3` only, which has no other option; made when it is not there',
    isTorrusts: true,
  }),
}

/** A server's place and account; all but the port must be given, here or in the URL. */
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
    meaning: 'which of the databases on the server',
    isTorrusts: true,
  }),
}

/** Other places where the above may stand; what is read from them is all that the settings have. */
export const databaseSourceOptions = {
  url: optionWithoutDefault({
    schema: text('must be a URL'),
    meaning: 'secret; `host`, `port`, `user`, `password`, `database` and TLS in one text, see below',
    isSecret: true,
  }),
  password_file: optionWithoutDefault({
    schema: text('must be the path of a file'),
    meaning: 'file with the password on its one line, instead of `password`; read at start',
  }),
}

export const databaseTlsOptions = {
  tls: option({
    schema: oneOf('off', 'require', 'verify'),
    member: 'mode',
    default: 'off',
    meaning:
      '`require`: encrypted, but the server is not checked; `verify`: only with a server whose certificate is valid for `host`',
  }),
  tls_ca_file: optionWithoutDefault({
    schema: text('must be the path of a PEM file'),
    member: 'caFile',
    defaultInWords: "the system's authorities",
    meaning: 'PEM file of the authorities that are trusted; only with `verify`',
  }),
}

export const databasePoolOptions = {
  pool_size: option({ schema: wholeNumber(1, 100), default: 10, meaning: 'connections at most' }),
}
