// What a driver says of its errors, for people: its message alone, which holds neither statements nor their values.

import type { DatabaseOptions } from './database-options.ts'

/** Where the driver tried several addresses, what each attempt said. Without the password. */
export function reasonOf(error: unknown, options: DatabaseOptions): string {
  const causes = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [error]
  const text = causes.map(messageOf).join('; ')
  const secret = options.driver === 'sqlite3' ? '' : options.password
  return secret === '' ? text : text.replaceAll(secret, '***')
}

/** By its shape: the addon of SQLite remembers the error class of whoever loaded it first. */
function messageOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error
  return hasMessage && typeof error.message === 'string' && error.message !== '' ? error.message : String(error)
}
