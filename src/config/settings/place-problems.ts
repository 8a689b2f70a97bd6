// Finds where each problem can be fixed: in a variable, or on a line of the document. Loaded, with the parser that
// knows lines, only if there are problems.

import { Locator } from './locate.ts'
import type { Override } from './overrides.ts'
import { type DocumentIssue, type SettingsProblem, writeSettingsProblem } from './problems.ts'
import type { DocumentSource } from './sources.ts'
import type { OriginalPaths } from './translate-v2.ts'
import { isPrefix, type Path, showPath } from './tree.ts'

function inReadingOrder(a: SettingsProblem, b: SettingsProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

export function placeProblems(
  issues: readonly DocumentIssue[],
  source: DocumentSource,
  origins: OriginalPaths,
  overrides: readonly Override[],
): SettingsProblem[] {
  const locator = new Locator(source.text)

  const variableFor = (path: Path): string | undefined =>
    overrides.findLast((override) => isPrefix(override.path, path))?.variable ??
    (locator.has(path) ? undefined : overrides.findLast((override) => isPrefix(path, override.path))?.variable)

  const place = ({ path, message, at }: DocumentIssue): SettingsProblem => {
    const original = origins.of(path)
    const shown = { path: showPath(original), message }
    const variable = original.length === 0 ? undefined : variableFor(original)
    if (variable !== undefined) return { source: variable, line: undefined, column: undefined, ...shown }
    const found = locator.find(original, at)
    return { source: source.name, line: found?.line, column: found?.column, ...shown }
  }

  const placed = issues.map(place)
  // A global option of schema 2.0.0 is checked once for each listener that it was copied to.
  const once = new Map(placed.map((problem) => [writeSettingsProblem(problem), problem]))
  return [...once.values()].sort(inReadingOrder)
}
