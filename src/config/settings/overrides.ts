// Single options from the environment: MUSTER_CONFIG_OVERRIDE_CORE__DATABASE__DRIVER=mysql, or the same with the prefix
// TORRUST_TRACKER_. Two underscores separate levels; a number selects an element of an array of tables.

import { parse, TomlError } from 'smol-toml'
import type { DocumentIssues } from './problems.ts'
import { copyTree, isTable, type Path, putAt, type Table, valueAt } from './tree.ts'

export interface Override {
  readonly variable: string
  readonly path: Path
  /** The text parsed as TOML, or the text itself. */
  readonly value: unknown
  readonly text: string
}

/** Later ones win, so our own prefix comes last. */
const PREFIXES = ['TORRUST_TRACKER_CONFIG_OVERRIDE_', 'MUSTER_CONFIG_OVERRIDE_'] as const

/** `true`, `120` and `["10.0.0.0/8"]` are read as in a document; anything that is not a single TOML value is text. */
function readValue(text: string): unknown {
  try {
    const document = parse(`value = ${text}`, { integersAsBigInt: 'asNeeded', unsafeKeyBehaviour: 'throw' })
    return Object.keys(document).length === 1 ? copyTree(document['value']) : text
  } catch (error) {
    if (error instanceof TomlError) return text
    throw error
  }
}

function readPath(name: string): Path {
  return name
    .toLowerCase()
    .split('__')
    .map((key) => (/^\d{1,4}$/.test(key) ? Number(key) : key))
}

/** In the order in which they apply: a whole table before an option in it. */
export function readOverrides(env: Readonly<Record<string, string | undefined>>): Override[] {
  const overrides: Override[] = []
  for (const prefix of PREFIXES) {
    const found = Object.entries(env)
      .filter(([variable]) => variable.startsWith(prefix))
      .map(([variable, text = '']) => ({
        variable,
        path: readPath(variable.slice(prefix.length)),
        value: readValue(text),
        text,
      }))
    overrides.push(...found.sort((a, b) => a.path.length - b.path.length || (a.variable < b.variable ? -1 : 1)))
  }
  return overrides
}

/** Keys that are digits are labels, not positions, where the document has or gets a table. */
function asLabels(root: Table, path: Path): Path {
  return path.map((key, index) => {
    if (typeof key === 'string') return key
    const parent = valueAt(root, path.slice(0, index))
    return isTable(parent) || index === 0 ? String(key) : key
  })
}

/** Applies overrides to the document and returns them with their actual paths there. */
export function applyOverrides(document: Table, overrides: readonly Override[], issues: DocumentIssues): Override[] {
  return overrides.map((override) => {
    const path = asLabels(document, override.path)
    if (path.includes('')) issues.problem(path, 'is not an option: separate levels with exactly two underscores')
    else if (!putAt(document, path, override.value)) issues.problem(path, 'no such place in the document')
    return { ...override, path }
  })
}
