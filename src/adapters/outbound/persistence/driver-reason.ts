// What a driver says of its errors, for people: its message alone, which holds neither statements nor their values.

import { errorMessage } from '../../../domain/error-message.ts'
import type { DatabaseOptions } from './database-options.ts'

/** Where the driver tried several addresses, what each attempt said. Without the password. */
export function driverReason(error: unknown, options: DatabaseOptions): string {
  const causes = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [error]
  const text = causes.map(errorMessage).join('; ')
  const secret = options.driver === 'sqlite3' ? '' : options.password
  return secret === '' ? text : text.replaceAll(secret, '***')
}
