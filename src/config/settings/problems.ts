// Problems of a configuration, and the error that carries them.

import type { Path } from './tree.ts'

/** An issue with the value at a path of the document, before its line is looked up. */
export interface DocumentIssue {
  readonly path: Path
  readonly message: string
  /** Whether to point at the key or at its value. */
  readonly at: 'key' | 'value'
}

/** A problem with the place where it can be fixed. */
export interface SettingsProblem {
  /** A file's path, or the name of an environment variable. */
  readonly source: string
  readonly line: number | undefined
  readonly column: number | undefined
  /** Dotted; empty if the problem does not belong to a single option. */
  readonly path: string
  readonly message: string
}

export function writeSettingsProblem(problem: SettingsProblem): string {
  const place = problem.line === undefined ? problem.source : `${problem.source}:${problem.line}:${problem.column}`
  return [place, problem.path, problem.message].filter((part) => part !== '').join(': ')
}

/** The configuration cannot be used. Has all problems, in reading order. */
export class SettingsError extends Error {
  readonly problems: readonly SettingsProblem[]

  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(writeSettingsProblem).join('\n'))
    this.name = 'SettingsError'
    this.problems = problems
  }
}

/** Collects problems and warnings on the way from text to settings. */
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
