// The version of a document, and the four options that one of schema 2.0.0 must set, as for Torrust. There an unknown
// key is only a warning, so without this rule a mistyped `private` would result in an open tracker.

import type { DocumentIssues } from './problems.ts'
import { isTable, type Path, putAt, showPath, type Table, valueAt } from './tree.ts'

export type SchemaVersion = '2.0.0' | '3.0.0'

const VERSION: Path = ['metadata', 'schema_version']

/**
 * The version of the document; if it has none, the one that its options belong to. Undefined if the version is not
 * supported.
 */
export function schemaVersionOf(document: Table, issues: DocumentIssues): SchemaVersion | undefined {
  const version = valueAt(document, VERSION)
  if (version === '2.0.0' || version === '3.0.0') return version
  if (version === undefined || typeof version === 'object') {
    return valueAt(document, ['logging', 'threshold']) === undefined ? '3.0.0' : '2.0.0'
  }
  issues.problem(VERSION, `Unsupported configuration version: ${String(version).slice(0, 40)}; use "3.0.0" or "2.0.0"`)
  return undefined
}

/** Reports missing options and fills in harmless values, so that the rest of the document is still checked. */
export function completeMandatory(document: Table, issues: DocumentIssues): void {
  const options: readonly [Path, unknown][] = [
    [VERSION, '2.0.0'],
    [['logging', 'threshold'], 'info'],
    [['core', 'private'], false],
    [['core', 'listed'], false],
  ]
  for (const [path, harmless] of options) {
    if (valueAt(document, path) !== undefined) continue
    const around = document[String(path[0])]
    if (around !== undefined && !isTable(around)) continue
    putAt(document, path, harmless)
    issues.problem([], `Missing mandatory configuration option. Option path: ${showPath(path)}`)
  }
}
