// YAML as its consumers read it: one or several documents per file, with the parser's warnings treated as errors.

import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

export function readYaml(path: string): unknown[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { strict: true, uniqueKeys: true, merge: false }).map(
    (document) => {
      const [problem] = [...document.errors, ...document.warnings]
      if (problem !== undefined) throw new Error(`${path}: ${problem.message}`)
      return document.toJS()
    },
  )
}

/** The value at `path` in `tree`, such as `['services', 'tracker', 'image']`; undefined if it does not exist. */
export function at(tree: unknown, ...path: readonly (string | number)[]): unknown {
  let here = tree
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Object.entries(here).find(([key]) => key === String(step))?.[1]
  }
  return here
}

/** Names of the entries of the table at `path`. */
export function namesAt(tree: unknown, ...path: readonly (string | number)[]): string[] {
  const table = at(tree, ...path)
  return typeof table === 'object' && table !== null ? Object.keys(table).sort() : []
}
