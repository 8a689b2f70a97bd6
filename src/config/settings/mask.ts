// What must not be shown: tokens and the database's password, wherever they appear.

import { documentSchema } from './document-schema.ts'
import { placedOptions } from './options/schema-entries.ts'
import { isPrefix, type Path } from './tree.ts'

export const MASK = '***'

/** A version 2 document has the password inside the path of a network database, so the path counts too. */
const SECRETS: readonly Path[] = [
  ...placedOptions(documentSchema)
    .filter(({ row }) => row.isSecret)
    .map(({ path }) => path),
  ['core', 'database', 'path'],
]

/** User and password before the host of a URL. Such a text may appear in any option. */
const CREDENTIALS = /:\/\/.*:.*@/s

/** Everything below a secret's path is secret; above it, a value that is not a table may be a misplaced secret. */
function maySecret(path: Path): boolean {
  return SECRETS.some((secret) => isPrefix(secret, path) || isPrefix(path, secret))
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

/** An invalid value for an error message: on one line, short, and masked if it could be a secret. */
export function showValue(path: Path, value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'a table'
  if (maySecret(path) || (typeof value === 'string' && CREDENTIALS.test(value))) return MASK
  return typeof value === 'string'
    ? cut(JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, '?'))
    : String(value)
}
