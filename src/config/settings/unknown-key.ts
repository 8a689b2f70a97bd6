// What to say about a key that nobody knows: most are a slip of the pen, some are the old name.

import { nearestName } from './nearest-name.ts'

/** What version 2 calls things, for whoever writes it into a version 3 document. */
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
