// Validates a document against the schema and reports all problems, not only the first.

import * as v from 'valibot'
import { documentSchema, type SettingsDocument } from './document-schema.ts'
import { showValue } from './mask.ts'
import type { DocumentIssues } from './problems.ts'
import { copyTree, type Path, takeAt } from './tree.ts'

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

function note(issue: Issue, issues: DocumentIssues): void {
  const path = pathOf(issue)
  if (isMissingKey(issue)) issues.problem(path, issue.message)
  else issues.problem(path, `${issue.message}; got ${showValue(path, issue.input)}`)
}

/**
 * The document as the schema outputs it, or undefined after at least one problem was reported. The schema reports one
 * unknown key of a table at a time, so each is removed from a copy and the rest is validated again.
 */
export function validateDocument(document: unknown, issues: DocumentIssues): SettingsDocument | undefined {
  const rest = copyTree(document)
  let hadUnknown = false
  for (;;) {
    const result = v.safeParse(documentSchema, rest, { abortPipeEarly: true })
    if (result.success) return hadUnknown ? undefined : result.output
    const unknown = result.issues.filter(isUnknownKey)
    for (const issue of unknown) {
      issues.problem(pathOf(issue), issue.message, 'key')
      takeAt(rest, pathOf(issue))
    }
    if (unknown.length === 0) {
      for (const issue of result.issues) note(issue, issues)
      return undefined
    }
    hadUnknown = true
  }
}
