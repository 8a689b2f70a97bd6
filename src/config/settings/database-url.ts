// The database of a version 2 document: one text that is a file's path, or a URL with everything in it.

import type { Table } from './tree.ts'

const decode = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

const SCHEMES = { mysql: ['mysql:'], postgresql: ['postgresql:', 'postgres:'] } as const

/** The options of schema 3.0.0 that `mysql://user:password@host:3306/database` stands for; undefined when it is no such URL. */
export const readDatabaseUrl = (driver: 'mysql' | 'postgresql', url: string): Table | undefined => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !SCHEMES[driver].some((scheme) => scheme === parsed.protocol)) return undefined
  const user = decode(parsed.username)
  const password = decode(parsed.password)
  const database = decode(parsed.pathname.slice(1))
  if (!user || password === undefined || !database || parsed.hostname === '') return undefined
  const port = parsed.port === '' ? {} : { port: Number(parsed.port) }
  return { host: parsed.hostname, ...port, user, password, database }
}
