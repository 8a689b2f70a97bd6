// Reads a secret from a file of its own, as containers and service managers provide them.

import { showValue } from './mask.ts'
import type { DocumentIssues } from './problems.ts'
import { readNamedFile, type SettingsEnvironment } from './sources.ts'
import type { Path } from './tree.ts'

/** The option that names the file. */
interface SecretOption {
  readonly at: Path
  readonly file: string
}

/** What is wrong with the file's text; undefined if it is one line, with or without a line end. */
function problemWith(secret: string): string | undefined {
  if (secret === '') return 'is empty'
  return /[\r\n]/.test(secret) ? 'has more than one line' : undefined
}

/** The file's single line, or undefined after reporting a problem that names the file but shows none of its content. */
export function readSecretFile(
  { at, file }: SecretOption,
  readFile: SettingsEnvironment['readFile'],
  issues: DocumentIssues,
): string | undefined {
  const read = readNamedFile(file, readFile)
  const secret = 'text' in read ? read.text.replace(/\r?\n$/, '') : ''
  const complaint = 'text' in read ? problemWith(secret) : `cannot be read: ${read.reason}`
  if (complaint === undefined) return secret
  issues.problem(at, `${showValue(at, file)} ${complaint}`)
  return undefined
}
