// A driver's error as text for the log: only its message, which contains neither statements nor their values.

import { errorMessage } from '../../../domain/error-message.ts'
import type { DatabaseOptions } from './database-options.ts'

/** If the driver tried several addresses, the message of each attempt. Without the password. */
export function driverReason(error: unknown, options: DatabaseOptions): string {
  const causes = error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [error]
  const text = causes.map(errorMessage).join('; ')
  const secret = options.driver === 'sqlite3' ? '' : options.password
  return secret === '' ? text : text.replaceAll(secret, '***')
}
