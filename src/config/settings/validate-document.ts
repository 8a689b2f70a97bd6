// Validates a document against the schema and reports all problems, not only the first.

import * as v from 'valibot'
import { documentSchema, type SettingsDocument } from './document-schema.ts'
import type { SchemaVersion } from './mandatory-options.ts'
import { showValue } from './mask.ts'
import type { DocumentIssues } from './problems.ts'
import { copyTree, isTable, type Path, showPath, takeAt } from './tree.ts'
import { unknownKeyOfV2 } from './unknown-key.ts'

type Issue = v.InferIssue<typeof documentSchema>

function pathOf(issue: Issue): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
}

function isUnknownKey(issue: Issue): boolean {
  return issue.type === 'strict_object' && issue.expected === 'never'
}

function isMissingKey(issue: Issue): boolean {
  return issue.type === 'strict_object' && !isUnknownKey(issue)
}

/** Single and double brackets mixed up. */
function bracketProblem({ type, input }: Issue, path: Path): string | undefined {
  const name = showPath(path.filter((key) => typeof key === 'string'))
  if (type === 'array' && path.length === 1 && isTable(input)) {
    return `there can be several: write [[${name}]] above each of them, not [${name}]`
  }
  const isList = Array.isArray(input) && input.length > 0 && input.every(isTable)
  return type === 'custom' && isList ? `there is only one: write [${name}], not [[${name}]]` : undefined
}

function note(issue: Issue, issues: DocumentIssues): void {
  const path = pathOf(issue)
  const bracket = bracketProblem(issue, path)
  if (bracket !== undefined) issues.problem(path, bracket, 'key')
  else if (isMissingKey(issue)) issues.problem(path, issue.message)
  else issues.problem(path, `${issue.message}; got ${showValue(path, issue.input)}`)
}

/**
 * The document as the schema outputs it, or undefined after at least one problem was reported. The schema reports one
 * unknown key of a table at a time, so each is removed from a copy and the rest is validated again.
 * Torrust ignores unknown keys of documents of schema 2.0.0, so there they only cause warnings.
 */
export function validateDocument(
  document: unknown,
  version: SchemaVersion,
  issues: DocumentIssues,
): SettingsDocument | undefined {
  const rest = copyTree(document)
  let isRefused = false
  for (;;) {
    const result = v.safeParse(documentSchema, rest, { abortPipeEarly: true })
    if (result.success) return isRefused ? undefined : result.output
    const unknown = result.issues.filter(isUnknownKey)
    for (const issue of unknown) {
      const path = pathOf(issue)
      if (version === '2.0.0') issues.warning(path, unknownKeyOfV2(path, issue.message))
      else {
        issues.problem(path, issue.message, 'key')
        isRefused = true
      }
      takeAt(rest, path)
    }
    if (unknown.length === 0) {
      for (const issue of result.issues) note(issue, issues)
      return undefined
    }
  }
}
