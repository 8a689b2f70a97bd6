// A database server as one URL:
// `postgresql://user:password@host:5432/database?sslmode=verify-full&sslrootcert=/etc/ca.pem`, or the same for MySQL
// with `ssl-mode` and `ssl-ca`. Names and values of TLS parameters are those of the two databases' own clients.

import { nearestName } from './nearest-name.ts'
import { DATABASE_PORTS } from './options/database.ts'
import type { TlsMode } from './settings.ts'

export type NetworkDriver = 'mysql' | 'postgresql'

/** Options of schema 3.0.0 that a URL stands for. */
interface UrlOptions {
  host: string
  port?: number
  user: string
  password?: string
  database: string
  tls?: TlsMode
  tls_ca_file?: string
}

/** The options, or what is wrong with the URL, without the URL itself, which is secret. */
type DatabaseUrl = { readonly options: UrlOptions } | { readonly complaint: string }

interface UrlDialect {
  readonly schemes: readonly string[]
  readonly mode: string
  readonly caFile: string
  readonly modes: Readonly<Record<string, TlsMode>>
}

/** Modes in which encryption is optional are not supported. */
const DIALECTS: Readonly<Record<NetworkDriver, UrlDialect>> = {
  mysql: {
    schemes: ['mysql:', 'mariadb:'],
    mode: 'ssl-mode',
    caFile: 'ssl-ca',
    modes: { DISABLED: 'off', REQUIRED: 'require', VERIFY_CA: 'verify', VERIFY_IDENTITY: 'verify' },
  },
  postgresql: {
    schemes: ['postgresql:', 'postgres:'],
    mode: 'sslmode',
    caFile: 'sslrootcert',
    modes: { disable: 'off', require: 'require', 'verify-ca': 'verify', 'verify-full': 'verify' },
  },
}

/** The driver for a URL's scheme; undefined if the text is not the URL of a database server. */
export function driverOfUrl(url: string): NetworkDriver | undefined {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  return (['mysql', 'postgresql'] as const).find((driver) => DIALECTS[driver].schemes.includes(protocol))
}

function decodeComponent(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

function readServer(url: URL): UrlOptions | undefined {
  // Either an IPv6 address in brackets, or the escaped path of a socket folder.
  const host = decodeComponent(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  const user = decodeComponent(url.username)
  const password = decodeComponent(url.password)
  const database = decodeComponent(url.pathname.slice(1))
  if (!host || !user || password === undefined || !database || url.hash !== '') return undefined
  return {
    host,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    user,
    ...(password === '' ? {} : { password }),
    database,
  }
}

/** A parameter may be the rest of a password with a question mark in it, so only what looks like a name is shown. */
function unknownParameter(name: string, { mode, caFile }: UrlDialect): string {
  if (!/^[a-z][a-z_-]{0,31}$/i.test(name)) return `has an unknown parameter; known are ${mode} and ${caFile}`
  const nearest = nearestName(name, [mode, caFile])
  const hint = nearest === undefined ? `known are ${mode} and ${caFile}` : `did you mean "${nearest}"?`
  return `has the unknown parameter "${name}"${nearest === undefined ? ';' : ','} ${hint}`
}

/** The URL's TLS options, or what is wrong with them. */
function readTlsParameters(
  parameters: URLSearchParams,
  dialect: UrlDialect,
): Pick<UrlOptions, 'tls' | 'tls_ca_file'> | string {
  const { mode, caFile, modes } = dialect
  const unknown = [...parameters.keys()].find((name) => name !== mode && name !== caFile)
  if (unknown !== undefined) return unknownParameter(unknown, dialect)
  const twice = [mode, caFile].find((name) => parameters.getAll(name).length > 1)
  if (twice !== undefined) return `has the parameter ${twice} more than once`
  const [word, file] = [parameters.get(mode), parameters.get(caFile)]
  const known = Object.keys(modes).find((name) => name.toLowerCase() === word?.toLowerCase())
  if (word !== null && known === undefined) return `${mode} must be ${Object.keys(modes).join(' or ')}`
  const tls = known === undefined ? undefined : modes[known]
  if (file !== null && (tls !== 'verify' || file === '')) {
    return `${caFile} must be the path of a file, together with ${mode}=${Object.keys(modes).at(-1)}`
  }
  return { ...(tls === undefined ? {} : { tls }), ...(file === null ? {} : { tls_ca_file: file }) }
}

export function readDatabaseUrl(driver: NetworkDriver, text: string): DatabaseUrl {
  const dialect = DIALECTS[driver]
  const url = driverOfUrl(text) === driver ? new URL(text) : undefined
  const server = url && readServer(url)
  if (url === undefined || server === undefined) {
    const port = DATABASE_PORTS[driver]
    return { complaint: `must be a URL such as "${driver}://user:password@host:${port}/database"` }
  }
  const tls = readTlsParameters(url.searchParams, dialect)
  return typeof tls === 'string' ? { complaint: tls } : { options: { ...server, ...tls } }
}
