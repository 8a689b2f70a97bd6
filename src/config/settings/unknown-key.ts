// The message for an unknown key: most are typing errors, some are names of the old schema.

import { nearestName } from './nearest-name.ts'
import type { Path } from './tree.ts'

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

/** Names of schema 2.0.0 that its translation takes out of these tables, so that the schema does not know them. */
const OLD_NAMES: Readonly<Record<string, readonly string[]>> = {
  logging: ['threshold'],
  core: ['net'],
  udp_trackers: ['ipv6_v6only', 'max_connection_id_errors_per_ip'],
  http_trackers: ['ipv6_v6only', 'tsl_config'],
  http_api: ['tsl_config'],
}

/** For a key of a document of schema 2.0.0: `message`, unless an old name is nearest. */
export function unknownKeyOfV2(path: Path, message: string): string {
  const table = path.slice(0, -1).filter((key) => typeof key === 'string')
  const nearest = nearestName(String(path.at(-1)), OLD_NAMES[table.join('.')] ?? [])
  return `ignored: ${nearest === undefined ? message : `unknown key, did you mean "${nearest}"?`}`
}
