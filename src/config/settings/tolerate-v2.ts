// Values of a document of schema 2.0.0 that Torrust accepts and the schema does not: they are removed or reduced to the
// maximum, each with a warning. Values that Torrust refuses as well are left for the schema to report.

import { MAX_ANNOUNCE_INTERVAL_SECONDS } from './options/announce-policy.ts'
import { MAX_CLEANUP_INTERVAL_SECONDS } from './options/core.ts'
import { MAX_PEER_TIMEOUT_SECONDS } from './options/tracker-policy.ts'
import type { DocumentIssues } from './problems.ts'
import { isTable, type Path, putAt, type Table, takeAt, valueAt } from './tree.ts'

const UINT32_MAX = 4_294_967_295

interface Tolerated {
  readonly path: Path
  readonly max: number
  /** What Torrust's type holds. */
  readonly torrustMax: number
  /** Whether 0 has a meaning in Muster as well. */
  readonly takesZero: boolean
}

const TOLERATED: readonly Tolerated[] = [
  {
    path: ['core', 'announce_policy', 'interval'],
    max: MAX_ANNOUNCE_INTERVAL_SECONDS,
    torrustMax: UINT32_MAX,
    takesZero: false,
  },
  {
    path: ['core', 'announce_policy', 'interval_min'],
    max: MAX_ANNOUNCE_INTERVAL_SECONDS,
    torrustMax: UINT32_MAX,
    takesZero: false,
  },
  {
    path: ['core', 'tracker_policy', 'max_peer_timeout'],
    max: MAX_PEER_TIMEOUT_SECONDS,
    torrustMax: UINT32_MAX,
    takesZero: false,
  },
  {
    path: ['core', 'inactive_peer_cleanup_interval'],
    max: MAX_CLEANUP_INTERVAL_SECONDS,
    torrustMax: Number.POSITIVE_INFINITY,
    takesZero: true,
  },
]

function isWhole(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value)
}

function tolerateNumber(document: Table, { path, max, torrustMax, takesZero }: Tolerated, issues: DocumentIssues) {
  const value = valueAt(document, path)
  if (value === 0 && !takesZero) {
    takeAt(document, path)
    issues.warning(path, '0 is ignored, and the default is used')
  } else if (isWhole(value) && value > max && value <= torrustMax) {
    putAt(document, path, max)
    issues.warning(path, `${value} is more than is possible; ${max} is used`)
  }
}

/** No request can show one. */
function ignoreEmptyTokens(document: Table, issues: DocumentIssues): void {
  const path: Path = ['http_api', 'access_tokens']
  const tokens = valueAt(document, path)
  if (!isTable(tokens)) return
  for (const [label, token] of Object.entries(tokens)) {
    if (token !== '') continue
    takeAt(tokens, [label])
    issues.warning([...path, label], 'is empty and ignored')
  }
}

/** Changes the document in place. */
export function tolerateV2(document: Table, issues: DocumentIssues): void {
  for (const each of TOLERATED) tolerateNumber(document, each, issues)
  ignoreEmptyTokens(document, issues)
}
