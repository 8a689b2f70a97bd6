// A secret that stands in a file of its own, as containers and service managers hand them out.

import { showValue } from './mask.ts'
import type { DocumentIssues } from './problems.ts'
import { readNamedFile, type SettingsEnvironment } from './sources.ts'
import type { Path } from './tree.ts'

/** The option that names the file. */
interface SecretOption {
  readonly at: Path
  readonly file: string
}

/** What is wrong with the file's text; undefined when it is one line, which may end like one. */
function problemWith(secret: string): string | undefined {
  if (secret === '') return 'is empty'
  return /[\r\n]/.test(secret) ? 'has more than one line' : undefined
}

/** The file's one line, or undefined with a problem noted that says which file it is and nothing of what is in it. */
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
