// What is wrong with a configuration, and the one error that says so.

import type { Path } from './tree.ts'

/** Something about the value at a path of the document, before anybody has looked where that is. */
export interface DocumentIssue {
  readonly path: Path
  readonly message: string
  /** Whether to point at the key or at what stands behind it. */
  readonly at: 'key' | 'value'
}

/** A finding that an operator can go to. */
export interface SettingsProblem {
  /** A file's path, or the name of an environment variable. */
  readonly source: string
  readonly line: number | undefined
  readonly column: number | undefined
  /** Dotted; empty when the problem is no single option's. */
  readonly path: string
  readonly message: string
}

export function writeSettingsProblem(problem: SettingsProblem): string {
  const place = problem.line === undefined ? problem.source : `${problem.source}:${problem.line}:${problem.column}`
  return [place, problem.path, problem.message].filter((part) => part !== '').join(': ')
}

/** The configuration cannot be used. Carries every problem that was found, in reading order. */
export class SettingsError extends Error {
  readonly problems: readonly SettingsProblem[]

  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(writeSettingsProblem).join('\n'))
    this.name = 'SettingsError'
    this.problems = problems
  }
}

/** Collects what the steps between text and settings notice. */
export class DocumentIssues {
  readonly problems: DocumentIssue[] = []
  readonly warnings: DocumentIssue[] = []

  problem(path: Path, message: string, at: DocumentIssue['at'] = 'value'): void {
    this.problems.push({ path, message, at })
  }

  warning(path: Path, message: string): void {
    this.warnings.push({ path, message, at: 'value' })
  }
}
