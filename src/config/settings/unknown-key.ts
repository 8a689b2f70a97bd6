// The message for an unknown key: most are typing errors, some are names of the old schema.

import { nearestName } from './nearest-name.ts'

/** Names of schema version 2 that may appear in a version 3 document. */
const RENAMED: Readonly<Record<string, string>> = {
  threshold: 'trace_filter',
  tsl_config: 'tls_config',
  net: 'network, a table of each listener',
}

export function unknownKey(key: string, known: readonly string[]): string {
  const renamed = Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined
  if (renamed !== undefined) return `unknown key; schema 3.0.0 calls it ${renamed}`
  const nearest = nearestName(key, known)
  if (nearest !== undefined) return `unknown key, did you mean "${nearest}"?`
  return `unknown key; known here: ${known.join(', ')}`
}
